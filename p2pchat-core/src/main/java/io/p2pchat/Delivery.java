package io.p2pchat;

/**
 * What is known of a message when its send has succeeded.
 *
 * <p>Specification: docs/PROTOCOL.md, section 2 (Level 0, Sending) and section 5 (Numbers,
 * acknowledgement, resumption).
 */
public enum Delivery {
  /**
   * The message was written to a connection the peer had accepted. Programs of the plain format
   * confirm nothing, so no more can be known of them.
   */
  WRITTEN,

  /**
   * The peer's application has taken the message: its listener has returned from it. Between nodes
   * of this library a message ends so, unless its session ends first.
   */
  ACKNOWLEDGED
}
