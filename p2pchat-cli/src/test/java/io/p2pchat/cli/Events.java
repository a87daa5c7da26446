package io.p2pchat.cli;

import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerEvent;
import io.p2pchat.PeerEvent.PeerLeft.Reason;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** One event of each kind, about the same peer at the same time. */
final class Events {
  static final Instant TIME = Instant.parse("2026-01-02T03:04:05.006Z");
  static final Peer PEER = peer(true);

  private Events() {}

  static Peer peer(boolean connected) {
    return new Peer(
        PeerAddress.parse("[::1]:7070"),
        "One",
        connected,
        Peer.State.REACHABLE,
        Optional.of(Instant.EPOCH),
        Peer.Level.PLAIN,
        Optional.empty(),
        0);
  }

  static PeerEvent message(String text, boolean raw) {
    return new PeerEvent.MessageReceived(PEER, text, raw, TIME);
  }

  static PeerEvent connected(boolean manual, boolean incoming) {
    return new PeerEvent.PeerConnected(PEER, manual, incoming, TIME);
  }

  static PeerEvent left(Reason reason) {
    return new PeerEvent.PeerLeft(PEER, reason, TIME);
  }

  static PeerEvent active() {
    return new PeerEvent.PeerActive(PEER, TIME);
  }

  static PeerEvent unreachable(boolean connected) {
    return new PeerEvent.PeerUnreachable(peer(connected), TIME);
  }

  static PeerEvent reachable(boolean connected) {
    return new PeerEvent.PeerReachable(peer(connected), TIME);
  }

  static PeerEvent reset() {
    return new PeerEvent.SessionReset(PEER, TIME);
  }

  static PeerEvent violation() {
    return new PeerEvent.ProtocolViolation(PEER.address(), "a line too long", TIME);
  }

  static List<PeerEvent> ofEveryKind() {
    return List.of(
        message("hello", false),
        connected(true, true),
        left(Reason.SAID_EXIT),
        active(),
        unreachable(true),
        reachable(true),
        reset(),
        violation());
  }
}
