package io.p2pchat.node;

import static io.p2pchat.testing.Eventually.failure;
import static io.p2pchat.testing.Eventually.result;
import static io.p2pchat.testing.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.NodeClosedException;
import io.p2pchat.NodeSettings;
import io.p2pchat.OutboundQueueFullException;
import io.p2pchat.PeerAddress;
import io.p2pchat.testing.peers.BarePeer;
import io.p2pchat.testing.peers.BareSession;
import io.p2pchat.testing.peers.Gate;
import io.p2pchat.testing.peers.OneReadPeer;
import io.p2pchat.testing.peers.TestNode;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a sender may go on. */
class WhenWritableTest {
  /** So many events fill the queue: each counts 256 bytes. */
  private static final int EVENTS = 4;

  private final Gate gate = new Gate();
  private final BarePeer peer = BarePeer.open();
  private final TestNode node =
      TestNode.start("One", builder -> builder.settings(settings()).listener(gate));

  private static NodeSettings settings() {
    return TestNode.plain().inboundBytesPerSource(1024).outboundLinesPerPeer(4).build();
  }

  @AfterEach
  void stop() {
    gate.open();
    peer.close();
    node.close();
  }

  @Test
  void waitsForAListenerThatIsBehindWithTheEventsOfOwnSends() throws IOException {
    fallBehind();
    CompletableFuture<Void> writable = node.node().whenWritable(peer.address());
    assertThat(writable).isNotDone();
    gate.open();
    result(writable);
    until("an idle listener", () -> node.node().metrics().inboundBytes() == 0);
    assertThat(node.node().whenWritable(peer.address())).isCompleted();
  }

  @Test
  void failsWithTheNodeWhenTheListenerStaysBehind() throws IOException {
    fallBehind();
    CompletableFuture<Void> writable = node.node().whenWritable(peer.address());
    node.close();
    assertThat(failure(writable)).isInstanceOf(NodeClosedException.class);
    assertThat(failure(node.node().whenWritable(peer.address())))
        .isInstanceOf(NodeClosedException.class);
  }

  /** Causes events that the listener does not take, until sends are refused. */
  private void fallBehind() throws IOException {
    for (int i = 0; i < EVENTS; i++) {
      try (OneReadPeer python = new OneReadPeer("Python")) {
        result(node.node().send(python.address(), "x"));
      }
    }
    assertThat(failure(node.node().send(peer.address(), "x")))
        .isInstanceOf(OutboundQueueFullException.class);
  }

  @Test
  void isDoneAtOnceForANameWithRoomAndLaterForOneWithout() {
    PeerAddress name = new PeerAddress("localhost", peer.address().port());
    BareSession session = peer.open(node).connection();
    assertThat(node.node().whenWritable(name)).isCompleted();
    for (int i = 0; i < 4; i++) {
      node.node().send(name, "" + i);
    }
    session.readTo(node.line("3"));
    CompletableFuture<Void> writable = node.node().whenWritable(name);
    assertThat(writable).isNotDone();
    session.say("ACK:4");
    result(writable);
    until("room", () -> node.node().whenWritable(name).isDone());
  }
}
