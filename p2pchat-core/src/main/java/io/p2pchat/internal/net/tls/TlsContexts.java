package io.p2pchat.internal.net.tls;

import io.netty.channel.Channel;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.p2pchat.Fingerprint;
import io.p2pchat.NodeSettings;
import io.p2pchat.internal.security.NodeIdentity;
import io.p2pchat.internal.security.SelfSignedTrustManager;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Predicate;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * TLS 1.3 between two nodes (PROTOCOL.md section 7). Both present a certificate, and prove only
 * that they hold its key. May be loaded on any thread, then is used on the event loop.
 */
public final class TlsContexts {
  private static final String VERSION = "TLSv1.3";
  private static final String PROTOCOL = "p2pc/1";

  /** The limits on handshakes of accepted connections, in progress and waiting. */
  private static final int MOST_HANDSHAKES = 1024;

  private static final int MOST_WAITING = 4096;

  /** TLS session resumption gains nothing: a node's connections are few and long. */
  private static final int REMEMBERED_HANDSHAKES = 1;

  private final NodeIdentity identity;
  private final SslContext server;
  private final SslContext client;
  private final TlsHandshakeLimiter handshakes;
  private final DialedHandshakes dialed = new DialedHandshakes();
  private final Duration timeout;

  /**
   * Loads the TLS contexts, which is slow the first time.
   *
   * @param identity the identity of this node
   * @param work computes handshakes
   * @param settings the handshake timeout, and the limits for one host
   */
  public TlsContexts(NodeIdentity identity, Executor work, NodeSettings settings) {
    this.identity = identity;
    this.handshakes =
        new TlsHandshakeLimiter(
            work,
            new TlsHandshakeLimiter.Limits(
                MOST_HANDSHAKES,
                settings.maxHandshakesPerIp(),
                MOST_WAITING,
                settings.maxConnectionsPerIp()));
    this.timeout = settings.firstFrameTimeout();
    try {
      this.server =
          common(forServer(identity), new SelfSignedTrustManager())
              .clientAuth(ClientAuth.REQUIRE)
              .build();
      this.client = client(identity, new SelfSignedTrustManager());
    } catch (SSLException e) {
      throw new IllegalStateException("this Java has no TLS 1.3", e);
    }
  }

  private static SslContext client(NodeIdentity identity, SelfSignedTrustManager trust)
      throws SSLException {
    // Peers have no names that a certificate could prove.
    return common(forClient(identity), trust).endpointIdentificationAlgorithm(null).build();
  }

  private static SslContextBuilder forServer(NodeIdentity identity) {
    return SslContextBuilder.forServer(new NodeKeyManager(identity));
  }

  private static SslContextBuilder forClient(NodeIdentity identity) {
    return SslContextBuilder.forClient().keyManager(new NodeKeyManager(identity));
  }

  private static SslContextBuilder common(SslContextBuilder builder, SelfSignedTrustManager trust) {
    return builder
        .sslProvider(SslProvider.JDK)
        .protocols(VERSION)
        .trustManager(trust)
        .sessionCacheSize(REMEMBERED_HANDSHAKES)
        .applicationProtocolConfig(
            new ApplicationProtocolConfig(
                Protocol.ALPN,
                SelectorFailureBehavior.FATAL_ALERT,
                SelectedListenerFailureBehavior.FATAL_ALERT,
                PROTOCOL));
  }

  /**
   * Queues the handshake of an accepted connection until it is its turn.
   *
   * @param begin receives the handlers of the connection, unless it is closed before
   * @param refuse closes the connection, because there is no room to wait, at once or later
   */
  public void accepting(Channel channel, Consumer<TlsHandlers> begin, Runnable refuse) {
    InetAddress ip = ip(channel);
    Runnable turn =
        () -> {
          TlsHandlers end = end(server, channel, ip, false);
          end.handler().handshakeFuture().addListener(ended -> handshakes.end(channel, ip));
          begin.accept(end);
        };
    if (!handshakes.await(channel, ip, turn, refuse)) {
      refuse.run();
    }
  }

  /**
   * Queues the handshake of a dialed connection until it is its turn.
   *
   * @param wanted which keys the peer may have, or null for any; used on the thread of handshakes
   * @param begin receives the handlers of the connection, unless it is closed before
   */
  public void dialing(
      Channel channel, @Nullable Predicate<Fingerprint> wanted, Consumer<TlsHandlers> begin) {
    InetAddress ip = ip(channel);
    dialed.await(
        channel,
        ip,
        () -> {
          TlsHandlers end = end(client(wanted), channel, ip, true);
          begin.accept(end);
          return end;
        });
  }

  /** Java knows the trust of a context, not of a connection. A context costs 0.1 ms. */
  private SslContext client(@Nullable Predicate<Fingerprint> wanted) {
    if (wanted == null) {
      return client;
    }
    try {
      return client(identity, SelfSignedTrustManager.wanting(wanted));
    } catch (SSLException e) {
      throw new IllegalStateException("this Java had TLS 1.3 before", e);
    }
  }

  private TlsHandlers end(SslContext context, Channel channel, InetAddress ip, boolean dialed) {
    TlsHandshakeLimiter.Work work = handshakes.work(channel, ip, dialed);
    SslHandler handler = context.newHandler(channel.alloc(), work);
    // TlsHandshakeHandler and TlsClose have timeouts of their own.
    handler.setHandshakeTimeoutMillis(0);
    handler.setCloseNotifyFlushTimeoutMillis(0);
    SSLParameters parameters = handler.engine().getSSLParameters();
    parameters.setAlgorithmConstraints(new FastKeyAgreement());
    handler.engine().setSSLParameters(parameters);
    return new TlsHandlers(handler, work, timeout);
  }

  private static InetAddress ip(Channel channel) {
    return ((InetSocketAddress) channel.remoteAddress()).getAddress();
  }

  /**
   * Returns the fingerprint of the peer, once the handshake has succeeded.
   *
   * @throws SSLPeerUnverifiedException if its certificate is not of this kind
   */
  static Fingerprint peer(SslHandler handler) throws SSLPeerUnverifiedException {
    if (!PROTOCOL.equals(handler.applicationProtocol())) {
      throw new SSLPeerUnverifiedException("it does not speak " + PROTOCOL);
    }
    return Fingerprint.of(handler.engine().getSession().getPeerCertificates()[0].getPublicKey());
  }
}
