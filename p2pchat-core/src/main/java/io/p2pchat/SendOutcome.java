package io.p2pchat;

import java.util.Objects;

/**
 * The outcome of a send to one of several peers: {@link Delivered} or {@link Failed}. Later
 * versions will not add a third.
 *
 * <p>Outcomes are immutable and thread-safe.
 */
public sealed interface SendOutcome {
  /**
   * Returns the peer as it was when the send began.
   *
   * @return the peer
   */
  Peer peer();

  /**
   * Creates the outcome of a send that succeeded.
   *
   * @param peer the peer
   * @param delivery how far the message is known to have come
   * @return the outcome
   */
  static SendOutcome delivered(Peer peer, Delivery delivery) {
    return new Delivered(peer, delivery);
  }

  /**
   * Creates the outcome of a send that failed.
   *
   * @param peer the peer
   * @param failure why it failed
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
     * Returns how far the message is known to have come.
     *
     * @return the value with which the future of {@link PeerNode#send} completes
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
     * Returns why the send failed.
     *
     * @return the exception with which the future of {@link PeerNode#send} fails
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
