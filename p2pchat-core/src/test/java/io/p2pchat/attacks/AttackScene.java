package io.p2pchat.attacks;

import static io.p2pchat.testing.Eventually.result;
import static io.p2pchat.testing.Eventually.until;
import static io.p2pchat.testing.peers.BareConnection.dial;
import static io.p2pchat.testing.peers.BareConnection.line;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Delivery;
import io.p2pchat.NodeMetrics;
import io.p2pchat.NodeSettings;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNode;
import io.p2pchat.Security;
import io.p2pchat.testing.peers.BareConnection;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.TestReporter;

/** A node with a session that is attacked, and a peer that is not the attacker. */
final class AttackScene implements AutoCloseable {
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

  /** The node that is attacked. */
  final PeerNode victim;

  /** Starts both. */
  AttackScene(TestReporter reporter, Security security) {
    this.reporter = reporter;
    this.victim =
        PeerNode.builder()
            .teamName("Victim")
            .bindAddress("127.0.0.1")
            .settings(SETTINGS)
            .security(security)
            .onMessage(message -> {})
            .start();
    assertThat(result(send(calm))).isEqualTo(Delivery.ACKNOWLEDGED);
  }

  @Override
  public void close() {
    calm.close();
    victim.close();
  }

  /** Attacks the node, and sees to it that others are served and that nothing is left. */
  void withstand(String name) throws IOException {
    AttackKind kind = AttackKind.named(name);
    long before = usedBytes();
    try (Attack attack = kind.beginLight(victim.port())) {
      until("full swing", () -> attack.progress() >= kind.lightProgress());
      assertServed();
    }
    assertNothingIsLeft();
    assertThat(usedBytes() - before).isLessThan(MOST_BYTES_MORE);
  }

  /** The same, and what is left of handshakes is gone while the attacker keeps them. */
  void withstandHandshakesLeft() throws IOException {
    AttackKind tls = AttackKind.named("tls");
    try (Attack attack = tls.beginLight(victim.port())) {
      assertThat(attack.progress()).isEqualTo(tls.lightProgress());
      assertServed();
      // By the node: the attacker keeps them.
      assertNothingIsLeft();
      assertThat(victim.metrics().messagesReceived()).isEqualTo(5);
    }
  }

  /** A peer in a session, a program of the plain format and a newcomer are served. */
  void assertServed() {
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

  /** What the attack has made is gone. */
  void assertNothingIsLeft() {
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
