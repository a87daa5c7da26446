package io.p2pchat.cli.chat;

import io.p2pchat.Peer;
import io.p2pchat.PeerNode;
import java.util.List;
import org.jline.reader.Candidate;

/** What Tab completes: commands, and peers by their team. */
final class InputCompletion {
  private final PeerNode node;
  private final PeerNumbers met;

  InputCompletion(PeerNode node, PeerNumbers met) {
    this.node = node;
    this.met = met;
  }

  /** Adds what an answer can go on to; the line editor leaves out what does not fit its begin. */
  void complete(Prompt question, String line, List<Candidate> found) {
    switch (question.kind()) {
      case CHOICE, TALK -> completeCommand(line, found);
      case PEER -> addPeers(found);
      case MESSAGE, OTHER -> {}
    }
  }

  private void completeCommand(String line, List<Candidate> found) {
    int blank = line.indexOf(' ');
    if (!line.startsWith("/")) {
      return;
    }
    if (blank < 0) {
      ChatCommands.ALL.forEach(each -> found.add(candidate(each.name(), each.help())));
    } else if (ChatCommands.named(line.substring(0, blank))
        .filter(ChatCommands::takesPeer)
        .isPresent()) {
      addPeers(found);
    }
  }

  /** Where a name is that of several, their addresses. Those who have left come too. */
  private void addPeers(List<Candidate> found) {
    List<Peer> peers = node.activePeers();
    for (Peer peer : peers) {
      long namesakes =
          peers.stream().filter(other -> other.teamName().equals(peer.teamName())).count();
      String address = peer.address().toString();
      boolean byName = namesakes == 1 && ChatFormat.safe(peer.teamName()).equals(peer.teamName());
      found.add(candidate(byName ? peer.teamName() : address, byName ? address : peer.teamName()));
    }
    met.teams().stream()
        .filter(team -> ChatFormat.safe(team).equals(team))
        .filter(team -> peers.stream().noneMatch(peer -> peer.teamName().equals(team)))
        .forEach(team -> found.add(candidate(team, "left")));
  }

  private static Candidate candidate(String value, String about) {
    return new Candidate(value, value, null, ChatFormat.safe(about), null, null, true);
  }
}
