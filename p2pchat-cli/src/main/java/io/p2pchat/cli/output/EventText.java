package io.p2pchat.cli.output;

import io.p2pchat.Peer;
import io.p2pchat.PeerEvent;
import io.p2pchat.PeerEvent.MessageReceived;
import io.p2pchat.PeerEvent.PeerConnected;
import io.p2pchat.PeerEvent.PeerLeft;
import java.util.Optional;

/**
 * Formats events as lines for people: messages, connections, departures, and changes of connected
 * peers. {@link TrustNotices} formats the events about keys. The other kinds have no line.
 */
public final class EventText {
  private EventText() {}

  public static Optional<String> of(PeerEvent event) {
    // Without a default, so that a missing kind does not compile.
    return switch (event.kind()) {
      case MESSAGE_RECEIVED -> Optional.of(message((MessageReceived) event));
      case PEER_CONNECTED -> connected((PeerConnected) event);
      case PEER_LEFT -> left((PeerLeft) event);
      case PEER_UNREACHABLE, CONNECTION_LOST -> state(event.peer(), " cannot be reached.");
      case PEER_REACHABLE, CONNECTION_RESTORED -> state(event.peer(), " can be reached again.");
      case PEER_STALLED -> Optional.of(stalled(event.peer()));
      case SESSION_RESET ->
          Optional.of(who(event.peer()) + " was restarted; messages may arrive twice.");
      case PEER_ACTIVE,
          PEER_PINNED,
          PEER_RENAMED,
          PEER_REFUSED,
          PROTOCOL_VIOLATION,
          PEER_DISCOVERED,
          PEER_VANISHED,
          MESSAGE_DELIVERED,
          MESSAGE_FAILED ->
          Optional.empty();
    };
  }

  /** Returns the peer of an event that has a line. A raw message has none. */
  public static Optional<Peer> subject(PeerEvent event) {
    return switch (event.kind()) {
      case MESSAGE_RECEIVED ->
          ((MessageReceived) event).raw() ? Optional.empty() : Optional.of(event.peer());
      case PEER_CONNECTED,
          PEER_LEFT,
          PEER_UNREACHABLE,
          PEER_REACHABLE,
          CONNECTION_LOST,
          CONNECTION_RESTORED,
          PEER_STALLED,
          SESSION_RESET ->
          Optional.of(event.peer());
      case PEER_ACTIVE,
          PEER_PINNED,
          PEER_RENAMED,
          PEER_REFUSED,
          PROTOCOL_VIOLATION,
          PEER_DISCOVERED,
          PEER_VANISHED,
          MESSAGE_DELIVERED,
          MESSAGE_FAILED ->
          Optional.empty();
    };
  }

  /** Formats a peer as {@code address (team)}. */
  public static String who(Peer peer) {
    return peer.address() + " (" + team(peer) + ")";
  }

  /** Returns the team of a peer, as {@link NameText#of} shows it. */
  public static String team(Peer peer) {
    return peer.named() ? NameText.of(peer.teamName()) : peer.teamName();
  }

  // The address comes first, because a sender cannot choose it.
  private static String message(MessageReceived message) {
    Peer peer = message.peer();
    String how = message.raw() ? ", raw" : peer.encrypted() ? "" : ", plain";
    return peer.address() + " (" + team(peer) + how + "): " + message.text();
  }

  // The result line already reports an outgoing connection.
  private static Optional<String> connected(PeerConnected connected) {
    return connected.incoming()
        ? Optional.of(
            who(connected.peer()) + (connected.manual() ? " connected manually." : " connected."))
        : Optional.empty();
  }

  // For other peers, the result of the send says the same.
  private static Optional<String> state(Peer peer, String change) {
    return peer.connected() ? Optional.of(who(peer) + change) : Optional.empty();
  }

  private static String stalled(Peer peer) {
    return who(peer)
        + " is connected but acknowledges nothing; "
        + ResultText.messages(peer.unacknowledged())
        + (peer.unacknowledged() == 1 ? " is queued." : " are queued.");
  }

  private static Optional<String> left(PeerLeft left) {
    return switch (left.reason()) {
      case SAID_EXIT -> Optional.of(who(left.peer()) + " left.");
      case DISCONNECTED -> Optional.of("You left " + who(left.peer()) + ".");
      case GIVEN_UP ->
          Optional.of(
              who(left.peer()) + " was unreachable for too long and is not connected any more.");
      case RESTARTED ->
          Optional.of(who(left.peer()) + " was restarted and is not connected any more.");
      case FORGOTTEN -> Optional.empty();
    };
  }
}
