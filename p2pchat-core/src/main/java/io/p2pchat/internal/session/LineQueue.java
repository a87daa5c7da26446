package io.p2pchat.internal.session;

/** The queue of chat lines to a peer, as a session sees it: numbered, and kept until settled. */
public interface LineQueue {
  /** A new session begins, in which no line is written yet. */
  default void begin() {}

  /** Returns the number of the first line that is neither acknowledged nor failed. */
  long settled();

  /**
   * Returns the number after the first {@code count} unsettled lines. Lines that were withdrawn do
   * not count. If there are fewer, the result is above {@link #accepted}.
   */
  long after(long count);

  /** Returns the number that the next accepted line will have. */
  long accepted();
}
