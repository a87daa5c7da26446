package io.p2pchat.node;

import static io.p2pchat.testing.Eventually.eventually;
import static io.p2pchat.testing.Eventually.failure;
import static io.p2pchat.testing.Eventually.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.p2pchat.Delivery;
import io.p2pchat.Fingerprint;
import io.p2pchat.NodeSettings;
import io.p2pchat.PeerEvent.PeerRefused;
import io.p2pchat.PeerVerifier;
import io.p2pchat.Security;
import io.p2pchat.Trust;
import io.p2pchat.TrustException;
import io.p2pchat.TrustException.Reason;
import io.p2pchat.testing.peers.BarePeer;
import io.p2pchat.testing.peers.BareSession;
import io.p2pchat.testing.peers.BareTls;
import io.p2pchat.testing.peers.TestNode;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** An application's own key, and its own decision about the keys of peers. */
class OwnTrustTest {
  private static final KeyPair ONE = ec("secp256r1");
  private static final KeyPair TWO = ec("secp256r1");

  private static KeyPair ec(String curve) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(curve));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Fingerprint fingerprint(KeyPair keys) {
    return Fingerprint.of(keys.getPublic());
  }

  private static TestNode start(String team, KeyPair keys, PeerVerifier verifier) {
    return start(team, keys, verifier, NodeSettings.DEFAULTS);
  }

  private static TestNode start(
      String team, KeyPair keys, PeerVerifier verifier, NodeSettings settings) {
    Security security = Security.required().with(Trust.of(keys, verifier));
    return TestNode.start(team, builder -> builder.security(security).settings(settings));
  }

  @Test
  void applicationIsAskedAboutEachPeerOnBothSides() {
    List<String> asked = Collections.synchronizedList(new ArrayList<>());
    try (TestNode one =
            start("One", ONE, (team, at, key) -> asked.add(team + " " + at + " " + key));
        TestNode two =
            start("Two", TWO, (team, at, key) -> asked.add(team + " " + at + " " + key))) {
      assertThat(result(one.send(two, "hi"))).isEqualTo(Delivery.ACKNOWLEDGED);
      assertThat(asked)
          .containsExactlyInAnyOrder(
              "Two 127.0.0.1:" + two.port() + " " + fingerprint(TWO),
              "One 127.0.0.1:" + one.port() + " " + fingerprint(ONE));
      assertThat(one.node().fingerprint()).contains(fingerprint(ONE));
      assertThat(two.log().messages().get(0).peer().fingerprint()).contains(fingerprint(ONE));
    }
  }

  @Test
  void dialedPeerThatTheApplicationDoesNotTrustGetsNothing() {
    try (TestNode one = start("One", ONE, (team, at, key) -> false);
        TestNode two = start("Two", TWO, (team, at, key) -> true)) {
      assertRefused(failure(one.send(two, "secret")), fingerprint(TWO), Reason.UNKNOWN, false);
      assertThat(one.log().awaitFirst(PeerRefused.class).peer().teamName()).isEqualTo("Two");
      assertThat(two.log().messages()).isEmpty();
    }
  }

  @Test
  void dialerThatTheApplicationDoesNotTrustIsToldSo() {
    try (TestNode one = start("One", ONE, (team, at, key) -> true);
        TestNode two = start("Two", TWO, (team, at, key) -> false)) {
      assertRefused(failure(one.send(two, "secret")), fingerprint(ONE), Reason.UNKNOWN, true);
      PeerRefused refused = two.log().awaitFirst(PeerRefused.class);
      assertRefused(refused.reason(), fingerprint(ONE), Reason.UNKNOWN, false);
      assertThat(two.log().messages()).isEmpty();
    }
  }

  @Test
  void failureOfTheApplicationIsARefusal() {
    try (TestNode one = start("One", ONE, (team, at, key) -> true);
        TestNode two =
            start(
                "Two",
                TWO,
                (team, at, key) -> {
                  throw new IllegalStateException("as the test wants it");
                })) {
      assertRefused(failure(one.send(two, "secret")), fingerprint(ONE), Reason.UNKNOWN, true);
      assertThat(two.log().awaitFirst(PeerRefused.class).reason())
          .hasMessageContaining("as the test wants it");
    }
  }

  private static void assertRefused(
      Throwable failure, Fingerprint presented, Reason reason, boolean byPeer) {
    assertThat(failure)
        .isInstanceOfSatisfying(
            TrustException.class,
            e -> {
              assertThat(e.refusal().presented()).contains(presented);
              assertThat(e.refusal().reason()).isEqualTo(reason);
              assertThat(e.refusal().byPeer()).isEqualTo(byPeer);
              assertThat(e).hasMessageContaining(presented.toString());
            });
  }

  @Test
  void ownKeyIsNotTemporary() {
    try (BarePeer peer = BarePeer.open();
        TestNode one = start("One", ONE, (team, at, key) -> true)) {
      CompletableFuture<Delivery> sent = one.node().send(peer.address(), "hi");
      BareSession session = peer.acceptAndSecure(BareTls.anybody());
      assertThat(session.read()).startsWith("HELLO:1|").doesNotContain("KEY:");
      session.say("BYE:trust");
      assertThat(failure(sent)).isInstanceOf(TrustException.class);
    }
  }

  /** The application waits for something that does not come. */
  @Test
  void closingDoesNotWaitForTheApplication() {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    List<Throwable> interrupted = Collections.synchronizedList(new ArrayList<>());
    try (BarePeer peer = BarePeer.open()) {
      TestNode one =
          start(
              "One",
              ONE,
              (team, at, key) -> {
                asked.countDown();
                try {
                  never.await();
                } catch (InterruptedException e) {
                  interrupted.add(e);
                }
                return true;
              },
              TestNode.notGreeting().build());
      List<BareSession> sessions = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        sessions.add(peer.dial(one, BareTls.anybody()).say(peer.hello()));
      }
      eventually(() -> assertThat(asked.getCount()).isZero());
      one.close();
      // Only the one that was asked about; the others are forgotten.
      eventually(() -> assertThat(interrupted).hasSize(1));
      sessions.forEach(BareSession::awaitEnd);
    }
  }

  @Test
  void ownKeyOfAnotherKindIsRefused() throws GeneralSecurityException {
    KeyPairGenerator small = KeyPairGenerator.getInstance("RSA");
    small.initialize(1024);
    KeyPair rsa = small.generateKeyPair();
    KeyPair mixed = new KeyPair(ONE.getPublic(), TWO.getPrivate());
    for (KeyPair keys : List.of(rsa, ec("secp384r1"), mixed)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> start("One", keys, (team, at, key) -> true))
          .withMessageContaining("EC P-256")
          .withNoCause();
    }
  }

  @Test
  void ownTrustShowsNoKeyAndKnowsNoneToBeStrictWith() {
    Trust trust = Trust.of(ONE, (team, at, key) -> true);
    assertThat(trust).hasToString("of(a key pair, a verifier)");
    assertThat(trust.keyPair()).contains(ONE);
    assertThat(trust.verifier()).isPresent();
    assertThat(trust.directory()).isEmpty();
    assertThatIllegalStateException().isThrownBy(trust::strict);
  }
}
