package io.p2pchat;

import java.util.List;

/**
 * Stores messages, so that a node can deliver them after a restart, and its user can read them
 * again. {@link io.p2pchat.PeerNodeBuilder} takes one.
 *
 * <p>You can write another store: docs/STORE.md says how, and which tests it must pass. One node
 * uses a store, through one thread: it calls {@link #claim}, then {@link #begin} and the
 * transactions again and again, {@link #idle}, and last {@link #close}. Any thread can call the
 * reading methods ({@link #messages}, {@link #conversations} and {@link #untaken}) at any time,
 * also before {@code claim}. Other processes can read too. The reading methods do not wait for a
 * transaction. All methods block. All can throw {@link StoreException}, with a message that names
 * the file and what to do.
 *
 * <p>Later versions may add methods with a default. Specification: docs/STORE.md.
 */
public interface MessageStore extends AutoCloseable {
  /** The most outboxes of one key for which a store knows what was received. */
  int OUTBOXES_PER_KEY = 4_096;

  /** The most outboxes of all keys together for which a store knows what was received. */
  int OUTBOXES_IN_ALL = 65_536;

  /**
   * Makes this process and this object the only one that can change the store, until {@link
   * #close}. Creates what is missing. A failed call changes nothing, and can be repeated.
   *
   * @return what the store holds that the node must go on with
   * @throws StoreException with {@link StoreException.Reason#LOCKED} if another one has claimed it
   */
  StoreState claim();

  /**
   * Begins a transaction. There is one at a time.
   *
   * @return the transaction
   */
  StoreTransaction begin();

  /**
   * Does a part of the work that can wait: removes what is too old, or fills an index. The node
   * calls this while nothing is to be stored. A call should take at most about 50 ms.
   *
   * @return whether there is more to do at once
   */
  default boolean idle() {
    return false;
  }

  /**
   * Reads one page of messages.
   *
   * @param query which
   * @return those that fit, in the order of their rows
   */
  List<StoredMessage> messages(HistoryQuery query);

  /**
   * Lists the conversations.
   *
   * @param limit the most conversations to return
   * @return the last message of each conversation, the newest first
   */
  List<StoredMessage> conversations(int limit);

  /**
   * Reads messages in state {@link StoredMessage.State#UNTAKEN}.
   *
   * @param conversation with whom
   * @param after the row after which to read, or 0
   * @param limit the most messages to return
   * @return the first such messages of the conversation after that row, by row
   */
  List<StoredMessage> untaken(Conversation conversation, long after, int limit);

  /**
   * Hears that a transaction or {@link #idle} has not returned for 10 seconds, as on a disk that
   * does not answer, and that it has now. The node calls this on any thread. It must not wait for
   * the store. By default, it does nothing.
   *
   * @param now whether it hangs now; false if it has returned
   */
  default void hangs(boolean now) {}

  /** Gives the store up. Other processes can claim it then. Does nothing the second time. */
  @Override
  void close();
}
