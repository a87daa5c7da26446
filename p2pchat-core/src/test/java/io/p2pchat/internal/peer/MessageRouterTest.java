package io.p2pchat.internal.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Fingerprint;
import io.p2pchat.NodeSettings;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.TooManyPeersException;
import io.p2pchat.internal.net.plain.PlainDial;
import io.p2pchat.internal.protocol.EncodedText;
import io.p2pchat.internal.session.SendFuture;
import io.p2pchat.testing.Eventually;
import io.p2pchat.testing.Fingerprints;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What is asked or refused leaves no endpoint behind. */
class MessageRouterTest {
  private static final Fingerprint KEY = Fingerprints.random(new Random(1));
  private static final PeerAddress ADDRESS = new PeerAddress("10.0.0.2", 7000);

  private final DialBench bench =
      new DialBench(NodeSettings.DEFAULTS, (team, address, fingerprint) -> true);

  private static Peer peer(PeerAddress address) {
    return Peer.builder(address).fingerprint(KEY).build();
  }

  private boolean isEmpty() {
    AtomicBoolean empty = new AtomicBoolean();
    bench.loop.runTasks();
    bench.table.whenEmpty(() -> true, () -> empty.set(true));
    return empty.get();
  }

  @Test
  void askingWhetherAPeerIsWritableCreatesNoEndpoint() {
    assertThat(bench.router.whenWritable(peer(ADDRESS))).isCompleted();
    assertThat(isEmpty()).isTrue();
  }

  /** What waits there is for somebody else. */
  @Test
  void endpointAtTheAddressOfAPeerWithAKeyIsNotAsked() {
    String text = "x".repeat(40_000);
    for (CompletableFuture<Void> full = bench.router.whenWritable(ADDRESS);
        full.isDone();
        full = bench.router.whenWritable(ADDRESS)) {
      bench.send(ADDRESS, text);
    }
    assertThat(bench.router.whenWritable(peer(ADDRESS))).isCompleted();
  }

  @Test
  void connectForWhichTheListsHaveNoRoomLeavesNoEndpoint() {
    for (int i = 0; i < 10; i++) {
      bench.send(new PeerAddress("10.0.1." + i, 7000), "connection message");
    }
    for (int i = 0; i < 10; i++) {
      bench.loop.runTasks();
      PlainDial dial = Objects.requireNonNull(bench.dials.remove().outcome().plain(false));
      assertThat(dial.beforeWrite().getAsBoolean()).isTrue();
      dial.done().accept(null);
    }
    assertThat(isEmpty()).isTrue();
    SendFuture sent = bench.router.send(peer(ADDRESS), EncodedText.of("connection message"));
    assertThat(Eventually.failure(sent)).isInstanceOf(TooManyPeersException.class);
    assertThat(isEmpty()).isTrue();
  }
}
