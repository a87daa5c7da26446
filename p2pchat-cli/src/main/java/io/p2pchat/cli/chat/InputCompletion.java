package io.p2pchat.cli.chat;

import io.p2pchat.Peer;
import io.p2pchat.PeerNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What Tab completes: commands, and peers by their team. */
final class InputCompletion {
  private final PeerNode node;
  private final PeerNumbers met;

  InputCompletion(PeerNode node, PeerNumbers met) {
    this.node = node;
    this.met = met;
  }

  /**
   * What can follow in an answer, each with a word about it. The line editor leaves out what does
   * not fit what was typed.
   */
  Map<String, String> complete(Prompt question, String line) {
    Map<String, String> found = new LinkedHashMap<>();
    switch (question.kind()) {
      case CHOICE, TALK -> completeCommand(line, found);
      case PEER -> addPeers(found);
      case MESSAGE, OTHER -> {}
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

  /** Where a name is that of several, their addresses. Those who have left come too. */
  private void addPeers(Map<String, String> found) {
    List<Peer> peers = node.activePeers();
    for (Peer peer : peers) {
      long namesakes =
          peers.stream().filter(other -> other.teamName().equals(peer.teamName())).count();
      String address = peer.address().toString();
      boolean byName = namesakes == 1 && ChatFormat.safe(peer.teamName()).equals(peer.teamName());
      found.put(byName ? peer.teamName() : address, byName ? address : peer.teamName());
    }
    met.teams().stream()
        .filter(team -> ChatFormat.safe(team).equals(team))
        .filter(team -> peers.stream().noneMatch(peer -> peer.teamName().equals(team)))
        .forEach(team -> found.put(team, "left"));
  }
}
