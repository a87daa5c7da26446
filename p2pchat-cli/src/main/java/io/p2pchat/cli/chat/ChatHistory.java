package io.p2pchat.cli.chat;

import io.p2pchat.Conversation;
import io.p2pchat.HistoryQuery;
import io.p2pchat.MessageStore;
import io.p2pchat.PeerNode;
import io.p2pchat.StoreException;
import io.p2pchat.StoredMessage;
import io.p2pchat.cli.output.HistoryText;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Shows stored messages in the chat. Reads the disk. */
final class ChatHistory {
  private static final int SHOWN = 20;
  private static final int WHEN_OPENED = 10;
  private static final Pattern COUNT = Pattern.compile("[0-9]{1,4}");

  private final @Nullable MessageStore store;
  private final ChatOutput output;
  private final HistoryText text = new HistoryText(ZoneId.systemDefault());

  ChatHistory(Optional<MessageStore> store, ChatOutput output) {
    this.store = store.orElse(null);
    this.output = output;
  }

  /** Returns whether messages are stored, and so kept for peers that are away. */
  boolean isOn() {
    return store != null;
  }

  /** What {@code /history} was asked for: a peer, or an empty text, and how many messages. */
  record Request(String peer, int count) {
    /**
     * Reads the arguments. A number alone is a count while the user talks to one peer, and else the
     * number of a peer.
     */
    static Request of(String arguments, boolean talks) throws WrongAnswerException {
      int space = arguments.lastIndexOf(' ');
      String last = arguments.substring(space + 1);
      if (!COUNT.matcher(last).matches() || (space < 0 && !talks)) {
        return new Request(arguments, SHOWN);
      }
      int count = Integer.parseInt(last);
      if (count < 1 || count > HistoryQuery.MOST) {
        throw new WrongAnswerException(
            "not a number of messages: " + last + "; accepted are 1 to " + HistoryQuery.MOST);
      }
      return new Request(arguments.substring(0, Math.max(0, space)).strip(), count);
    }
  }

  /** Shows the last messages with a peer, or with all peers. */
  void show(Optional<Recipient> with, PeerNode node, int count) throws WrongAnswerException {
    HistoryQuery query = HistoryQuery.last(count);
    show(with.map(to -> query.with(conversation(to, node))).orElse(query));
  }

  /** Shows the last messages with words. */
  void search(String words) throws WrongAnswerException {
    show(HistoryQuery.last(SHOWN).words(words));
  }

  private void show(HistoryQuery query) throws WrongAnswerException {
    if (store == null) {
      throw new WrongAnswerException("there is no history; start the chat with --history");
    }
    try {
      List<String> lines = lines(store.messages(query));
      output.add(lines.isEmpty() ? List.of("No messages.") : lines);
    } catch (StoreException e) {
      throw new WrongAnswerException(String.valueOf(e.getMessage()));
    }
  }

  /** Shows the last messages with a peer to whom the user begins to talk. */
  void opened(Recipient to, PeerNode node) {
    if (store == null) {
      return;
    }
    try {
      HistoryQuery query = HistoryQuery.last(WHEN_OPENED).with(conversation(to, node));
      List<String> lines = lines(store.messages(query));
      if (!lines.isEmpty()) {
        output.add(lines);
      }
    } catch (StoreException e) {
      // The node has said so already.
    }
  }

  private static Conversation conversation(Recipient to, PeerNode node) {
    return to.current(node).map(Conversation::of).orElseGet(() -> Conversation.of(to.address()));
  }

  private List<String> lines(List<StoredMessage> messages) {
    return messages.stream().map(text::line).map(ChatFormat::safe).toList();
  }
}
