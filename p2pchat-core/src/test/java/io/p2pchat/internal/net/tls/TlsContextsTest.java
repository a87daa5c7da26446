package io.p2pchat.internal.net.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.p2pchat.NodeSettings;
import io.p2pchat.internal.security.NodeIdentity;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TlsContextsTest {
  private final TlsContexts tls =
      new TlsContexts(NodeIdentity.generate(), Runnable::run, NodeSettings.DEFAULTS);
  private final List<SSLEngine> engines = new ArrayList<>();
  private final EmbeddedChannel channel =
      new EmbeddedChannel() {
        @Override
        protected SocketAddress remoteAddress0() {
          return new InetSocketAddress("10.0.0.1", 7000);
        }
      };

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  private SSLEngine engine() {
    channel.runScheduledPendingTasks();
    assertThat(engines).hasSize(1);
    return engines.get(0);
  }

  private static void assertCommon(SSLEngine engine) {
    SSLParameters parameters = engine.getSSLParameters();
    assertThat(parameters.getProtocols()).containsExactly("TLSv1.3");
    assertThat(parameters.getCipherSuites())
        .containsExactly("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384");
    assertThat(parameters.getApplicationProtocols()).containsExactly("p2pc/1");
    assertThat(parameters.getEndpointIdentificationAlgorithm()).isNull();
    assertThat(parameters.getAlgorithmConstraints()).isInstanceOf(FastKeyAgreement.class);
    assertThat(engine.getPeerHost()).as("with it, Java could resume a session").isNull();
  }

  @Test
  void acceptedConnectionDemandsTheCertificateOfThePeer() {
    tls.accepting(channel, begun -> engines.add(begun.handler().engine()), () -> {});
    SSLEngine engine = engine();
    assertCommon(engine);
    assertThat(engine.getUseClientMode()).isFalse();
    assertThat(engine.getNeedClientAuth()).isTrue();
  }

  @Test
  void dialedConnectionOffersTheSame() {
    tls.dialing(channel, null, begun -> engines.add(begun.handler().engine()));
    SSLEngine engine = engine();
    assertCommon(engine);
    assertThat(engine.getUseClientMode()).isTrue();
  }

  @Test
  void dialedConnectionToACertainKeyOffersTheSame() {
    tls.dialing(channel, key -> true, begun -> engines.add(begun.handler().engine()));
    SSLEngine engine = engine();
    assertCommon(engine);
    assertThat(engine.getUseClientMode()).isTrue();
  }
}
