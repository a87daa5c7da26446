/**
 * Parses and formats the wire protocol: frames, chat lines, control lines and reserved texts. Only
 * the frame codec uses Netty.
 */
@NullMarked
package io.p2pchat.internal.protocol;

import org.jspecify.annotations.NullMarked;
