/** What the tests of every module share. */
@NullMarked
package io.p2pchat.testing;

import org.jspecify.annotations.NullMarked;
