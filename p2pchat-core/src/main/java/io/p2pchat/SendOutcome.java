package io.p2pchat;

import java.util.Optional;

/**
 * How a send to one of several peers ended: with a delivery or with a failure, never both.
 *
 * <p>This class is immutable and thread-safe.
 *
 * @param peer the peer, as it was known when the send began
 * @param delivery what is known of a send that succeeded
 * @param failure why it did not
 */
public record SendOutcome(
    Peer peer, Optional<Delivery> delivery, Optional<PeerNodeException> failure) {
  /**
   * Checks that exactly one of the two is there.
   *
   * @param peer as above
   * @param delivery as above
   * @param failure as above
   * @throws IllegalArgumentException if both or neither are
   */
  public SendOutcome {
    if (delivery.isPresent() == failure.isPresent()) {
      throw new IllegalArgumentException("either a delivery or a failure");
    }
  }
}
