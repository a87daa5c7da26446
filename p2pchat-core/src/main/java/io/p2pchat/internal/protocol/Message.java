package io.p2pchat.internal.protocol;

/** What a line means. {@link ChatLine#parse} and {@link ControlLineParser} read lines. */
public interface Message {}
