/**
 * Bytes to lines and back: what ends a frame, and how long it may be. Netty, and nothing of ours.
 */
@NullMarked
package io.p2pchat.internal.frame;

import org.jspecify.annotations.NullMarked;
