package io.p2pchat.internal.protocol;

/**
 * A line with a key that this version does not know; it is ignored.
 *
 * @param key its first key
 */
public record UnknownLine(String key) implements Message {}
