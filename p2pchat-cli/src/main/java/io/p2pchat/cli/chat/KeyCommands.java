package io.p2pchat.cli.chat;

import io.p2pchat.Fingerprint;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNode;
import io.p2pchat.TrustException.Refusal;
import io.p2pchat.cli.output.ResultText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Performs {@code /key} and {@code /trust}. */
final class KeyCommands {
  static final String NO_KEY = "none: this chat does not encrypt";

  private static final int MAX_NAMED = 8;

  private final RefusedKeys refused;
  private final PeerNode node;
  private final RecipientNames names;
  private final PeerPrompt prompt;
  private final ChatOutput output;

  KeyCommands(
      RefusedKeys refused,
      PeerNode node,
      RecipientNames names,
      PeerPrompt prompt,
      ChatOutput output) {
    this.refused = refused;
    this.node = node;
    this.names = names;
    this.prompt = prompt;
    this.output = output;
  }

  /** Shows the whole key of a peer or of refused ones, and the user's own. */
  void show(String typed) throws EndOfInputException, WrongAnswerException, CancelledException {
    List<Refusal> shown = typed.isEmpty() ? List.of() : shown(typed);
    List<String> lines = new ArrayList<>();
    shown.forEach(each -> lines.addAll(refused.whole(each)));
    if (shown.isEmpty() && !typed.isEmpty()) {
      lines.addAll(keyOf(prompt.peer(typed)));
    }
    lines.add("Your key:");
    lines.add("  " + node.fingerprint().map(Object::toString).orElse(NO_KEY));
    output.add(lines);
  }

  private List<String> keyOf(Recipient of) throws WrongAnswerException {
    Optional<Fingerprint> key = of.current(node).flatMap(Peer::fingerprint);
    if (key.isEmpty()) {
      throw new WrongAnswerException("no key of " + of.address() + " is known");
    }
    return List.of("The key of " + names.who(of) + ":", "  " + key.get());
  }

  /** Returns the keys that refused peers of this name, number or address have shown. */
  private List<Refusal> shown(String typed) {
    Optional<PeerAddress> numbered =
        PeerResolver.isNumber(typed)
            ? names.numbers().numbered(Integer.parseInt(typed)).map(Recipient::address)
            : Optional.empty();
    return refused.find(
        peer ->
            PeerNames.isNamed(peer, typed)
                || peer.address().toString().equals(typed)
                || numbered.filter(peer.address()::equals).isPresent());
  }

  /**
   * Accepts the key that a refused peer has shown. If several keys were shown under a name, the
   * user has to name one: somebody may have shown the last one to be accepted in place of another.
   *
   * @throws WrongAnswerException if there is none
   */
  void trust(String typed) throws WrongAnswerException {
    List<Refusal> shown = shown(typed);
    if (shown.isEmpty()) {
      throw new WrongAnswerException("there is no new key of " + typed + " to accept");
    }
    if (shown.stream().map(Refusal::presented).distinct().count() > 1) {
      List<String> lines =
          new ArrayList<>(List.of("Several peers of that name were refused. Accept one:"));
      shown.stream()
          .map(RefusedKeys::asPeer)
          .map(peer -> "  /trust " + typed(peer) + "  " + peer.address())
          .limit(MAX_NAMED)
          .forEach(line -> lines.add(ChatFormat.safe(line)));
      output.add(lines);
      return;
    }
    shown.forEach(
        each ->
            output.add(
                new PendingOutput(
                    output,
                    "Accepting the key …",
                    refused
                        .accept(each)
                        .exceptionally(
                            failure ->
                                ChatFormat.safe("Not accepted: " + ResultText.reason(failure)))
                        .thenApply(List::of))));
  }

  private static String typed(Peer peer) {
    return PeerNames.isTyped(peer) ? PeerNames.marked(peer) : peer.address().toString();
  }
}
