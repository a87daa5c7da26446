package io.p2pchat.discovery;

/**
 * Finds peers through the peers of this node, without multicast and without a server
 * (docs/PROTOCOL.md section 8). A node with this source tells its peers so. Those that have it too
 * name other such peers to it, at most 32 a minute each, and it names others to them. It names only
 * peers that it has dialed within the hour, and that have proven their keys.
 *
 * <p>The node needs one peer to begin with, such as from {@link StaticDiscovery}. It dials peers
 * that others have named, to learn whether they are there and what their team is: each IP address
 * at most once in ten minutes, and none that has failed for an hour. That opens no session, and
 * makes nobody an active peer.
 *
 * <p>What others say is not believed: found peers are as unproven as those of all sources. Whoever
 * takes part learns the addresses of peers that take part. Private addresses are named only to
 * peers that are seen at private addresses, and those of one machine or one link to nobody.
 *
 * <p>The source works only in a node, see {@link io.p2pchat.PeerNodeBuilder#discovery}, and one in
 * each. In a node that is {@linkplain io.p2pchat.PeerNodeBuilder#brief brief} it does nothing. With
 * strict trust or a verifier, the node dials and admits for this only peers whose keys it knows.
 *
 * <p>This class is thread-safe.
 */
public final class PeerExchange implements PeerDiscovery {
  private final boolean loopback;
  private Sessions sessions = new NoSessions();

  /** The exchange over the sessions of one node, which implements it. */
  public interface Sessions {
    /**
     * Begins to exchange. Returns at once.
     *
     * @param sink takes what is found
     * @param loopback whether loopback addresses are named like private ones, for tests
     */
    void begin(Sink sink, boolean loopback);

    /** Ends the exchange. Returns at once. */
    void end();
  }

  /** Stands for the sessions before there is a node. */
  private static final class NoSessions implements Sessions {
    @Override
    public void begin(Sink sink, boolean loopback) {
      throw new DiscoveryException(
          "peer exchange works only as a source of a node, and one in each:"
              + " pass it to PeerNodeBuilder.discovery");
    }

    @Override
    public void end() {}
  }

  /** Creates a source that has not started. */
  public PeerExchange() {
    this(false);
  }

  /** Creates a source that names loopback addresses too, for tests on one machine. */
  PeerExchange(boolean loopback) {
    this.loopback = loopback;
  }

  /**
   * Connects this source to the sessions of the node that it is in. Only the node calls this,
   * before {@link #start}.
   *
   * @param node the exchange of the node
   * @throws IllegalStateException if the source is in a node already
   */
  public synchronized void join(Sessions node) {
    if (!(sessions instanceof NoSessions)) {
      throw new IllegalStateException("a source belongs to one node; create one for each");
    }
    sessions = node;
  }

  @Override
  public String name() {
    return "exchange";
  }

  @Override
  public synchronized void start(Advertisement self, Sink sink) {
    sessions.begin(sink, loopback);
  }

  @Override
  public synchronized void close() {
    sessions.end();
  }
}
