package io.p2pchat.internal.transport;

import io.netty.handler.ssl.SslHandler;
import java.time.Duration;

/**
 * One end of an encrypted connection.
 *
 * @param handler does TLS
 * @param work what is computed for its handshake
 * @param timeout how long the handshake may take
 */
record TlsEnd(SslHandler handler, Handshakes.Work work, Duration timeout) {}
