package io.p2pchat.cli.chat;

import io.p2pchat.Conversation;
import io.p2pchat.Peer;
import io.p2pchat.PeerNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How many messages of each peer the user has not read: those that came while the user was away or
 * talked to somebody else. They are read when the user turns to the peer.
 *
 * <p>This class is thread-safe.
 */
final class Unread {
  private static final int MAX = 4096;

  private final Map<Conversation, Integer> counts = new LinkedHashMap<>();
  private @Nullable Recipient partner;

  /** A message has come, and is shown. */
  synchronized void message(Peer from) {
    if (partner != null && !partner.isSame(Recipient.of(from))) {
      add(Conversation.of(from), 1);
    }
  }

  /** Messages have come that were sent while the user was away. */
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

  /** Returns how many messages are unread. */
  synchronized int all() {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }
}
