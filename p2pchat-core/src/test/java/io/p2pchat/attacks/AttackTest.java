package io.p2pchat.attacks;

import static io.p2pchat.testing.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Delivery;
import io.p2pchat.PeerAddress;
import io.p2pchat.Security;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * While a node is attacked, messages of others still get through, and when it is over nothing is
 * left. Here the attacks are small and the time is generous; {@link Attacks} has them in earnest.
 */
@Isolated("it measures the heap, and how long an attacked node takes")
class AttackTest {
  private final AttackScene scene;

  AttackTest(TestReporter reporter) {
    this.scene = new AttackScene(reporter, Security.opportunistic());
  }

  @AfterEach
  void stop() {
    scene.close();
  }

  @Test
  void halfOpenConnections() throws IOException {
    scene.withstand("half-open");
  }

  /** Begun, not renewed: how soon one gives way is a matter of speed. */
  @Test
  void moreHalfOpenConnectionsThanThereMayBe() throws IOException {
    try (Attack attack = Crowd.left(new AttackDialer(scene.victim.port(), 100), 500, new byte[0])) {
      assertThat(attack.progress()).isEqualTo(500);
      scene.assertServed();
      assertThat(scene.victim.metrics().plainConnections()).isLessThan(400);
    }
    scene.assertNothingIsLeft();
  }

  @Test
  void tlsHandshakesBegunAndLeft() throws IOException {
    scene.withstandHandshakesLeft();
  }

  /** Each would cost the node far more than the attacker; one that is gone costs nothing. */
  @Test
  void wholeClientHellosAndResets() throws IOException {
    scene.withstand("tls-whole");
  }

  @Test
  void aByteASecond() throws IOException {
    scene.withstand("slow");
  }

  @Test
  void lineWithoutEndAtLevel0() throws IOException {
    scene.withstand("long-line");
    assertThat(scene.victim.metrics().violations()).isPositive();
  }

  @Test
  void lineWithoutEndInASession() throws IOException {
    scene.withstand("long-line-in-session");
    assertThat(scene.victim.metrics().violations()).isPositive();
  }

  @Test
  void peerThatAsksIsOwedMuchAndNeverReads() throws IOException {
    AttackKind unread = AttackKind.named("unread");
    try (Attack attack = unread.beginLight(scene.victim.port())) {
      until("full swing", () -> attack.progress() >= unread.lightProgress());
      PeerAddress attacker = new PeerAddress("127.1.1.1", 1);
      CompletableFuture<Delivery> sent;
      do {
        sent = scene.victim.send(attacker, "x".repeat(60_000));
      } while (!sent.isCompletedExceptionally());
      scene.assertServed();
      assertThat(scene.victim.metrics().outboundBytes()).isLessThan(9L * 1024 * 1024);
    }
    scene.assertNothingIsLeft();
  }

  @Test
  void floodOfPing() throws IOException {
    scene.withstand("ping");
  }

  @Test
  void floodOfTinyLinesAtLevel0() throws IOException {
    scene.withstand("tiny-lines");
  }

  @Test
  void floodOfTinyLinesAndResets() throws IOException {
    scene.withstand("tiny-lines-and-reset");
  }

  @Test
  void floodOfTinyLinesInSessions() throws IOException {
    scene.withstand("tiny-lines-in-sessions");
  }

  @Test
  void floodOfHello() throws IOException {
    scene.withstand("hello");
  }

  @Test
  void floodOfConnectsFromOneAddress() throws IOException {
    scene.withstand("connects");
  }
}
