package io.p2pchat.internal.net.tls;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import io.p2pchat.Fingerprint;
import io.p2pchat.NodeSettings;
import io.p2pchat.internal.security.NodeIdentity;
import io.p2pchat.internal.security.SelfSignedTrustManager;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Predicate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * TLS 1.3 between two nodes (PROTOCOL.md section 7). Both present a certificate, and prove only
 * that they hold its key. May be loaded on any thread, then is used on the event loop.
 */
public final class TlsContexts {
  private static final String VERSION = "TLSv1.3";
  private static final String[] CIPHERS = {"TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384"};
  private static final String PROTOCOL = "p2pc/1";

  /** The limits on handshakes of accepted connections, in progress and waiting. */
  private static final int MOST_HANDSHAKES = 1024;

  private static final int MOST_WAITING = 4096;

  /** TLS session resumption gains nothing: a node's connections are few and long. */
  private static final int REMEMBERED_HANDSHAKES = 1;

  private final NodeIdentity identity;
  private final SSLContext anyPeer;
  private final TlsHandshakeLimiter handshakes;
  private final DialedHandshakes dialed = new DialedHandshakes();
  private final Duration timeout;

  /**
   * Loads TLS, which is slow the first time.
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
    this.anyPeer = context(new SelfSignedTrustManager());
  }

  private SSLContext context(SelfSignedTrustManager trust) {
    try {
      SSLContext context = SSLContext.getInstance(VERSION);
      context.init(
          new KeyManager[] {new NodeKeyManager(identity)}, new TrustManager[] {trust}, null);
      context.getServerSessionContext().setSessionCacheSize(REMEMBERED_HANDSHAKES);
      context.getClientSessionContext().setSessionCacheSize(REMEMBERED_HANDSHAKES);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no TLS 1.3", e);
    }
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
          TlsHandlers end = end(anyPeer, channel, ip, false);
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
          TlsHandlers end = end(context(wanted), channel, ip, true);
          begin.accept(end);
          return end;
        });
  }

  /** Java knows the trust of a context, not of a connection. A context costs 0.1 ms. */
  private SSLContext context(@Nullable Predicate<Fingerprint> wanted) {
    return wanted == null ? anyPeer : context(SelfSignedTrustManager.wanting(wanted));
  }

  private TlsHandlers end(SSLContext context, Channel channel, InetAddress ip, boolean dialed) {
    TlsHandshakeLimiter.Work work = handshakes.work(channel, ip, dialed);
    SslHandler handler = new SslHandler(engine(context, dialed), false, work);
    // TlsHandshakeHandler and TlsClose have timeouts of their own.
    handler.setHandshakeTimeoutMillis(0);
    handler.setCloseNotifyFlushTimeoutMillis(0);
    return new TlsHandlers(handler, work, timeout);
  }

  /**
   * Not by Netty's SslContext: the first one reads all authorities that Java trusts, and writes and
   * reads a key store. That takes longer than the handshake. Peers have no names that a certificate
   * could prove, so none is checked.
   */
  private static SSLEngine engine(SSLContext context, boolean dialed) {
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(dialed);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setProtocols(new String[] {VERSION});
    parameters.setCipherSuites(CIPHERS);
    parameters.setNeedClientAuth(!dialed);
    parameters.setApplicationProtocols(new String[] {PROTOCOL});
    parameters.setAlgorithmConstraints(new FastKeyAgreement());
    engine.setSSLParameters(parameters);
    return engine;
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
    SSLEngine engine = handler.engine();
    if (!PROTOCOL.equals(engine.getApplicationProtocol())) {
      throw new SSLPeerUnverifiedException("it does not speak " + PROTOCOL);
    }
    return Fingerprint.of(engine.getSession().getPeerCertificates()[0].getPublicKey());
  }
}
