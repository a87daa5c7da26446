package io.p2pchat.internal.peer;

import io.p2pchat.PeerNodeException;
import io.p2pchat.PeerUnreachableException;
import io.p2pchat.TrustException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of one contact to reach its peer, of which the last one counts, and what the
 * messages fail with that were not sent since none has succeeded. Used on the event loop; what
 * makes a failure for each message is called on the thread that completes futures.
 */
final class Redialer {
  private final PeerEndpoint contact;
  private @Nullable Attempt last;

  /** Why the peer, or this node at the peer, was refused last; what then fails tells so. */
  private @Nullable TrustException refusal;

  Redialer(PeerEndpoint contact) {
    this.contact = contact;
  }

  /** Dials, to find out the level or to resume the session. */
  void dial() {
    refusal = null;
    last = new Attempt(contact);
    last.begin();
  }

  /** Whether a later one has taken its place. */
  boolean isLate(Attempt attempt) {
    return attempt != last;
  }

  /** A session is open. */
  void succeeded() {
    refusal = null;
  }

  /** There is to be no session, for trust. */
  void refused(TrustException reason) {
    refusal = reason;
  }

  /** What the attempt was made for fails; the rest too, if it would have to wait as long again. */
  void notReached(PeerNodeException reason) {
    OutboundFlow outbox = contact.outbox;
    contact.contacts.peers.unreachable(contact.address, null);
    boolean all = PlainSend.isTimeout(reason) || reason instanceof TrustException;
    outbox.fail(all ? Long.MAX_VALUE : outbox.queue.settled() + 1, () -> again(reason));
  }

  /** A failure of its own for each message. */
  private static PeerNodeException again(PeerNodeException reason) {
    String message = String.valueOf(reason.getMessage());
    return reason instanceof TrustException refused
        ? new TrustException(message, refused.refusal())
        : new PeerUnreachableException(message, reason.getCause());
  }

  /** What the lines that were never written fail with, as it is now. */
  Supplier<PeerNodeException> unsent(String reason) {
    TrustException refused = refusal;
    String problem = "Could not reach " + contact.address + ": " + reason;
    return () -> again(refused != null ? refused : new PeerUnreachableException(problem, null));
  }
}
