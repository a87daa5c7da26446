package io.p2pchat.cli.text;

import io.p2pchat.Fingerprint;
import io.p2pchat.KnownPeer;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerEvent;
import io.p2pchat.PeerEvent.PeerLeft.Reason;
import io.p2pchat.TrustException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** One event of each kind, about the same peer at the same time. */
public final class Events {
  public static final Instant TIME = Instant.parse("2026-01-02T03:04:05.006Z");
  public static final Peer PEER = peer(true);

  private Events() {}

  public static final Fingerprint KEY = Fingerprint.parse("01234567".repeat(8));
  public static final Fingerprint OTHER_KEY = Fingerprint.parse("89abcdef".repeat(8));

  public static Peer peer(boolean connected) {
    return peer(connected, Optional.empty());
  }

  private static Peer peer(boolean connected, Optional<Fingerprint> fingerprint) {
    return new Peer(
        PeerAddress.parse("[::1]:7070"),
        "One",
        connected,
        Peer.State.REACHABLE,
        Optional.of(Instant.EPOCH),
        Peer.Level.PLAIN,
        fingerprint,
        Optional.empty(),
        0);
  }

  public static PeerEvent message(String text, boolean raw) {
    return new PeerEvent.MessageReceived(PEER, text, raw, TIME);
  }

  public static PeerEvent encryptedMessage() {
    return new PeerEvent.MessageReceived(peer(true, Optional.of(KEY)), "secret", false, TIME);
  }

  /** A newcomer, whose team name is known by as many other keys. */
  public static PeerEvent pinned(int others) {
    List<KnownPeer> known =
        IntStream.range(0, others)
            .mapToObj(
                i ->
                    new KnownPeer(
                        "One", PeerAddress.parse("10.0.0.1:" + (7000 + i)), OTHER_KEY, TIME))
            .toList();
    return new PeerEvent.PeerPinned(PEER.address(), "One", KEY, known, TIME);
  }

  public static PeerEvent refused() {
    return new PeerEvent.PeerRefused(
        PEER.address(),
        refusal(Optional.of("One"), Optional.of(KEY), Optional.of(OTHER_KEY)),
        TIME);
  }

  public static TrustException refusal(
      Optional<String> team, Optional<Fingerprint> known, Optional<Fingerprint> presented) {
    return new TrustException(
        "refused for trust: why",
        TrustException.Refusal.of(PEER.address(), team, known, presented));
  }

  public static PeerEvent connected(boolean manual, boolean incoming) {
    return new PeerEvent.PeerConnected(PEER, manual, incoming, TIME);
  }

  public static PeerEvent left(Reason reason) {
    return new PeerEvent.PeerLeft(PEER, reason, TIME);
  }

  public static PeerEvent active() {
    return new PeerEvent.PeerActive(PEER, TIME);
  }

  public static PeerEvent unreachable(boolean connected) {
    return new PeerEvent.PeerUnreachable(peer(connected), TIME);
  }

  public static PeerEvent reachable(boolean connected) {
    return new PeerEvent.PeerReachable(peer(connected), TIME);
  }

  public static PeerEvent reset() {
    return new PeerEvent.SessionReset(PEER, TIME);
  }

  public static PeerEvent violation() {
    return new PeerEvent.ProtocolViolation(PEER.address(), "a line too long", TIME);
  }

  public static List<PeerEvent> ofEveryKind() {
    return List.of(
        message("hello", false),
        connected(true, true),
        left(Reason.SAID_EXIT),
        active(),
        unreachable(true),
        reachable(true),
        reset(),
        pinned(0),
        refused(),
        violation());
  }
}
