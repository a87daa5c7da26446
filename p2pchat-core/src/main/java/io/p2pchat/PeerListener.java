package io.p2pchat;

/**
 * Is told what happens at a node.
 *
 * <p><b>Thread and order.</b> Events come one at a time and in the order in which they happened, on
 * the node's own events thread or on the executor given to {@link PeerNodeBuilder#executor}; never
 * on a thread that does input or output.
 *
 * <p><b>May it block?</b> Yes. Events then wait, within {@link NodeSettings#inboundBytesPerSource}
 * and {@link NodeSettings#inboundBytesInAll}; at these bounds the node stops reading from the
 * senders, so they wait and the memory does not grow. It must not wait for the future of a send:
 * two nodes that do so wait for each other. It may close the node.
 *
 * <p><b>What it acknowledges.</b> A message of a session is acknowledged to its sender when this
 * method has returned from it, also by an exception.
 *
 * <p><b>What it throws</b> is logged, and the next event comes as usual.
 */
@FunctionalInterface
public interface PeerListener {
  /**
   * Takes one event.
   *
   * @param event what happened
   */
  void onEvent(PeerEvent event);
}
