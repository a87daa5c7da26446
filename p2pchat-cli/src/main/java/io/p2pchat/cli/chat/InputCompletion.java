package io.p2pchat.cli.chat;

import io.p2pchat.Peer;
import io.p2pchat.PeerNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Completes commands and peers for Tab. */
final class InputCompletion {
  private final PeerNode node;
  private final PeerNumbers numbers;

  InputCompletion(PeerNode node, PeerNumbers numbers) {
    this.node = node;
    this.numbers = numbers;
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

  /** Adds peers by team, or by address if several have that team. Includes teams that have left. */
  private void addPeers(Map<String, String> found) {
    List<Peer> peers = node.activePeers();
    for (Peer peer : peers) {
      long sameName =
          peers.stream().filter(other -> other.teamName().equals(peer.teamName())).count();
      String address = peer.address().toString();
      boolean byName = sameName == 1 && ChatFormat.safe(peer.teamName()).equals(peer.teamName());
      found.put(byName ? peer.teamName() : address, byName ? address : peer.teamName());
    }
    numbers.teams().stream()
        .filter(team -> ChatFormat.safe(team).equals(team))
        .filter(team -> peers.stream().noneMatch(peer -> peer.teamName().equals(team)))
        .forEach(team -> found.put(team, "left"));
  }
}
