package io.p2pchat.internal.discovery;

import io.p2pchat.KnownPeer;
import io.p2pchat.PeerAddress;
import io.p2pchat.discovery.PeerCandidate;

/** Candidates with a hint of a known key, in the list of a node without sources. */
public final class Hints {
  private static final DiscoveredPeers.Source SOURCE = new DiscoveredPeers.Source(0, "test", false);

  private Hints() {}

  /** A node of the peer is said to be at these addresses, for a day. */
  public static void found(
      DiscoveredPeers peers, KnownPeer known, String node, PeerAddress... addresses) {
    PeerCandidate.Builder candidate =
        PeerCandidate.builder(node)
            .node(node)
            .keyHint(PeerCandidate.keyHint(known.fingerprint(), node));
    for (PeerAddress address : addresses) {
      candidate.address(address);
    }
    PeerCandidate said = candidate.build();
    HintCheck check = new HintCheck(node, said.keyHint().orElseThrow());
    check.match = known.fingerprint();
    peers.take(SOURCE, said, check, known, Long.MAX_VALUE);
  }
}
