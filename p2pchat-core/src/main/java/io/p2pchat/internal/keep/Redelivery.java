package io.p2pchat.internal.keep;

import io.p2pchat.Conversation;
import io.p2pchat.Fingerprint;
import io.p2pchat.StoreState;
import io.p2pchat.StoredMessage;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Gives the listener what it has not taken before the node got its store: a page of each key in
 * turn, and one page at a time, because all would take much memory. Thread-safe.
 */
public final class Redelivery {
  private final MessageKeeper keeper;
  private final PageListener pages;
  private final Queue<Untaken> turns = new ConcurrentLinkedQueue<>();

  /** Receives the pages. */
  public interface PageListener {
    /**
     * Messages are to be given to the listener.
     *
     * @param rows their rows
     * @param whenTaken called when the listener has taken or refused them
     */
    void received(List<StoredMessage> page, List<Long> rows, Runnable whenTaken);
  }

  /** What the listener has not taken of the messages of a key: those behind a row. */
  private record Untaken(Fingerprint key, long after) {}

  /**
   * Creates one that has not begun.
   *
   * @param state what the store had when the node got it
   * @param pages receives the pages
   */
  public Redelivery(MessageKeeper keeper, StoreState state, PageListener pages) {
    this.pages = pages;
    this.keeper = keeper;
    for (Conversation conversation : state.untaken()) {
      conversation.key().ifPresent(key -> turns.add(new Untaken(key, 0)));
    }
  }

  /** Gives the next page to the listener, and the others when it has taken that. */
  public void next() {
    Untaken next = turns.poll();
    if (next != null) {
      keeper.untaken(next.key, next.after, page -> deliver(next.key, page));
    }
  }

  private void deliver(Fingerprint key, List<StoredMessage> page) {
    if (page.isEmpty()) {
      next();
      return;
    }
    List<Long> rows = page.stream().map(StoredMessage::row).toList();
    turns.add(new Untaken(key, rows.get(rows.size() - 1)));
    pages.received(page, rows, this::next);
  }
}
