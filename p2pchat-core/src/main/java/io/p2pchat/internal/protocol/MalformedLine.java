package io.p2pchat.internal.protocol;

/**
 * A line with a known key and a wrong or missing field; it breaks the protocol.
 *
 * @param problem what is wrong
 */
public record MalformedLine(String problem) implements Message {}
