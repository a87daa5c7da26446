package io.p2pchat;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which stored messages to read: one page of them.
 *
 * <pre>{@code
 * List<StoredMessage> last = store.messages(HistoryQuery.last(50).with(Conversation.of(key)));
 * List<StoredMessage> earlier = store.messages(
 *     HistoryQuery.last(50).with(Conversation.of(key)).before(last.get(0).row()));
 * }</pre>
 *
 * <p>This class is immutable and thread-safe. Later versions may add conditions.
 */
public final class HistoryQuery {
  /** The most messages that one query returns. */
  public static final int MOST = 1_000;

  private final int limit;
  private final boolean forward;
  private final long after;
  private final long before;
  private final @Nullable Conversation conversation;
  private final @Nullable Instant since;
  private final StoredMessage.@Nullable State state;
  private final String words;

  private HistoryQuery(
      Page page,
      @Nullable Conversation conversation,
      @Nullable Instant since,
      StoredMessage.@Nullable State state,
      String words) {
    this.limit = page.limit;
    this.forward = page.forward;
    this.after = page.after;
    this.before = page.before;
    this.conversation = conversation;
    this.since = since;
    this.state = state;
    this.words = words;
  }

  private record Page(int limit, boolean forward, long after, long before) {}

  /**
   * Asks for the last messages that fit.
   *
   * @param limit 1 to {@value #MOST}
   * @return the query
   * @throws IllegalArgumentException if the limit is out of its range
   */
  public static HistoryQuery last(int limit) {
    return new HistoryQuery(page(limit, false), null, null, null, "");
  }

  /**
   * Asks for the first messages that fit.
   *
   * @param limit 1 to {@value #MOST}
   * @return the query
   * @throws IllegalArgumentException if the limit is out of its range
   */
  public static HistoryQuery first(int limit) {
    return new HistoryQuery(page(limit, true), null, null, null, "");
  }

  private static Page page(int limit, boolean forward) {
    if (limit < 1 || limit > MOST) {
      throw new IllegalArgumentException(
          "a page has 1 to " + MOST + " messages, and not " + limit + ". Read several pages.");
    }
    return new Page(limit, forward, 0, Long.MAX_VALUE);
  }

  /**
   * Asks for messages after a row only.
   *
   * @param row a row number
   * @return a new query
   */
  public HistoryQuery after(long row) {
    return new HistoryQuery(
        new Page(limit, forward, row, before), conversation, since, state, words);
  }

  /**
   * Asks for messages before a row only.
   *
   * @param row a row number
   * @return a new query
   */
  public HistoryQuery before(long row) {
    return new HistoryQuery(
        new Page(limit, forward, after, row), conversation, since, state, words);
  }

  /**
   * Asks for messages of one conversation only.
   *
   * @param other the conversation
   * @return a new query
   */
  public HistoryQuery with(Conversation other) {
    return new HistoryQuery(
        page(), Objects.requireNonNull(other, "conversation"), since, state, words);
  }

  /**
   * Asks for messages with a {@link StoredMessage#time} from then on only.
   *
   * @param time the earliest time
   * @return a new query
   */
  public HistoryQuery since(Instant time) {
    return new HistoryQuery(
        page(), conversation, Objects.requireNonNull(time, "time"), state, words);
  }

  /**
   * Asks for messages in one state only.
   *
   * @param wanted the state
   * @return a new query
   */
  public HistoryQuery state(StoredMessage.State wanted) {
    return new HistoryQuery(
        page(), conversation, since, Objects.requireNonNull(wanted, "state"), words);
  }

  /**
   * Asks for messages with all these words only. A message has a word if one of its own words
   * begins with it. Case and accents do not count. Characters that are neither letters nor digits
   * separate words.
   *
   * @param text the words; without any word, the condition does not count
   * @return a new query
   */
  public HistoryQuery words(String text) {
    return new HistoryQuery(
        page(), conversation, since, state, Objects.requireNonNull(text, "text"));
  }

  private Page page() {
    return new Page(limit, forward, after, before);
  }

  /**
   * Returns the most messages to return.
   *
   * @return 1 to {@value #MOST}
   */
  public int limit() {
    return limit;
  }

  /**
   * Returns which messages to return if more than {@link #limit} fit.
   *
   * @return true for the first ones, false for the last ones
   */
  public boolean forward() {
    return forward;
  }

  /**
   * Returns the row after which messages fit.
   *
   * @return a row number, which does not fit itself; 0 without this condition
   */
  public long after() {
    return after;
  }

  /**
   * Returns the row before which messages fit.
   *
   * @return a row number, which does not fit itself; {@link Long#MAX_VALUE} without this condition
   */
  public long before() {
    return before;
  }

  /**
   * Returns the conversation.
   *
   * @return the conversation, or empty for all
   */
  public Optional<Conversation> conversation() {
    return Optional.ofNullable(conversation);
  }

  /**
   * Returns the earliest time.
   *
   * @return the time, or empty for all
   */
  public Optional<Instant> since() {
    return Optional.ofNullable(since);
  }

  /**
   * Returns the state.
   *
   * @return the state, or empty for all
   */
  public Optional<StoredMessage.State> state() {
    return Optional.ofNullable(state);
  }

  /**
   * Returns the words.
   *
   * @return the text; empty without this condition
   */
  public String words() {
    return words;
  }

  @Override
  public String toString() {
    return ValueFields.toString("HistoryQuery", this);
  }
}
