package io.p2pchat.testing.peers;

import io.p2pchat.Delivery;
import io.p2pchat.NodeSettings;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNode;
import io.p2pchat.PeerNodeBuilder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/**
 * A node on a free port, with a log of its events.
 *
 * @param node the node
 * @param log its events
 */
public record TestNode(PeerNode node, EventLog log) implements AutoCloseable {

  /** Settings of a node that dials as if all others were programs of the plain format. */
  public static NodeSettings.Builder plain() {
    return NodeSettings.builder().greetingTimeout(Duration.ofMillis(1));
  }

  /** Settings of a node that does not greet those who dial it, however slow they are. */
  public static NodeSettings.Builder notGreeting() {
    return NodeSettings.builder().greetingDelay(Duration.ofHours(1));
  }

  /** Settings of a node that never greets, and waits for a greeting as long as it takes. */
  public static NodeSettings.Builder unhurried() {
    Duration never = Duration.ofHours(1);
    return NodeSettings.builder().greetingDelay(never).greetingTimeout(never);
  }

  /** Starts a node with the default settings. */
  public static TestNode start(String team) {
    return start(team, builder -> builder);
  }

  /** Starts a node with these settings. */
  public static TestNode start(String team, NodeSettings settings) {
    return start(team, builder -> builder.settings(settings));
  }

  /** Starts a node that is built further. */
  public static TestNode start(String team, UnaryOperator<PeerNodeBuilder> more) {
    EventLog log = new EventLog();
    return new TestNode(more.apply(PeerNode.builder().teamName(team).listener(log)).start(), log);
  }

  /** The port it listens on. */
  public int port() {
    return node.port();
  }

  /** Its address for others on this machine. */
  public PeerAddress address() {
    return new PeerAddress("127.0.0.1", node.port());
  }

  /** A chat line of its own. */
  public String line(String text) {
    return BareConnection.line(port(), node.teamName(), text);
  }

  /** Sends to another node. */
  public CompletableFuture<Delivery> send(TestNode to, String text) {
    return node.send(to.address(), text);
  }

  /** The addresses of the active peers. */
  public List<PeerAddress> active() {
    return node.activePeers().stream().map(peer -> peer.address()).toList();
  }

  /** The addresses of the connected peers. */
  public List<PeerAddress> connected() {
    return node.connectedPeers().stream().map(peer -> peer.address()).toList();
  }

  @Override
  public void close() {
    node.close();
  }
}
