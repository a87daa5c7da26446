package io.p2pchat.internal.session;

/**
 * The lines received in one session (PROTOCOL.md section 5). It counts the lines passed to the
 * dispatcher and those the application has taken, and decides when to acknowledge.
 */
final class ReceivedLines {
  private static final int ACK_LINES = 4096;
  private static final int ACK_BYTES = 512 * 1024;

  private final SessionTimeouts times;
  private long received;
  private long taken;
  private long takenBytes;
  private long acknowledged;
  private long acknowledgedBytes;
  private long ackDue = SessionTimeouts.NEVER;

  ReceivedLines(SessionTimeouts times) {
    this.times = times;
  }

  long received() {
    return received;
  }

  long taken() {
    return taken;
  }

  /** The application takes none of the remaining lines. */
  void dropUntaken() {
    received = taken;
  }

  /** Returns whether the application has taken all received lines. */
  boolean isAllTaken() {
    return taken == received;
  }

  /** Returns whether taken lines are not acknowledged yet. */
  boolean isAckWaiting() {
    return taken > acknowledged;
  }

  void receive(int lines) {
    received += lines;
  }

  /** The application has taken lines. Returns true if an acknowledgement is due now. */
  boolean take(long now, int lines, long bytes) {
    taken += lines;
    takenBytes += bytes;
    if (ackDue == SessionTimeouts.NEVER) {
      ackDue = now + times.ackDelay();
    }
    return taken == received
        || taken - acknowledged >= ACK_LINES
        || takenBytes - acknowledgedBytes >= ACK_BYTES;
  }

  boolean isAckDue(long now) {
    return ackDue != SessionTimeouts.NEVER && now - ackDue >= 0;
  }

  long ackDue() {
    return ackDue;
  }

  /** Returns the count to acknowledge, and marks it as acknowledged. */
  long acknowledge() {
    acknowledged = taken;
    acknowledgedBytes = takenBytes;
    ackDue = SessionTimeouts.NEVER;
    return taken;
  }
}
