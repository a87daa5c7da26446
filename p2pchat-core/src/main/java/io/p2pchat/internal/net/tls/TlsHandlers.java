package io.p2pchat.internal.net.tls;

import io.netty.handler.ssl.SslHandler;
import java.time.Duration;

/**
 * The TLS handlers of one connection.
 *
 * @param handler does TLS
 * @param work runs the computations of its handshake
 * @param timeout the handshake timeout
 */
public record TlsHandlers(SslHandler handler, TlsHandshakeLimiter.Work work, Duration timeout) {}
