package io.p2pchat.internal.net.tls;

import io.netty.handler.ssl.SslHandler;
import java.time.Duration;

/**
 * One end of an encrypted connection.
 *
 * @param handler does TLS
 * @param work what is computed for its handshake
 * @param timeout how long the handshake may take
 */
public record TlsHandlers(SslHandler handler, TlsHandshakeLimiter.Work work, Duration timeout) {}
