package io.p2pchat.internal.session;

/**
 * The lines received in one session: how many were handed to the dispatcher, how many the
 * application has taken, and when that is acknowledged (PROTOCOL.md section 5).
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

  /** Whether the application has taken all that was received. */
  boolean isAllTaken() {
    return taken == received;
  }

  /** Whether lines were taken that are not acknowledged. */
  boolean isAckWaiting() {
    return taken > acknowledged;
  }

  void receive(int lines) {
    received += lines;
  }

  /** The application has taken lines; true if an acknowledgement is due now. */
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

  /** The count to acknowledge; it is acknowledged with this. */
  long acknowledge() {
    acknowledged = taken;
    acknowledgedBytes = takenBytes;
    ackDue = SessionTimeouts.NEVER;
    return taken;
  }
}
