package io.p2pchat.cli.chat;

import io.p2pchat.DiscoveredPeer;
import io.p2pchat.Peer;
import io.p2pchat.PeerNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Completes commands and peers for Tab. */
final class InputCompletion {
  private final PeerNode node;
  private final PeerNumbers numbers;
  private final PeerNames names;

  InputCompletion(PeerNode node, PeerNumbers numbers, PeerNames names) {
    this.node = node;
    this.numbers = numbers;
    this.names = names;
  }

  /**
   * Returns the candidates, each with a description. The line editor drops those that do not match
   * the input.
   */
  Map<String, String> complete(Prompt question, String line) {
    Map<String, String> found = new LinkedHashMap<>();
    switch (question.kind()) {
      case CHOICE, TALK -> completeCommand(line, found);
      case PEER -> addPeers(found);
      case CONFIRMATION, MESSAGE, OTHER -> {}
    }
    return found;
  }

  private void completeCommand(String line, Map<String, String> found) {
    int blank = line.indexOf(' ');
    if (!line.startsWith("/")) {
      return;
    }
    if (blank < 0) {
      for (ChatCommands each : ChatCommands.values()) {
        found.put(each.word(), each.help());
      }
    } else if (ChatCommands.of(line.substring(0, blank)).stream()
        .anyMatch(ChatCommands::takesPeer)) {
      addPeers(found);
    }
  }

  /**
   * Adds peers by name, or by address if several without a key have that name. Includes peers that
   * have left, and known peers that were not met.
   */
  private void addPeers(Map<String, String> found) {
    List<Peer> peers = node.activePeers();
    for (Peer peer : peers) {
      String address = peer.address().toString();
      boolean byName = PeerNames.isTyped(peer) && (peer.encrypted() || !isShared(peer, peers));
      found.put(byName ? names.of(peer) : address, byName ? address : names.of(peer));
    }
    for (DiscoveredPeer each : new FoundPeers(node).all()) {
      Peer peer = FoundPeers.asPeer(each);
      String address = peer.address().toString();
      if (PeerNames.isTyped(peer) && found.putIfAbsent(names.of(peer), address) == null) {
        continue;
      }
      found.putIfAbsent(address, peer.named() ? names.of(peer) : "discovered");
    }
    numbers.peers().stream()
        .filter(peer -> PeerNames.isTyped(peer) && !isShared(peer, peers))
        .forEach(peer -> found.putIfAbsent(names.of(peer), "left"));
    names.known().stream()
        .filter(PeerNames::isTyped)
        .forEach(peer -> found.putIfAbsent(names.of(peer), "known"));
  }

  private static boolean isShared(Peer peer, List<Peer> peers) {
    return peers.stream()
        .anyMatch(
            other -> !other.equals(peer) && PeerNames.isSame(other.teamName(), peer.teamName()));
  }
}
