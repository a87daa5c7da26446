package io.p2pchat.internal.session;

/**
 * The limits on the queue for one peer (PROTOCOL.md section 6).
 *
 * @param maxLines the maximum number of lines
 * @param maxBytes the maximum number of bytes; a single line is always accepted
 */
public record QueueLimits(int maxLines, long maxBytes) {
  /** Returns whether a queue with these lines and bytes has room for one more line. */
  public boolean hasRoom(int lines, long bytes, int lineBytes) {
    return lines < maxLines && (lines == 0 || bytes + lineBytes <= maxBytes);
  }

  /** Returns whether less than half of both limits is in use. */
  public boolean isBelowHalf(int lines, long bytes) {
    return lines < maxLines - lines && bytes < maxBytes - bytes;
  }
}
