package io.p2pchat;

/**
 * Receives the events of a node.
 *
 * <p><b>Thread and order.</b> Events arrive one at a time, in the order in which they happened.
 * They arrive on the node's own event thread or on the {@link PeerNodeBuilder#executor}. With
 * {@link PeerNodeBuilder#inlineListener}, they arrive on the event loop, where a listener must not
 * block.
 *
 * <p><b>Blocking.</b> A listener may block. Further events are then queued, within {@link
 * NodeSettings#inboundBytesPerSource} and {@link NodeSettings#inboundBytesInAll}. At these limits
 * the node stops reading from the senders, so memory does not grow. Never wait for the future of a
 * send: two nodes that do so deadlock. Never wait for {@link PeerNode#whenWritable} either: it may
 * wait for the listener. A listener may close the node.
 *
 * <p><b>Acknowledgement.</b> A message of a session is acknowledged to its sender when this method
 * returns or throws, after all listeners got it. A listener that cannot use a message throws {@link
 * MessageRefusedException}: then it is not acknowledged.
 *
 * <p><b>Exceptions</b> are logged and passed to {@link PeerNodeBuilder#onListenerFailure}. The
 * other listeners get the event too, and the next event arrives as usual.
 *
 * <p><b>Closing.</b> No call of a listener begins after {@link PeerNode#close} has returned.
 */
@FunctionalInterface
public interface PeerListener {
  /**
   * Handles one event.
   *
   * @param event the event
   */
  void onEvent(PeerEvent event);
}
