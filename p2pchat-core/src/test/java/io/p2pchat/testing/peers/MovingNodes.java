package io.p2pchat.testing.peers;

import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNodeBuilder;
import io.p2pchat.testing.faultproxy.MovingNetwork;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Nodes in a {@link MovingNetwork}. They are closed with it. */
public final class MovingNodes implements AutoCloseable {
  private final MovingNetwork network;
  private final List<TestNode> nodes = new ArrayList<>();

  private MovingNodes(MovingNetwork network) {
    this.network = network;
  }

  /** Makes a network with so many places, and no node. */
  public static MovingNodes open(int places) {
    try {
      return new MovingNodes(MovingNetwork.open(places));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where others dial the node at a place. */
  public PeerAddress place(int place) {
    return network.place(place);
  }

  /** The port of all nodes. */
  public int port() {
    return network.port();
  }

  /** Starts one more node, at a place. */
  public TestNode start(String team, int place, UnaryOperator<PeerNodeBuilder> more) {
    int number = nodes.size();
    moveTo(number, place);
    TestNode node =
        TestNode.start(
            team,
            builder -> more.apply(builder.bindAddress(network.home(number)).port(network.port())));
    nodes.add(node);
    return node;
  }

  /** The node loses its connections, and is at another place from then on. */
  public void move(TestNode node, int place) {
    moveTo(nodes.indexOf(node), place);
    cut(node);
  }

  /** The node loses its connections. */
  public void cut(TestNode node) {
    try {
      network.cut(nodes.indexOf(node));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The connections of a node become half-open: no side learns that the other is gone. */
  public void dropSilently(TestNode node) {
    try {
      network.dropSilently(nodes.indexOf(node));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Nobody is dialed at a place from now on. */
  public void vacate(int place) {
    try {
      network.vacate(place);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void moveTo(int node, int place) {
    try {
      network.move(node, place);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    nodes.forEach(TestNode::close);
    try {
      network.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
