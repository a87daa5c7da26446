package io.p2pchat.node;

import static io.p2pchat.testing.Eventually.until;
import static io.p2pchat.testing.peers.BareConnection.dial;
import static io.p2pchat.testing.peers.BareConnection.line;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.NodeSettings;
import io.p2pchat.PeerEvent.MessageReceived;
import io.p2pchat.PeerNode;
import io.p2pchat.testing.peers.BareConnection;
import io.p2pchat.testing.peers.TestNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Many connections, each with very many very short lines, and a listener that stops taking. */
@Isolated("it measures the heap")
class FloodTest {
  private static final int CONNECTIONS = 40;
  private static final int LINES_EACH = 32_768;

  /** Far more than may wait by the settings, for what is read but not yet cut into lines. */
  private static final long BOUND_BYTES = 64L * 1024 * 1024;

  private final Semaphore allowed = new Semaphore(0);
  private final AtomicInteger taken = new AtomicInteger();
  private final List<BareConnection> connections = new ArrayList<>();

  @AfterEach
  void close() {
    connections.forEach(BareConnection::close);
  }

  @Test
  void doesNotFillTheHeap() {
    NodeSettings settings = TestNode.notGreeting().closeTimeout(Duration.ofMinutes(1)).build();
    try (PeerNode node =
        PeerNode.builder().teamName("One").settings(settings).onMessage(this::take).start()) {
      assertThat(bytesThatAFloodTakes(node)).isLessThan(BOUND_BYTES);
      int all = 4 * CONNECTIONS + CONNECTIONS * LINES_EACH + 2;
      until("every line", () -> taken.get() == all);
    }
  }

  private long bytesThatAFloodTakes(PeerNode node) {
    try {
      writeLongLinesSoThatReadsBecomeLarge(node);
      long before = usedBytes();
      connections.forEach(connection -> connection.write("x\n".repeat(LINES_EACH)));
      letTheReadingGoOnAndStopAgain(node);
      return usedBytes() - before;
    } finally {
      allowed.release(Integer.MAX_VALUE / 2);
    }
  }

  private void writeLongLinesSoThatReadsBecomeLarge(PeerNode node) {
    for (int i = 0; i < CONNECTIONS; i++) {
      connections.add(dial(node.port()));
      connections.get(i).write(("x".repeat(60_000) + "\n").repeat(4));
    }
    allowed.release(4 * CONNECTIONS);
    until("the long lines", () -> taken.get() == 4 * CONNECTIONS);
  }

  private void letTheReadingGoOnAndStopAgain(PeerNode node) {
    awaitOneFrom("127.0.0.2", node);
    allowed.release(LINES_EACH - 100);
    until("the listener", () -> allowed.availablePermits() == 0);
    awaitOneFrom("127.0.0.3", node);
  }

  private void take(MessageReceived message) {
    allowed.acquireUninterruptibly();
    taken.incrementAndGet();
  }

  /** Another source is still read, and so the node is done with what was ready before. */
  private static void awaitOneFrom(String address, PeerNode node) {
    try (BareConnection elsewhere = dial(address, "127.0.0.1", node.port())) {
      elsewhere.write(line(2000, "B", "from elsewhere")).endOutput();
      assertThat(elsewhere.readToEnd()).isEmpty();
    }
  }

  private static long usedBytes() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
