package io.p2pchat.internal.session;

import org.jspecify.annotations.Nullable;

/**
 * The lines sent over successive sessions. It tracks the session's first queue number, and how far
 * lines were written in the session and ever. A line keeps its queue number across sessions.
 */
final class SentLines {
  private final LineQueue lines;
  private long base;
  private long writtenInSession;
  private long writtenEver;
  private long receivedEver;

  SentLines(LineQueue lines) {
    this.lines = lines;
  }

  /** A new session begins. Its first line is the first unsettled one. */
  void begin() {
    base = lines.settled();
    writtenInSession = base;
    receivedEver = Math.max(receivedEver, base);
  }

  /** An unwritten line behind all settled ones was removed. */
  void skip() {
    base++;
    writtenInSession = Math.max(writtenInSession, lines.settled());
  }

  /** Counts the lines written on a connection. */
  void note(@Nullable SessionConnection connection) {
    if (connection != null) {
      writtenInSession = Math.max(writtenInSession, connection.writtenTo());
      writtenEver = Math.max(writtenEver, writtenInSession);
    }
  }

  /** The peer has received all lines below this number. Returns whether that is new. */
  boolean received(long number) {
    boolean more = number > receivedEver;
    receivedEver = Math.max(receivedEver, number);
    return more;
  }

  /** Returns the queue number after the first {@code count} lines of the session. */
  long number(long count) {
    return base + count;
  }

  /**
   * Returns whether this received count is possible: at most what was written, at least what was
   * acknowledged.
   */
  boolean isPossible(long count) {
    return isWritten(count) && number(count) >= lines.settled();
  }

  /** Returns whether this many lines were written in the session. */
  boolean isWritten(long count) {
    return count <= writtenInSession - base;
  }

  /** Returns the queue number of the first line that is neither acknowledged nor has failed. */
  long firstUnsettled() {
    return lines.settled();
  }

  /** Returns whether the line with this queue number is acknowledged or has failed. */
  boolean isSettled(long line) {
    return line < lines.settled();
  }

  /** Returns whether the peer may have received lines that it has not acknowledged. */
  boolean hasUnknown() {
    return writtenEver > lines.settled();
  }

  /** Returns the queue number after the last line that was queued. */
  long accepted() {
    return lines.accepted();
  }

  boolean hasWaiting() {
    return lines.accepted() > lines.settled();
  }

  long writtenEver() {
    return writtenEver;
  }
}
