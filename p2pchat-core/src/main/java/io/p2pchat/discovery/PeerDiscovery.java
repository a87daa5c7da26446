package io.p2pchat.discovery;

/**
 * A source of peers, such as multicast DNS. It announces this node where {@link
 * Advertisement#announces} allows it, and reports {@linkplain PeerCandidate candidates} to a {@link
 * Sink}.
 *
 * <p>A candidate is a hint: nothing that a source says is trusted. The node checks who answers at
 * the addresses, and decides when it dials them.
 *
 * <p>A source lives once: {@link #start}, then {@link #close}. The node calls each of them once, on
 * a thread of its own that may wait, never on its event loop. A source uses its own threads, which
 * are daemon threads.
 */
public interface PeerDiscovery extends AutoCloseable {
  /**
   * Returns the name of the source, which users see, such as in {@link
   * io.p2pchat.DiscoveredPeer#sources}.
   *
   * @return a short name, always the same; the name of the class by default
   */
  default String name() {
    return getClass().getSimpleName();
  }

  /**
   * Starts announcing and looking for peers. Returns when the source is set up, and does not wait
   * for peers. A source that cannot work now but may later, as without a network, starts and keeps
   * trying.
   *
   * @param self what may be announced about this node
   * @param sink takes the candidates, until {@link #close} returns
   * @throws DiscoveryException if the source cannot start. The node logs the message and continues
   *     with its other sources. It does not call {@link #close}: a failed start leaves nothing
   *     behind
   * @throws IllegalStateException if the source was started or closed before
   */
  void start(Advertisement self, Sink sink);

  /**
   * Stops announcing and looking, says goodbye where the source can, and frees everything. Returns
   * when nothing more is sent or reported, at most one second later. Never throws. A second call,
   * and a call before {@link #start}, does nothing more.
   */
  @Override
  void close();
}
