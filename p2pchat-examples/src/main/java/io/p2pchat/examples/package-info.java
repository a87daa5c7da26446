/** Small programs that use p2pchat, one file each. */
@NullMarked
package io.p2pchat.examples;

import org.jspecify.annotations.NullMarked;
