package io.p2pchat.cli.text;

import io.p2pchat.Peer;
import io.p2pchat.PeerEvent;
import io.p2pchat.PeerEvent.MessageReceived;
import io.p2pchat.PeerEvent.PeerConnected;
import io.p2pchat.PeerEvent.PeerLeft;
import io.p2pchat.PeerEvent.PeerReachable;
import io.p2pchat.PeerEvent.PeerUnreachable;
import io.p2pchat.PeerEvent.SessionReset;
import java.util.Optional;

/**
 * Events as lines for a person: messages, connections and departures, and what happens to those who
 * are connected. Who is trusted is told by {@link TrustNews}. The rest has no line; the lists of
 * peers show it.
 */
public final class EventText {
  private EventText() {}

  public static Optional<String> of(PeerEvent event) {
    if (event instanceof MessageReceived message) {
      return Optional.of(message(message));
    }
    if (event instanceof PeerConnected connected) {
      return connected(connected);
    }
    return event instanceof PeerLeft left ? left(left) : state(event);
  }

  /** The peer whom an event with a line is about; of a raw message there is none. */
  public static Optional<Peer> subject(PeerEvent event) {
    if (event instanceof MessageReceived message) {
      return Optional.of(message).filter(it -> !it.raw()).map(MessageReceived::peer);
    }
    if (event instanceof PeerConnected connected) {
      return Optional.of(connected.peer());
    }
    if (event instanceof PeerLeft left) {
      return Optional.of(left.peer());
    }
    if (event instanceof PeerUnreachable unreachable) {
      return Optional.of(unreachable.peer());
    }
    if (event instanceof PeerReachable reachable) {
      return Optional.of(reachable.peer());
    }
    return event instanceof SessionReset reset ? Optional.of(reset.peer()) : Optional.empty();
  }

  /** A peer as {@code address (team)}. */
  public static String who(Peer peer) {
    return peer.address() + " (" + peer.teamName() + ")";
  }

  // The address first: it is what a sender cannot choose.
  private static String message(MessageReceived message) {
    Peer peer = message.peer();
    String team = message.raw() ? peer.teamName() + ", raw" : peer.teamName();
    return peer.address() + " (" + team + "): " + message.text();
  }

  // A connection of one's own has its result line already.
  private static Optional<String> connected(PeerConnected connected) {
    return connected.incoming()
        ? Optional.of(
            who(connected.peer()) + (connected.manual() ? " connected manually." : " connected."))
        : Optional.empty();
  }

  // Who is not connected, one only hears of when one sends: that says by itself how it went.
  private static Optional<String> state(PeerEvent event) {
    if (event instanceof PeerUnreachable unreachable && unreachable.peer().connected()) {
      return Optional.of(who(unreachable.peer()) + " cannot be reached.");
    }
    if (event instanceof PeerReachable reachable && reachable.peer().connected()) {
      return Optional.of(who(reachable.peer()) + " can be reached again.");
    }
    return event instanceof SessionReset reset
        ? Optional.of(who(reset.peer()) + " was restarted; messages may arrive twice.")
        : Optional.empty();
  }

  private static Optional<String> left(PeerLeft left) {
    return switch (left.reason()) {
      case SAID_EXIT -> Optional.of(who(left.peer()) + " left.");
      case DISCONNECTED -> Optional.of("You left " + who(left.peer()) + ".");
      case GIVEN_UP ->
          Optional.of(
              who(left.peer()) + " was unreachable for too long and is not connected any more.");
      case FORGOTTEN -> Optional.empty();
    };
  }
}
