package io.p2pchat;

/**
 * Changes of a {@link MessageStore} that are stored together, or not at all. One thread uses it. It
 * sees its own changes; readers see them after {@link #commit}.
 *
 * <p>All methods can throw {@link StoreException}. The transaction is then lost: {@link #close} it,
 * and repeat all its changes in another one.
 */
public interface StoreTransaction extends AutoCloseable {
  /**
   * Adds a message. Its number in an outbox is stored only in state {@link
   * StoredMessage.State#KEPT}.
   *
   * @param message the message; its row number does not count
   * @return the row number that it got
   */
  long add(StoredMessage message);

  /**
   * Adds a numbered incoming message, unless it was received before. It was, if its number is not
   * higher than {@link #received} of its key and outbox. Otherwise its number becomes that.
   *
   * @param message a message with a key and a number, in state {@link StoredMessage.State#UNTAKEN}
   * @return the row number that it got; 0 if it was received before, and nothing was changed
   */
  long receive(StoredMessage message);

  /**
   * Returns the highest number that was received of an outbox of a key. This names the outbox. So
   * does the first message that is received from it. At the commit, a store forgets the outboxes
   * that were named longest ago: those of a key beyond {@value MessageStore#OUTBOXES_PER_KEY}, and
   * those of all keys beyond {@value MessageStore#OUTBOXES_IN_ALL}. Of all keys, those without a
   * message in the store come first. Some more may be forgotten at once.
   *
   * @param key the fingerprint of the sender
   * @param outboxId the outbox of the sender
   * @return the number; 0 if nothing was received
   */
  long received(Fingerprint key, String outboxId);

  /**
   * Ends an outgoing message in state {@link StoredMessage.State#KEPT}. Does nothing to others, and
   * nothing if there is no such row.
   *
   * @param row its row number
   * @param state {@link StoredMessage.State#DELIVERED}, {@link StoredMessage.State#WRITTEN} or
   *     {@link StoredMessage.State#FAILED}
   * @param failure why it failed, or an empty text
   */
  void end(long row, StoredMessage.State state, String failure);

  /**
   * Records that the application's listener has returned from an incoming message. It becomes
   * {@link StoredMessage.State#TAKEN}. Does nothing if there is no such row.
   *
   * @param row its row number
   */
  void taken(long row);

  /**
   * Deletes all messages of a conversation, also kept and untaken ones, so that nothing of them can
   * be read from the disk any more. What {@link #received} returns stays. Only while no node owns
   * the store: a node still sends the kept messages that it has in memory.
   *
   * @param conversation the conversation
   */
  void delete(Conversation conversation);

  /** Deletes all messages of all conversations, as {@link #delete}. */
  void deleteAll();

  /**
   * Stores the changes. When it returns, they outlast the end of the process and of the machine's
   * power.
   */
  void commit();

  /** Ends the transaction. Undoes its changes if they were not committed. Never throws. */
  @Override
  void close();
}
