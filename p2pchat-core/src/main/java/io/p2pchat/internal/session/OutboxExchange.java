package io.p2pchat.internal.session;

import io.p2pchat.internal.protocol.Next;
import io.p2pchat.internal.protocol.Outbox;
import io.p2pchat.internal.protocol.Stored;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What two stores tell each other about numbered messages (PROTOCOL.md section 9): which were
 * stored before the session, and the number of each that arrives.
 */
final class OutboxExchange {
  /** How many outboxes a peer may name on one connection. */
  static final int MOST_NAMED = 4096;

  /** How many of them are remembered. */
  static final int MOST_COMING = 64;

  private static final long MAX_NUMBER = 999_999_999_999_999_999L;

  private boolean between;
  private boolean answered;

  /** The outboxes that the peer was asked for on this connection, and has not answered. */
  private final Set<String> unanswered = new LinkedHashSet<>();

  private final List<Stored.Entry> answers = new ArrayList<>();

  /** How many outboxes the peer has named on this connection. */
  private int named;

  /** What the next message of this connection is, or null before the first. */
  private @Nullable Next next;

  private boolean numbered;

  /**
   * The outboxes of which messages may come in this session: that of the last message, and those
   * that the peer has named behind it.
   */
  private final Deque<String> coming = new ArrayDeque<>();

  /** The peer has named more than are remembered. */
  private boolean moreComing;

  /** Whether this side has answered, so that the peer may send. */
  private boolean told;

  /** A new session begins. */
  void begin(boolean bothStore) {
    between = bothStore;
    answered = false;
    forgetComing();
    told = false;
  }

  /** Returns whether both sides of the session have a store. */
  boolean isBetween() {
    return between;
  }

  /** Returns whether messages may be written: there is nothing to ask, or it is answered. */
  boolean maySend() {
    return !between || answered;
  }

  /** The session is open on another connection. Returns what to ask there. */
  List<Outbox> opened(List<String> outboxes, int limit) {
    unanswered.clear();
    answers.clear();
    named = 0;
    next = null;
    numbered = false;
    if (maySend()) {
      return List.of();
    }
    unanswered.addAll(outboxes);
    return Outbox.of(List.copyOf(unanswered), limit);
  }

  /** The peer asks for outboxes. Returns whether it may. */
  boolean asked(List<String> outboxes) {
    if (named == 0) {
      forgetComing(); // It asks anew on each connection.
    }
    named += outboxes.size();
    int room = Math.min(outboxes.size(), MOST_COMING - coming.size());
    coming.addAll(outboxes.subList(0, room));
    moreComing |= room < outboxes.size();
    return between && !numbered && named <= MOST_NAMED;
  }

  private void forgetComing() {
    coming.clear();
    moreComing = false;
  }

  /** This side answers. */
  void told() {
    told = true;
  }

  /** Returns whether messages of one of these outboxes may be on their way. */
  boolean carries(List<String> outboxes) {
    return between && told && (moreComing || outboxes.stream().anyMatch(coming::contains));
  }

  /** The peer has answered. Returns whether it was asked. */
  boolean answered(List<Stored.Entry> entries) {
    for (Stored.Entry entry : entries) {
      if (!unanswered.remove(entry.outbox())) {
        return false;
      }
      answers.add(entry);
    }
    answered = unanswered.isEmpty();
    return true;
  }

  /** Returns all answers. */
  List<Stored.Entry> answers() {
    return List.copyOf(answers);
  }

  /** The peer has numbered its next message. Returns whether it may. */
  boolean numbered(Next message) {
    next = message;
    return between;
  }

  /**
   * Messages have arrived. Returns the number of the first, which the others follow, or null if
   * they have none.
   */
  @Nullable Next arrived(int messages) {
    Next first = next;
    if (first == null || messages > MAX_NUMBER - first.number()) {
      return null;
    }
    numbered = true;
    comes(first.outbox());
    next = new Next(first.outbox(), first.number() + messages, Next.NOW);
    return first;
  }

  /** The outboxes that the peer has named before this one are over. */
  private void comes(String outbox) {
    while (!coming.isEmpty() && !coming.getFirst().equals(outbox)) {
      coming.removeFirst();
    }
    if (coming.isEmpty()) {
      coming.add(outbox);
    }
  }
}
