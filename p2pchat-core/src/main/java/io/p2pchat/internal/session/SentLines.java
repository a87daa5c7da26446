package io.p2pchat.internal.session;

import org.jspecify.annotations.Nullable;

/**
 * The lines sent over successive sessions. It tracks how many lines of the session are settled, and
 * how far lines were written in the session and ever. A line keeps its queue number across
 * sessions. Lines that were withdrawn have a number in the queue and none in the session.
 */
final class SentLines {
  private final LineQueue lines;

  /** How many lines of the session precede the first unsettled one. */
  private long acknowledged;

  private long writtenInSession;
  private long writtenEver;
  private long receivedEver;

  SentLines(LineQueue lines) {
    this.lines = lines;
  }

  /** A new session begins. Its first line is the first unsettled one. */
  void begin() {
    lines.begin();
    acknowledged = 0;
    writtenInSession = lines.settled();
    receivedEver = Math.max(receivedEver, writtenInSession);
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

  /** The peer has acknowledged so many lines of the session, and they are settled. */
  void acknowledge(long count) {
    acknowledged = Math.max(acknowledged, count);
  }

  /** Returns the queue number after the first {@code count} lines of the session. */
  long number(long count) {
    return count <= acknowledged ? lines.settled() : lines.after(count - acknowledged);
  }

  /**
   * Returns whether this received count is possible: at most what was written, at least what was
   * acknowledged.
   */
  boolean isPossible(long count) {
    return isWritten(count) && count >= acknowledged;
  }

  /** Returns whether this many lines were written in the session. */
  boolean isWritten(long count) {
    return count <= acknowledged || number(count) <= writtenInSession;
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
