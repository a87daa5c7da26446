package io.p2pchat.cli.chat;

import io.p2pchat.Conversation;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNode;
import io.p2pchat.cli.chat.IgnoredPeers.Entry;
import io.p2pchat.cli.output.KeyText;
import io.p2pchat.cli.output.NameText;
import io.p2pchat.cli.output.Table;
import java.util.ArrayList;
import java.util.List;

/** Performs {@code /ignore} and {@code /unignore}. */
final class IgnoreCommands {
  private static final int MAX_LISTED = 50;

  private final IgnoredPeers ignored;
  private final PeerNode node;
  private final PeerPrompt prompt;
  private final ChatOutput output;
  private final Unread unread;

  IgnoreCommands(
      IgnoredPeers ignored, PeerNode node, PeerPrompt prompt, ChatOutput output, Unread unread) {
    this.unread = unread;
    this.ignored = ignored;
    this.node = node;
    this.prompt = prompt;
    this.output = output;
  }

  /** Ignores a peer. Without one, lists those that are ignored. */
  void ignore(String typed) throws EndOfInputException, WrongAnswerException, CancelledException {
    if (typed.isEmpty()) {
      list();
      return;
    }
    PeerResolver.Choice choice = prompt.resolver().find(typed);
    if (choice.host().isPresent() && AddressParser.isAddress(typed)) {
      String host = choice.host().get();
      ignored.add(Entry.ofHost(host));
      unread.forget(with -> with.address().map(PeerAddress::host).filter(host::equals).isPresent());
      show("Ignoring every unencrypted peer at " + host + ".");
      return;
    }
    Peer peer = peer(prompt.peer(typed));
    ignored.add(Entry.of(peer));
    unread.forget(Conversation.of(peer)::equals);
    show(
        "Ignoring "
            + (peer.encrypted()
                ? PeerNames.inSentence(prompt.name(peer))
                : peer.address().toString())
            + ". To undo: /unignore "
            + prompt.format().names().typed(peer));
  }

  private Peer peer(Recipient to) {
    return to.current(node).orElseGet(() -> Peer.builder(to.address()).build());
  }

  /** Shows a peer again. */
  void unignore(String typed) throws WrongAnswerException {
    List<Entry> found = ignored.find(typed, peers(typed));
    if (found.isEmpty()) {
      throw new WrongAnswerException("no ignored peer has that name; /ignore lists them");
    }
    if (found.size() > 1) {
      List<String> names = found.stream().map(IgnoreCommands::marked).toList();
      throw new WrongAnswerException(
          "several ignored peers match: " + NamesText.of(names, MAX_LISTED));
    }
    ignored.remove(found.get(0));
    show("No longer ignoring " + name(found.get(0)) + ".");
  }

  private List<Peer> peers(String typed) {
    try {
      return prompt.resolver().find(typed).peers().stream().map(this::peer).toList();
    } catch (WrongAnswerException e) {
      return List.of(); // It may be the name of one that is ignored.
    }
  }

  /** Returns the name as {@link #ignore} says it. */
  private String name(Entry entry) {
    PeerNames names = prompt.format().names();
    return entry
        .key()
        .filter(key -> !entry.team().isEmpty())
        .map(key -> PeerNames.inSentence(names.of(entry.team(), key)))
        .orElseGet(() -> marked(entry));
  }

  /** Returns the name with digits of the key. It stands for no other peer. */
  private static String marked(Entry entry) {
    return entry
        .key()
        .map(
            key ->
                PeerNames.inSentence(NameText.shortened(entry.team()))
                    + "|"
                    + key.toString().substring(0, PeerNames.DIGITS))
        .orElse(entry.id());
  }

  private void list() {
    List<Entry> all = ignored.all();
    List<String> lines = new ArrayList<>(List.of("Ignored peers:"));
    if (all.isEmpty()) {
      lines.add("  none");
    }
    List<List<String>> rows =
        all.stream()
            .limit(MAX_LISTED)
            .map(
                each ->
                    List.of(
                        each.team().isEmpty() ? "?" : NameText.shortened(each.team()),
                        each.key().map(key -> "key " + KeyText.of(key)).orElse(each.id())))
            .toList();
    Table.of(rows, (row, column, cell) -> cell).forEach(line -> lines.add("  " + line));
    if (all.size() > MAX_LISTED) {
      lines.add("  and " + (all.size() - MAX_LISTED) + " more");
    }
    output.add(lines);
  }

  private void show(String line) {
    output.add(List.of(ChatFormat.safe(line)));
  }
}
