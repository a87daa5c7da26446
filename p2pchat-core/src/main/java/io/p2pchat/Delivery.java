package io.p2pchat;

/**
 * How far a message is known to have come when its send succeeded.
 *
 * <p>Specification: docs/PROTOCOL.md, section 2 (Level 0, Sending) and section 5 (Numbers,
 * acknowledgement, resumption).
 */
public enum Delivery {
  /**
   * The message was written to a connection that the peer had accepted. The plain format has no
   * acknowledgement, so nothing more can be known.
   */
  WRITTEN,

  /**
   * The peer acknowledged the message: its listener has returned from it or, between two nodes with
   * stores ({@link PeerNodeBuilder#store}), it has stored the message. Between nodes of this
   * library a message ends this way, unless its session ends first.
   */
  ACKNOWLEDGED,

  /**
   * The store of the node keeps the message. Either the node has closed: then it goes on at the
   * next start of a node with this store ({@link PeerNodeBuilder#store}). Or it was a {@link
   * PeerNode#broadcast broadcast}, and the peer is offline. Then the history has the outcome. If
   * the node is restarted first, {@link PeerEvent.MessageDelivered} or {@link
   * PeerEvent.MessageFailed} tells it too.
   */
  KEPT
}
