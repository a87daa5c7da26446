package io.p2pchat.cli.chat;

import io.p2pchat.Delivery;
import io.p2pchat.DiscoveredPeer;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNode;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Whom a command is for: a peer of a list, wherever it is, or whoever is at an address.
 *
 * @param address the address, or where the peer was last seen
 * @param peer the peer, or empty for whoever is at the address
 * @param found the peer as it was discovered, if it is not active
 */
record Recipient(PeerAddress address, Optional<Peer> peer, Optional<DiscoveredPeer> found) {
  static Recipient of(Peer peer) {
    return new Recipient(peer.address(), Optional.of(peer), Optional.empty());
  }

  /**
   * Returns a discovered peer. One of which nothing but the address is known is whoever is there.
   */
  static Recipient of(DiscoveredPeer found) {
    Peer peer = FoundPeers.asPeer(found);
    return found.node().isEmpty()
        ? at(peer.address())
        : new Recipient(peer.address(), Optional.of(peer), Optional.of(found));
  }

  static Recipient at(PeerAddress address) {
    return new Recipient(address, Optional.empty(), Optional.empty());
  }

  /**
   * Returns the peer as it is now. For an address, that is the active peer last heard from there.
   */
  Optional<Peer> current(PeerNode node) {
    List<Peer> active = node.activePeers();
    return peer.isPresent()
        ? active.stream().filter(this::isPeer).findFirst().or(() -> peer)
        : active.stream()
            .filter(each -> each.address().equals(address))
            .max(
                Comparator.comparing((Peer each) -> each.state() == Peer.State.REACHABLE)
                    .thenComparing(each -> each.lastHeard().orElse(Instant.MIN)));
  }

  private boolean isPeer(Peer other) {
    return found
        .map(it -> FoundPeers.isSame(it, other))
        .orElseGet(() -> peer.equals(Optional.of(other)));
  }

  /** Sends a text. A reserved one is a command. */
  CompletableFuture<Delivery> send(PeerNode node, String text) {
    return found
        .map(to -> node.send(to, text))
        .or(() -> peer.map(to -> node.send(to, text)))
        .orElseGet(() -> node.send(address, text));
  }

  /** Sends a text that is never a command. */
  CompletableFuture<Delivery> sendText(PeerNode node, String text) {
    return found
        .map(to -> node.sendText(to, text))
        .or(() -> peer.map(to -> node.sendText(to, text)))
        .orElseGet(() -> node.sendText(address, text));
  }

  CompletableFuture<Delivery> connect(PeerNode node) {
    return found
        .map(node::connect)
        .or(() -> peer.map(node::connect))
        .orElseGet(() -> node.connect(address));
  }

  CompletableFuture<Delivery> disconnect(PeerNode node) {
    return peer.map(node::disconnect).orElseGet(() -> node.disconnect(address));
  }

  /** Returns whether both are the same peer, or one is the address of the other. */
  boolean isSame(Recipient other) {
    boolean arePeers = peer.isPresent() && other.peer.isPresent();
    return arePeers
        ? other.peer.filter(this::isPeer).isPresent() || peer.filter(other::isPeer).isPresent()
        : address.equals(other.address);
  }
}
