package io.p2pchat.internal.net;

import io.netty.channel.ConnectTimeoutException;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerUnreachableException;
import io.p2pchat.PeerUnreachableException.Reason;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Makes the failures of peers that were not reached, and says in one place how they are worded. */
public final class Unreachable {
  private Unreachable() {}

  /** A peer was not reached, for what the text says. */
  public static PeerUnreachableException of(PeerAddress peer, Reason reason, String text) {
    return of(peer, peer, reason, text, null);
  }

  /** A connection to a peer could not be made. */
  public static PeerUnreachableException of(PeerAddress peer, String text, Throwable cause) {
    return of(peer, peer, reason(cause), text, cause);
  }

  /** The name of a peer could not be looked up. */
  static PeerUnreachableException ofName(PeerAddress peer, String text, Throwable cause) {
    return of(peer, peer.host(), reason(cause), text, cause);
  }

  private static PeerUnreachableException of(
      PeerAddress peer, Object named, Reason reason, String text, @Nullable Throwable cause) {
    String message = "Could not reach " + named + ": " + text;
    return new PeerUnreachableException(message, peer, reason, cause);
  }

  /** The same failure once more, for another message. */
  public static PeerUnreachableException again(PeerUnreachableException failure) {
    return new PeerUnreachableException(
        String.valueOf(failure.getMessage()),
        failure.peer().orElseThrow(),
        failure.reason(),
        failure.getCause());
  }

  /** What the failure of a lookup or of a connection means. */
  static Reason reason(Throwable cause) {
    String text = String.valueOf(cause.getMessage());
    if (cause instanceof UnknownHostException) {
      return Reason.UNKNOWN_HOST;
    }
    if (isTimeout(cause)) {
      return Reason.TIMED_OUT;
    }
    if (cause instanceof NoRouteToHostException || text.contains("unreachable")) {
      return Reason.NO_ROUTE;
    }
    if (isRefused(cause)) {
      return Reason.REFUSED;
    }
    return cause instanceof ClosedChannelException ? Reason.CLOSED : Reason.OTHER;
  }

  /** Whether no program listens where a connection was to be made. */
  public static boolean isRefused(Throwable cause) {
    // The text is the system's, and may be translated.
    return cause instanceof ConnectException && !isTimeout(cause);
  }

  private static boolean isTimeout(Throwable cause) {
    return cause instanceof ConnectTimeoutException
        || cause instanceof SocketTimeoutException
        || cause instanceof TimeoutException
        || String.valueOf(cause.getMessage()).contains("timed out");
  }
}
