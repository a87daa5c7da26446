package io.p2pchat;

import java.util.Objects;

/**
 * How a send to one of several peers ended: it was {@link Delivered}, or it has {@link Failed}.
 * There will never be a third.
 *
 * <p>Outcomes are immutable and thread-safe.
 */
public sealed interface SendOutcome {
  /**
   * The peer, as it was known when the send began.
   *
   * @return the peer
   */
  Peer peer();

  /**
   * Makes the outcome of a send that succeeded.
   *
   * @param peer the peer
   * @param delivery what is known of the message
   * @return the outcome
   */
  static SendOutcome delivered(Peer peer, Delivery delivery) {
    return new Delivered(peer, delivery);
  }

  /**
   * Makes the outcome of a send that failed.
   *
   * @param peer the peer
   * @param failure why
   * @return the outcome
   */
  static SendOutcome failed(Peer peer, PeerNodeException failure) {
    return new Failed(peer, failure);
  }

  /** The send succeeded. */
  final class Delivered implements SendOutcome {
    private final Peer peer;
    private final Delivery delivery;

    private Delivered(Peer peer, Delivery delivery) {
      this.peer = Objects.requireNonNull(peer, "peer");
      this.delivery = Objects.requireNonNull(delivery, "delivery");
    }

    @Override
    public Peer peer() {
      return peer;
    }

    /**
     * What is known of the message.
     *
     * @return as the future of {@link PeerNode#send} tells it
     */
    public Delivery delivery() {
      return delivery;
    }

    @Override
    public String toString() {
      return "Delivered[" + peer + ", " + delivery + "]";
    }
  }

  /** The send failed. */
  final class Failed implements SendOutcome {
    private final Peer peer;
    private final PeerNodeException failure;

    private Failed(Peer peer, PeerNodeException failure) {
      this.peer = Objects.requireNonNull(peer, "peer");
      this.failure = Objects.requireNonNull(failure, "failure");
    }

    @Override
    public Peer peer() {
      return peer;
    }

    /**
     * Why it failed.
     *
     * @return as the future of {@link PeerNode#send} tells it
     */
    public PeerNodeException failure() {
      return failure;
    }

    @Override
    public String toString() {
      return "Failed[" + peer + ", " + failure + "]";
    }
  }
}
