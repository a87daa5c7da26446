package io.p2pchat.internal.net.handshake;

import io.p2pchat.Fingerprint;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNodeException;
import io.p2pchat.internal.net.plain.PlainDial;
import io.p2pchat.internal.net.session.SessionChannelHandler;
import io.p2pchat.internal.protocol.Greeting;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A dial whose level is unknown. It ends with one call of {@link Outcome}, on the event loop and
 * after the dialing call returns.
 *
 * @param peer the peer
 * @param target the peer's resolved address
 * @param patience how long to wait for the greeting
 * @param outcome receives the result
 */
public record SessionDial(
    PeerAddress peer, InetSocketAddress target, Duration patience, Outcome outcome) {

  /** Receives the result of a dial. */
  public interface Outcome {
    /**
     * The peer has greeted. Returns whether to start TLS first.
     *
     * @throws PeerNodeException to refuse the session; {@link #failed} reports it too
     */
    boolean encrypts(Greeting greeting);

    /**
     * Returns which keys the peer may have, or null for any. With another key it does not learn
     * this node's certificate. The result is used on the thread of handshakes, before the peer has
     * proven that it holds the key.
     */
    @Nullable Predicate<Fingerprint> wanted(Greeting greeting);

    /** Returns whether another dial has won, so that this one is of no use any more. */
    default boolean isOver() {
      return false;
    }

    /** The peer has greeted. The connection is at level 1, and silent until {@code HELLO}. */
    void greeted(SessionChannelHandler session, Greeting greeting);

    /**
     * The peer speaks level 0 only. Returns the line to send on this connection, or null.
     *
     * @param silent whether it has said nothing, rather than anything but a greeting
     * @throws PeerNodeException to send nothing; {@link #failed} reports it too
     */
    @Nullable PlainDial plain(boolean silent);

    /**
     * The peer has begun to greet, and the connection ended before the TLS handshake did.
     *
     * @param reason the reason in words
     */
    void cut(String reason);

    /**
     * The peer has greeted, and has shown a key that is not wanted.
     *
     * @param shown the key, which the peer has not proved to hold
     */
    void anotherKey(Greeting greeting, Fingerprint shown);

    /** The peer was not reached, did not send a required greeting, or is refused. */
    void failed(PeerNodeException reason);
  }
}
