package io.p2pchat.attacks;

import static io.p2pchat.testing.BareConnection.dial;
import static io.p2pchat.testing.BareConnection.line;
import static io.p2pchat.testing.Eventually.result;
import static io.p2pchat.testing.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Delivery;
import io.p2pchat.NodeMetrics;
import io.p2pchat.NodeSettings;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNode;
import io.p2pchat.testing.BareConnection;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/**
 * While a node is attacked, messages of others still get through, and when it is over nothing is
 * left. Here the attacks are small and the time is generous; {@link Attacks} has them in earnest.
 */
class AttackTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final long MOST_BYTES_MORE = 48L * 1024 * 1024;
  private static final NodeSettings SETTINGS =
      NodeSettings.builder()
          .maxConnections(400)
          .sessionTimeout(Duration.ofSeconds(1))
          .firstFrameTimeout(Duration.ofMillis(500))
          .build();

  private static final NodeSettings PATIENT =
      NodeSettings.builder().greetingTimeout(Duration.ofMinutes(1)).build();

  private final TestReporter reporter;
  private final PeerNode calm =
      PeerNode.builder().teamName("Calm").bindAddress("127.0.0.3").start();
  private final PeerNode victim =
      PeerNode.builder()
          .teamName("Victim")
          .bindAddress("127.0.0.1")
          .settings(SETTINGS)
          .onMessage(message -> {})
          .start();

  AttackTest(TestReporter reporter) {
    this.reporter = reporter;
  }

  @BeforeEach
  void talkBefore() {
    assertThat(result(send(calm))).isEqualTo(Delivery.ACKNOWLEDGED);
  }

  @AfterEach
  void stop() {
    calm.close();
    victim.close();
  }

  @Test
  void halfOpenConnections() throws IOException {
    withstand("half-open");
  }

  /** Begun, not renewed: how soon one gives way is a matter of speed. */
  @Test
  void moreHalfOpenConnectionsThanThereMayBe() throws IOException {
    try (Attack attack = Crowd.left(new Dialer(victim.port(), 100), 500, new byte[0])) {
      assertThat(attack.progress()).isEqualTo(500);
      assertServed();
      assertThat(victim.metrics().plainConnections()).isLessThan(400);
    }
    assertNothingIsLeft();
  }

  @Test
  void tlsHandshakesBegunAndLeft() throws IOException {
    AttackKind tls = AttackKind.named("tls");
    try (Attack attack = tls.beginLight(victim.port())) {
      assertThat(attack.progress()).isEqualTo(tls.lightProgress());
      assertServed();
      // By the node: the attacker keeps them.
      assertNothingIsLeft();
      assertThat(victim.metrics().messagesReceived()).isEqualTo(5);
    }
  }

  /** Each would cost the node far more than the attacker; one that is gone costs nothing. */
  @Test
  void wholeClientHellosAndResets() throws IOException {
    withstand("tls-whole");
  }

  @Test
  void aByteASecond() throws IOException {
    withstand("slow");
  }

  @Test
  void lineWithoutEndAtLevel0() throws IOException {
    withstand("long-line");
    assertThat(victim.metrics().violations()).isPositive();
  }

  @Test
  void lineWithoutEndInASession() throws IOException {
    withstand("long-line-in-session");
    assertThat(victim.metrics().violations()).isPositive();
  }

  @Test
  void peerThatAsksIsOwedMuchAndNeverReads() throws IOException {
    AttackKind unread = AttackKind.named("unread");
    try (Attack attack = unread.beginLight(victim.port())) {
      until("full swing", () -> attack.progress() >= unread.lightProgress());
      PeerAddress attacker = new PeerAddress("127.1.1.1", 1);
      CompletableFuture<Delivery> sent;
      do {
        sent = victim.send(attacker, "x".repeat(60_000));
      } while (!sent.isCompletedExceptionally());
      assertServed();
      assertThat(victim.metrics().outboundBytes()).isLessThan(9L * 1024 * 1024);
    }
    assertNothingIsLeft();
  }

  @Test
  void floodOfPing() throws IOException {
    withstand("ping");
  }

  @Test
  void floodOfTinyLinesAtLevel0() throws IOException {
    withstand("tiny-lines");
  }

  @Test
  void floodOfTinyLinesAndResets() throws IOException {
    withstand("tiny-lines-and-reset");
  }

  @Test
  void floodOfTinyLinesInSessions() throws IOException {
    withstand("tiny-lines-in-sessions");
  }

  @Test
  void floodOfHello() throws IOException {
    withstand("hello");
  }

  @Test
  void floodOfConnectsFromOneAddress() throws IOException {
    withstand("connects");
  }

  private void withstand(String name) throws IOException {
    AttackKind kind = AttackKind.named(name);
    long before = usedBytes();
    try (Attack attack = kind.beginLight(victim.port())) {
      until("full swing", () -> attack.progress() >= kind.lightProgress());
      assertServed();
    }
    assertNothingIsLeft();
    assertThat(usedBytes() - before).isLessThan(MOST_BYTES_MORE);
  }

  private void assertServed() {
    timed("session", () -> assertThat(result(send(calm))).isEqualTo(Delivery.ACKNOWLEDGED));
    timed("level 0", this::sendPlainly);
    timed("newcomer", this::sendAsNewcomer);
  }

  private CompletableFuture<Delivery> send(PeerNode from) {
    return from.send(new PeerAddress("127.0.0.1", victim.port()), "still there?");
  }

  private void sendPlainly() {
    try (BareConnection connection = dial("127.0.0.4", "127.0.0.1", victim.port())) {
      connection.write(line(4000, "Plain", "still there?")).endOutput();
      assertThat(connection.readToEnd()).isEmpty();
    }
  }

  private void sendAsNewcomer() {
    try (PeerNode newcomer =
        PeerNode.builder()
            .teamName("Newcomer")
            .bindAddress("127.0.0.5")
            .settings(PATIENT)
            .start()) {
      assertThat(result(send(newcomer))).isEqualTo(Delivery.ACKNOWLEDGED);
    }
  }

  private void timed(String what, Runnable message) {
    long start = System.nanoTime();
    message.run();
    Duration taken = Duration.ofNanos(System.nanoTime() - start);
    reporter.publishEntry(what, taken.toMillis() + " ms");
    assertThat(taken).isLessThan(PATIENCE);
  }

  private void assertNothingIsLeft() {
    until(
        "nothing left but one session",
        () -> {
          NodeMetrics now = victim.metrics();
          return now.plainConnections() == 0
              && now.sessionConnections() == 1
              && now.inboundBytes() == 0
              && now.outboundMessages() == 0;
        });
  }

  private static long usedBytes() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
