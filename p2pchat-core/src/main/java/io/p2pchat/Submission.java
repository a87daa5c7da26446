package io.p2pchat;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/**
 * A message that was submitted to a node ({@link PeerNode#submit(Peer, String, SendOptions)}).
 *
 * <p>This class is thread-safe. Specification: docs/PROTOCOL.md, section 9.
 */
public final class Submission {
  private final String id;
  private final CompletableFuture<Void> kept;
  private final CompletableFuture<Delivery> delivered;
  private final BooleanSupplier withdraw;

  private Submission(
      String id,
      CompletableFuture<Void> kept,
      CompletableFuture<Delivery> delivered,
      BooleanSupplier withdraw) {
    this.id = Objects.requireNonNull(id, "id");
    this.kept = Objects.requireNonNull(kept, "kept");
    this.delivered = Objects.requireNonNull(delivered, "delivered");
    this.withdraw = Objects.requireNonNull(withdraw, "withdraw");
  }

  /**
   * Creates a submission, also for tests of applications.
   *
   * @param id the identifier
   * @param kept completes when the message is kept
   * @param delivered completes when the message is delivered
   * @param withdraw withdraws the message, and returns whether it did
   * @return the submission
   */
  public static Submission of(
      String id,
      CompletableFuture<Void> kept,
      CompletableFuture<Delivery> delivered,
      BooleanSupplier withdraw) {
    return new Submission(id, kept, delivered, withdraw);
  }

  /**
   * Returns what names the message, in this node and in its store.
   *
   * @return the identifier, at most 64 characters
   */
  public String id() {
    return id;
  }

  /**
   * Completes when the message is accepted: it is in the store, and outlasts the end of the
   * process. While the key of the peer is unknown, the message waits in memory; it is stored when
   * the peer shows its key. Without a store, the future completes when the message is queued.
   *
   * @return fails with {@link StoreException} if the message could not be stored. If the store has
   *     never been opened, the message is sent all the same. It also fails with what {@link
   *     #delivered} fails with
   */
  public CompletableFuture<Void> kept() {
    return kept;
  }

  /**
   * Completes as the future of {@link PeerNode#send(Peer, String, SendOptions)}. When the node
   * closes first, it completes with {@link Delivery#KEPT}.
   *
   * @return the outcome of the message
   */
  public CompletableFuture<Delivery> delivered() {
    return delivered;
  }

  /**
   * Withdraws the message, unless it was written already. {@link #delivered} then fails with {@link
   * MessageWithdrawnException}. A message that was written may arrive: {@code delivered} then fails
   * with {@link DeliveryUnknownException}.
   *
   * <p>With a store, {@code delivered} fails only when the end of the message is stored: then it is
   * not sent after a restart either. If the node closes before that, it fails with {@link
   * StoreException}.
   *
   * @return whether the peer never gets the message, when {@code delivered} says so too
   */
  public boolean withdraw() {
    return withdraw.getAsBoolean();
  }
}
