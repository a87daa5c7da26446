package io.p2pchat.cli;

import io.p2pchat.Delivery;
import io.p2pchat.DiscoveredPeer;
import io.p2pchat.KnownPeer;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNode;
import io.p2pchat.cli.output.NameText;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Whom {@code send} sends to: whoever is at an address, or a peer that was found by its name.
 *
 * @param address the address, or where the peer was last seen
 * @param teamName the name of the peer; empty for an address
 * @param known the peer, if its key is known
 * @param discovered the peer, if discovery has found it
 */
record SendTarget(
    PeerAddress address,
    Optional<String> teamName,
    Optional<Peer> known,
    Optional<DiscoveredPeer> discovered) {
  static SendTarget at(PeerAddress address) {
    return new SendTarget(address, Optional.empty(), Optional.empty(), Optional.empty());
  }

  static SendTarget of(KnownPeer known) {
    Peer peer =
        Peer.builder(known.address())
            .teamName(known.teamName())
            .fingerprint(known.fingerprint())
            .build();
    return new SendTarget(
        known.address(), Optional.of(known.teamName()), Optional.of(peer), Optional.empty());
  }

  static SendTarget of(DiscoveredPeer peer) {
    return new SendTarget(
        peer.addresses().get(0),
        peer.known().map(KnownPeer::teamName).or(peer::teamName),
        Optional.empty(),
        Optional.of(peer));
  }

  CompletableFuture<Delivery> send(PeerNode node, String text) {
    return discovered
        .map(peer -> node.send(peer, text))
        .or(() -> known.map(peer -> node.send(peer, text)))
        .orElseGet(() -> node.send(address, text));
  }

  CompletableFuture<Void> whenWritable(PeerNode node) {
    return discovered
        .map(node::whenWritable)
        .or(() -> known.map(node::whenWritable))
        .orElseGet(() -> node.whenWritable(address));
  }

  /** Returns the address, with the name if the peer was found by its name. */
  @Override
  public String toString() {
    return address + teamName.map(name -> " (" + NameText.of(name) + ")").orElse("");
  }
}
