package io.p2pchat.cli.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Fingerprint;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerEvent.MessageFailed;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class FailedMessagesTest {
  private final List<String> lines = new ArrayList<>();
  private final Queue<Runnable> due = new ArrayDeque<>();
  private final FailedMessages failed =
      new FailedMessages(new PeerNames(List::of), lines::add, nanos -> due::add);

  private void fail(String team, int messages) {
    Peer peer =
        Peer.builder(new PeerAddress("192.0.2.1", 7001))
            .teamName(team)
            .fingerprint(Fingerprint.parse(String.format("%064x", team.hashCode())))
            .build();
    for (int i = 0; i < messages; i++) {
      failed.failed(MessageFailed.of(peer, "id", new IllegalStateException(), Instant.EPOCH));
    }
  }

  private String next() {
    due.remove().run();
    assertThat(due).isEmpty();
    return lines.get(lines.size() - 1);
  }

  @Test
  void oneLineCountsAll() {
    fail("Bob", 1);
    assertThat(next()).isEqualTo("1 earlier message to Bob was not delivered: see /history");
    fail("Bob", 5000);
    assertThat(next()).isEqualTo("5000 earlier messages to Bob were not delivered: see /history");
  }

  @Test
  void oneLineNamesAFewPeers() {
    fail("Bob", 2);
    fail("Carol", 1);
    assertThat(next())
        .isEqualTo("3 earlier messages were not delivered, to Bob (2) and Carol (1): see /history");
    for (int i = 0; i < 50; i++) {
      fail("P" + i, 1);
    }
    assertThat(next())
        .startsWith("50 earlier messages were not delivered, to P0 (1), ")
        .endsWith("others: see /history");
  }
}
