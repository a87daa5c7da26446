package io.p2pchat;

import org.jspecify.annotations.Nullable;

/**
 * The message does not fit into a frame of the configured size, or of the size that the peer
 * accepts. Nothing of it was sent. Shorten the message, or send it in parts.
 */
public final class MessageTooLargeException extends PeerNodeException {
  private static final long serialVersionUID = 1L;

  /** The length of the message's line in bytes. */
  private final long bytes;

  /** The longest line allowed, in bytes. */
  private final long limit;

  /**
   * Creates the exception.
   *
   * @param message what happened, with the numbers
   * @param peer the peer, or null if the message had several recipients
   * @param bytes the length of the message's line, in bytes with its line end
   * @param limit the longest line allowed, in bytes
   */
  public MessageTooLargeException(
      String message, @Nullable PeerAddress peer, long bytes, long limit) {
    super(message, peer, null);
    this.bytes = bytes;
    this.limit = limit;
  }

  /**
   * Returns the length of the message's line.
   *
   * @return bytes, with the header before the text and the line end
   */
  public long bytes() {
    return bytes;
  }

  /**
   * Returns the longest line allowed: {@link NodeSettings#maxFrameBytes} of this node or of the
   * peer.
   *
   * @return bytes, with the line end
   */
  public long limit() {
    return limit;
  }
}
