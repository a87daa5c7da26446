package io.p2pchat;

import org.jspecify.annotations.Nullable;

/**
 * The message does not fit into a frame of the configured size, or of the size that the peer takes,
 * and nothing of it was sent. Shorten it, or send it in parts.
 */
public final class MessageTooLargeException extends PeerNodeException {
  private static final long serialVersionUID = 1L;

  /** How long the line of the message is. */
  private final long bytes;

  /** How long it may be. */
  private final long limit;

  /**
   * Makes the exception.
   *
   * @param message what happened, with the numbers
   * @param peer the peer, or null where the message was for several
   * @param bytes how long the line of the message is, in bytes with its end
   * @param limit how long it may be
   */
  public MessageTooLargeException(
      String message, @Nullable PeerAddress peer, long bytes, long limit) {
    super(message, peer, null);
    this.bytes = bytes;
    this.limit = limit;
  }

  /**
   * How long the line of the message is.
   *
   * @return bytes, with the line end and what goes before the text
   */
  public long bytes() {
    return bytes;
  }

  /**
   * How long it may be: {@link NodeSettings#maxFrameBytes}, of this node or of the peer.
   *
   * @return bytes, with the line end
   */
  public long limit() {
    return limit;
  }
}
