/**
 * Parses and formats the wire protocol: chat lines, control lines and reserved texts. Pure Java.
 */
@NullMarked
package io.p2pchat.internal.protocol;

import org.jspecify.annotations.NullMarked;
