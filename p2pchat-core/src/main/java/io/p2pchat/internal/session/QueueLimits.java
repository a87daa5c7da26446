package io.p2pchat.internal.session;

/**
 * How much may wait for one peer (PROTOCOL.md section 6).
 *
 * @param maxLines how many lines
 * @param maxBytes how many bytes; a single line may always wait
 */
public record QueueLimits(int maxLines, long maxBytes) {
  /** Whether there is room for one more line where so much waits. */
  public boolean hasRoom(int lines, long bytes, int lineBytes) {
    return lines < maxLines && (lines == 0 || bytes + lineBytes <= maxBytes);
  }

  /** Whether less than half of both limits waits. */
  boolean isBelowHalf(int lines, long bytes) {
    return lines < maxLines - lines && bytes < maxBytes - bytes;
  }
}
