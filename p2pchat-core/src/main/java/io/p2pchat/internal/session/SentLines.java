package io.p2pchat.internal.session;

import org.jspecify.annotations.Nullable;

/**
 * The lines sent in one session after the other: which queue number is the session's first, and how
 * far lines were written in it and ever. A line keeps its number in the queue over sessions.
 */
final class SentLines {
  private final LineQueue lines;
  private long base;
  private long writtenInSession;
  private long writtenEver;

  SentLines(LineQueue lines) {
    this.lines = lines;
  }

  /** A new session begins: its first line is the first that is not settled. */
  void begin() {
    base = lines.settled();
    writtenInSession = base;
  }

  /** A line that was never written was taken out, behind all that are settled. */
  void skip() {
    base++;
    writtenInSession = Math.max(writtenInSession, lines.settled());
  }

  /** What was written on a connection counts. */
  void note(@Nullable SessionConnection connection) {
    if (connection != null) {
      writtenInSession = Math.max(writtenInSession, connection.writtenTo());
      writtenEver = Math.max(writtenEver, writtenInSession);
    }
  }

  /** The queue number after the first {@code count} lines of the session. */
  long number(long count) {
    return base + count;
  }

  /** Whether the peer can have received this many lines and not fewer than it has acknowledged. */
  boolean isPossible(long count) {
    return isWritten(count) && number(count) >= lines.settled();
  }

  /** Whether this many lines were written in the session. */
  boolean isWritten(long count) {
    return count <= writtenInSession - base;
  }

  /** Whether the line with this queue number is acknowledged or has failed. */
  boolean isSettled(long line) {
    return line < lines.settled();
  }

  /** Whether there are lines that the peer may have and has not acknowledged. */
  boolean hasUnknown() {
    return writtenEver > lines.settled();
  }

  boolean hasWaiting() {
    return lines.accepted() > lines.settled();
  }

  long writtenEver() {
    return writtenEver;
  }
}
