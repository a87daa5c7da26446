/** Tests of the keeper of messages. */
@NullMarked
package io.p2pchat.internal.keep;

import org.jspecify.annotations.NullMarked;
