package io.p2pchat.internal.net.handshake;

import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNodeException;
import io.p2pchat.internal.net.plain.PlainDial;
import io.p2pchat.internal.net.session.SessionChannelHandler;
import io.p2pchat.internal.protocol.Greeting;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A dial whose level is not known yet: exactly one of {@link Outcome}'s methods is called, on the
 * event loop and not within the dialing call.
 *
 * @param peer the peer
 * @param target its resolved address
 * @param patience how long to wait for the greeting
 * @param fallsBack whether silence means level 0, and not a failure
 * @param outcome told how it ended
 */
public record SessionDial(
    PeerAddress peer,
    InetSocketAddress target,
    Duration patience,
    boolean fallsBack,
    Outcome outcome) {

  /** How a dial ends. */
  public interface Outcome {
    /**
     * The peer greets; whether TLS is to come first.
     *
     * @throws PeerNodeException if there is to be no session; the same is told by {@link #failed}
     */
    boolean encrypts(Greeting greeting);

    /** The peer has greeted: the connection is at level 1, and silent until {@code HELLO}. */
    void greeted(SessionChannelHandler session, Greeting greeting);

    /**
     * The peer speaks level 0 only; the line that goes to it on this connection, or null.
     *
     * @throws PeerNodeException if nothing may go to it; the same is told by {@link #failed}
     */
    @Nullable PlainDial plain();

    /** The peer was not reached, did not greet where it must, or is refused. */
    void failed(PeerNodeException reason);
  }
}
