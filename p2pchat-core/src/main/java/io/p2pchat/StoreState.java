package io.p2pchat;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link MessageStore} holds that a node must go on with, as {@link MessageStore#claim}
 * found it.
 *
 * <p>This class is immutable and thread-safe. Later versions may add accessors.
 */
public final class StoreState {
  private final List<StoredMessage> kept;
  private final List<Conversation> untaken;
  private final long lastRow;
  private final @Nullable String notice;

  private StoreState(
      List<StoredMessage> kept, List<Conversation> untaken, long lastRow, @Nullable String notice) {
    this.kept = List.copyOf(kept);
    this.untaken = List.copyOf(untaken);
    this.lastRow = lastRow;
    this.notice = notice;
  }

  /**
   * Creates a state.
   *
   * @param kept the messages in state {@link StoredMessage.State#KEPT}, by row
   * @param untaken the conversations with messages in state {@link StoredMessage.State#UNTAKEN}
   * @param lastRow the highest row number that was ever given, or 0
   * @param notice what the user must know, such as that a damaged file was set aside; or null
   * @return the state
   */
  public static StoreState of(
      List<StoredMessage> kept, List<Conversation> untaken, long lastRow, @Nullable String notice) {
    return new StoreState(kept, untaken, lastRow, notice);
  }

  /**
   * Returns the outgoing messages that are neither delivered nor failed.
   *
   * @return all of them, in the order in which they were stored
   */
  public List<StoredMessage> kept() {
    return kept;
  }

  /**
   * Returns the conversations with messages that the application's listener has not taken. {@link
   * MessageStore#untaken} reads them.
   *
   * @return the conversations, that with the oldest such message first
   */
  public List<Conversation> untaken() {
    return untaken;
  }

  /**
   * Returns the last row number. Messages that are stored from now on have higher ones.
   *
   * @return 0 or more
   */
  public long lastRow() {
    return lastRow;
  }

  /**
   * Returns what the user must know, such as that a damaged file was set aside.
   *
   * @return one or more sentences; empty if all is well
   */
  public Optional<String> notice() {
    return Optional.ofNullable(notice);
  }

  /** Returns the counts, for logs. */
  @Override
  public String toString() {
    return "StoreState[kept="
        + kept.size()
        + ", untaken="
        + untaken.size()
        + ", lastRow="
        + lastRow
        + "]";
  }
}
