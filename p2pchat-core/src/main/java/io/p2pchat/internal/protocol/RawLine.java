package io.p2pchat.internal.protocol;

/**
 * A line that is not a chat line.
 *
 * @param text the line as received
 */
public record RawLine(String text) implements Message {}
