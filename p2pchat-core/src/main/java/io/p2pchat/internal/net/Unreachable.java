package io.p2pchat.internal.net;

import io.netty.channel.ConnectTimeoutException;
import io.p2pchat.Fingerprint;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNodeException;
import io.p2pchat.PeerUnreachableException;
import io.p2pchat.PeerUnreachableException.Reason;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Creates the exceptions for unreachable peers. All their messages are worded here. */
public final class Unreachable {
  private Unreachable() {}

  /** The peer was not reached, for the reason in the text. */
  public static PeerUnreachableException of(PeerAddress peer, Reason reason, String text) {
    return of(peer, peer, reason, text, null);
  }

  /** The connection to a peer failed. */
  public static PeerUnreachableException of(PeerAddress peer, String text, Throwable cause) {
    return of(peer, peer, reason(cause), text, cause);
  }

  /** The lookup of a peer's name failed. */
  static PeerUnreachableException ofName(PeerAddress peer, String text, Throwable cause) {
    return of(peer, peer.host(), reason(cause), text, cause);
  }

  private static PeerUnreachableException of(
      PeerAddress peer, Object named, Reason reason, String text, @Nullable Throwable cause) {
    String message = "Could not reach " + named + ": " + text;
    return new PeerUnreachableException(message, peer, reason, cause);
  }

  /** No address of the holder of a key is known. */
  public static PeerUnreachableException unknown(Fingerprint key) {
    return new PeerUnreachableException(
        "Could not reach the holder of the key " + key + ": no address of it is known",
        null,
        Reason.OTHER,
        null);
  }

  /** A program at the address of a known peer has accepted a connection, and is silent. */
  public static PeerUnreachableException silent(PeerAddress peer) {
    return of(
        peer,
        Reason.TIMED_OUT,
        "it did not answer; a peer that encrypts is known there, so nothing was sent without"
            + " encryption");
  }

  /** Returns whether a wait for the peer took too long. Each further attempt would take as long. */
  public static boolean isTimeout(PeerNodeException failure) {
    return failure instanceof PeerUnreachableException unreachable
        && unreachable.reason() == Reason.TIMED_OUT;
  }

  /** Copies a failure for another message. */
  public static PeerUnreachableException again(PeerUnreachableException failure) {
    return new PeerUnreachableException(
        String.valueOf(failure.getMessage()),
        failure.peer().orElse(null),
        failure.reason(),
        failure.getCause());
  }

  /**
   * Returns whether no connection with the peer could be made at all. A reset means that the peer
   * accepted one and closed it at once.
   */
  public static boolean isNotConnected(PeerNodeException failure) {
    Throwable cause = failure.getCause();
    return failure instanceof PeerUnreachableException && cause != null && !isReset(cause);
  }

  /** Maps the failure of a lookup or of a connection to its reason. */
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
    return cause instanceof ClosedChannelException || isReset(cause) ? Reason.CLOSED : Reason.OTHER;
  }

  private static boolean isReset(Throwable cause) {
    return cause instanceof SocketException && String.valueOf(cause.getMessage()).contains("reset");
  }

  /** Returns whether no program listens at the dialed address. */
  public static boolean isRefused(Throwable cause) {
    // The text comes from the system, and may be translated.
    return cause instanceof ConnectException && !isTimeout(cause);
  }

  private static boolean isTimeout(Throwable cause) {
    return cause instanceof ConnectTimeoutException
        || cause instanceof SocketTimeoutException
        || cause instanceof TimeoutException
        || String.valueOf(cause.getMessage()).contains("timed out");
  }
}
