package io.p2pchat.internal.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.p2pchat.Fingerprint;
import io.p2pchat.testing.peers.BareTls;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.time.Instant;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Our certificates and trust manager in the JDK's own TLS, without sockets. */
class TlsHandshakeTest {
  private static final int ROUNDS = 100;

  @Test
  void bothSidesProveTheirKeys() throws Exception {
    NodeIdentity dialer = NodeIdentity.generate();
    NodeIdentity acceptor = NodeIdentity.generate();
    SSLEngine client = engine(dialer, true);
    SSLEngine server = engine(acceptor, false);
    shakeHands(client, server);
    assertThat(client.getSession().getProtocol()).isEqualTo("TLSv1.3");
    assertThat(client.getApplicationProtocol()).isEqualTo("p2pc/1");
    assertThat(peer(client)).isEqualTo(acceptor.fingerprint());
    assertThat(peer(server)).isEqualTo(dialer.fingerprint());
  }

  @Test
  void aClockThatIsDecadesOffDoesNotMatter() throws Exception {
    NodeIdentity dialer = NodeIdentity.generate(Instant.parse("1970-01-03T00:00:00Z"));
    NodeIdentity acceptor = NodeIdentity.generate(Instant.parse("2100-01-01T00:00:00Z"));
    SSLEngine client = engine(dialer, true);
    SSLEngine server = engine(acceptor, false);
    shakeHands(client, server);
    assertThat(peer(client)).isEqualTo(acceptor.fingerprint());
    assertThat(peer(server)).isEqualTo(dialer.fingerprint());
  }

  @Test
  void aDialerWithoutACertificateIsRefused() throws Exception {
    SSLEngine client = engine(null, true);
    SSLEngine server = engine(NodeIdentity.generate(), false);
    assertThatExceptionOfType(SSLException.class).isThrownBy(() -> shakeHands(client, server));
  }

  private static Fingerprint peer(SSLEngine engine) throws SSLException {
    Certificate[] chain = engine.getSession().getPeerCertificates();
    return Fingerprint.of(chain[0].getPublicKey());
  }

  private static SSLEngine engine(@Nullable NodeIdentity identity, boolean client) {
    SSLEngine engine = BareTls.context(identity).createSSLEngine("192.168.1.20", 7070);
    engine.setUseClientMode(client);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setProtocols(new String[] {"TLSv1.3"});
    parameters.setApplicationProtocols(new String[] {"p2pc/1"});
    parameters.setEndpointIdentificationAlgorithm(null);
    parameters.setNeedClientAuth(!client);
    engine.setSSLParameters(parameters);
    return engine;
  }

  private static void shakeHands(SSLEngine client, SSLEngine server)
      throws SSLException, GeneralSecurityException {
    ByteBuffer toServer = ByteBuffer.allocate(64 * 1024);
    ByteBuffer toClient = ByteBuffer.allocate(64 * 1024);
    client.beginHandshake();
    server.beginHandshake();
    for (int i = 0; i < ROUNDS; i++) {
      step(client, toClient, toServer);
      step(server, toServer, toClient);
    }
    assertThat(client.getHandshakeStatus())
        .isEqualTo(SSLEngineResult.HandshakeStatus.NOT_HANDSHAKING);
    assertThat(server.getHandshakeStatus())
        .isEqualTo(SSLEngineResult.HandshakeStatus.NOT_HANDSHAKING);
  }

  private static void step(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
    ByteBuffer text = ByteBuffer.allocate(64 * 1024);
    switch (engine.getHandshakeStatus()) {
      case NEED_WRAP -> engine.wrap(ByteBuffer.allocate(0), out);
      case NEED_TASK -> engine.getDelegatedTask().run();
      default -> {
        in.flip();
        engine.unwrap(in, text);
        in.compact();
      }
    }
  }
}
