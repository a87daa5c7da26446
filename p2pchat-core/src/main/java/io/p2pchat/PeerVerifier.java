package io.p2pchat;

/**
 * Decides which peers an application trusts, in place of a {@link TrustStore}. See {@link
 * Trust#of}.
 */
@FunctionalInterface
public interface PeerVerifier {
  /**
   * Decides whether the holder of a key is this team at this address. The peer has proved that it
   * holds the key. All else is its claim. The node asks whenever a session begins or resumes,
   * before it accepts a message from the peer or sends one to it.
   *
   * <p>Called on a thread of the node, one peer at a time. Other peers wait meanwhile, so answer
   * within milliseconds, and do not wait for the network. A peer gives up after 10 seconds, an
   * older one after 5. Closing the node interrupts the thread.
   *
   * @param teamName the team that the peer names
   * @param address the IP address of the peer and the listening port that it names, or the dialed
   *     address
   * @param fingerprint the fingerprint of its key
   * @return whether to trust it; if not, and if this method throws, the peer is refused
   */
  boolean isTrusted(String teamName, PeerAddress address, Fingerprint fingerprint);
}
