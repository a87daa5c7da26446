package io.p2pchat.cli.chat;

import io.p2pchat.Conversation;
import io.p2pchat.Fingerprint;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How many messages of each peer the user has not read: those of others that came while the user
 * talked to one peer and looked elsewhere. They are read when the user turns to the peer. A file
 * keeps the counts between two chats. It has a line for each peer: key or address, and count, with
 * a tab between them.
 *
 * <p>This class is thread-safe.
 */
final class Unread {
  private static final int MAX = 4096;
  private static final Pattern COUNT = Pattern.compile("[1-9][0-9]{0,5}");

  private final Map<Conversation, Integer> counts = new LinkedHashMap<>();
  private @Nullable Recipient partner;

  /** A message has come while the user looks elsewhere. */
  synchronized void message(Peer from) {
    if (partner != null && !partner.isSame(Recipient.of(from))) {
      add(Conversation.of(from), 1);
    }
  }

  /** So many messages of a conversation are unread, too. */
  synchronized void add(Conversation with, int messages) {
    counts.merge(with, messages, Integer::sum);
    if (counts.size() > MAX) {
      counts.remove(counts.keySet().iterator().next());
    }
  }

  /** The user talks to one peer from now on, or to nobody in particular. */
  synchronized void talkTo(@Nullable Recipient peer) {
    partner = peer;
  }

  /** The user turns to a peer. */
  synchronized void read(Recipient peer, PeerNode node) {
    counts.remove(of(peer, node));
  }

  /** The messages of some conversations do not count any more. */
  synchronized void forget(Predicate<Conversation> which) {
    counts.keySet().removeIf(which);
  }

  /** One of the last messages of a conversation is shown again. */
  synchronized void shown(Conversation with) {
    counts.computeIfPresent(with, (any, count) -> count > 1 ? count - 1 : null);
  }

  /** Returns the conversation with a recipient, as it is known now. */
  static Conversation of(Recipient to, PeerNode node) {
    return to.current(node).map(Conversation::of).orElseGet(() -> Conversation.of(to.address()));
  }

  /** Returns how many messages of a peer are unread. */
  synchronized int of(Peer peer) {
    return Optional.ofNullable(counts.get(Conversation.of(peer))).orElse(0);
  }

  /** Adds what was unread when the last chat ended. Lines that are no counts are left out. */
  synchronized void read(Path file) {
    try {
      for (String line : TeamFiles.read(file, MAX)) {
        String[] parts = line.split("\t", -1);
        if (parts.length == 2 && COUNT.matcher(parts[1]).matches()) {
          conversation(parts[0]).ifPresent(with -> add(with, Integer.parseInt(parts[1])));
        }
      }
    } catch (IOException e) {
      // The messages can be read in the history.
    }
  }

  private static Optional<Conversation> conversation(String id) {
    try {
      return Optional.of(
          id.indexOf(':') < 0
              ? Conversation.of(Fingerprint.parse(id))
              : Conversation.of(PeerAddress.parse(id)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Writes what is unread for the next chat. */
  synchronized void write(Path file) {
    List<String> lines = new ArrayList<>();
    counts.forEach((with, count) -> lines.add(with + "\t" + count));
    try {
      TeamFiles.write(file, lines);
    } catch (IOException e) {
      // The messages can be read in the history.
    }
  }

  /** Returns how many messages are unread. */
  synchronized int all() {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }
}
