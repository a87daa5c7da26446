package io.p2pchat.internal.peer;

/** What may wait for one peer, in lines and in bytes (PROTOCOL.md section 6). Thread-safe. */
final class Budget {
  private final int maxLines;
  private final long maxBytes;
  private int lines;
  private long bytes;

  Budget(int maxLines, long maxBytes) {
    this.maxLines = maxLines;
    this.maxBytes = maxBytes;
  }

  /** Takes room for one line; false if there is none. A line always fits where nothing waits. */
  synchronized boolean reserve(int lineBytes) {
    if (lines >= maxLines || (lines > 0 && bytes + lineBytes > maxBytes)) {
      return false;
    }
    lines++;
    bytes += lineBytes;
    return true;
  }

  /** What waits, for the text of an exception. */
  @Override
  public synchronized String toString() {
    return lines + " messages with " + bytes + " bytes";
  }
}
