/**
 * Bytes to lines to messages and back: the frame codec, the chat line, the control lines and the
 * reserved texts. Only the frame codec knows Netty.
 */
@NullMarked
package io.p2pchat.internal.protocol;

import org.jspecify.annotations.NullMarked;
