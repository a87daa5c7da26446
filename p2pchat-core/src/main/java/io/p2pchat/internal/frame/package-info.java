/** Bytes of level 0 to lines and back. */
@NullMarked
package io.p2pchat.internal.frame;

import org.jspecify.annotations.NullMarked;
