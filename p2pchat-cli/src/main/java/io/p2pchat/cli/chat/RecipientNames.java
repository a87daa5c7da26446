package io.p2pchat.cli.chat;

import io.p2pchat.Peer;
import io.p2pchat.PeerNode;
import java.util.Optional;
import java.util.function.Function;

/** How a chat names recipients. */
final class RecipientNames {
  private final PeerNode node;
  private final ChatFormat format;
  private final PeerNumbers numbers;
  private final FoundPeers found;

  RecipientNames(PeerNode node, ChatFormat format, PeerNumbers numbers) {
    this.node = node;
    this.format = format;
    this.numbers = numbers;
    this.found = new FoundPeers(node);
  }

  PeerNumbers numbers() {
    return numbers;
  }

  /** Returns the name of a recipient for a prompt. An address comes before who is there. */
  String inPrompt(Recipient to) {
    return name(to, peer -> isShared(peer) ? format.who(peer) : format.team(peer));
  }

  /** Returns the name of a recipient for a sentence. An address comes before who is there. */
  String name(Recipient to) {
    return name(to, this::name);
  }

  private String name(Recipient to, Function<Peer, String> nameOf) {
    Optional<Peer> peer = to.current(node);
    return to.peer().isPresent()
        ? peer.map(nameOf).orElseThrow()
        : to.address() + peer.map(there -> " (" + format.team(there) + ")").orElse("");
  }

  /** Returns what a user can type for a recipient. */
  String typed(Recipient to) {
    return to.peer().map(format.names()::typed).orElseGet(() -> to.address().toString());
  }

  /** Returns the name of a peer for a sentence, with what tells it from others of that name. */
  String name(Peer peer) {
    return isShared(peer) ? format.who(peer) : format.named(peer);
  }

  /** Returns whether a peer without a key has the name of another peer, known or discovered. */
  private boolean isShared(Peer peer) {
    return !peer.encrypted()
        && (format.names().isTaken(peer.teamName())
            || found.sharesName(peer)
            || numbers.peers().stream()
                .anyMatch(
                    other ->
                        !other.equals(peer)
                            && PeerNames.isSame(other.teamName(), peer.teamName())));
  }

  /** Returns the peer of a recipient, as far as it is known. */
  Optional<Peer> peer(Recipient to) {
    return to.current(node).or(() -> numbers.at(to.address()));
  }

  /** Returns the address of a recipient, and who is there. */
  String who(Recipient to) {
    return peer(to).map(format::who).orElse(to.address().toString());
  }

  /** Returns the peer or the address that the user has named. */
  String goal(Recipient to) {
    return to.peer().isPresent() ? who(to) : to.address().toString();
  }
}
