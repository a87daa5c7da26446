package io.p2pchat.internal.protocol;

/** A parsed line. {@link ChatLine#parse} and {@link ControlLineParser} parse lines. */
public interface Message {}
