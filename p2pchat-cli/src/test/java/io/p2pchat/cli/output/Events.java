package io.p2pchat.cli.output;

import io.p2pchat.DiscoveredPeer;
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
    return Peer.builder(PeerAddress.parse("[::1]:7070"))
        .teamName("One")
        .connected(connected)
        .lastHeard(Instant.EPOCH)
        .fingerprint(fingerprint.orElse(null))
        .build();
  }

  public static PeerEvent message(String text, boolean raw) {
    return PeerEvent.MessageReceived.of(PEER, text, raw, TIME);
  }

  public static PeerEvent encryptedMessage() {
    return PeerEvent.MessageReceived.of(peer(true, Optional.of(KEY)), "secret", false, TIME);
  }

  /** A newcomer, whose team name is known by as many other keys. */
  public static PeerEvent pinned(int others) {
    List<KnownPeer> known =
        IntStream.range(0, others)
            .mapToObj(
                i ->
                    KnownPeer.of(
                        "One", PeerAddress.parse("10.0.0.1:" + (7000 + i)), OTHER_KEY, TIME))
            .toList();
    return PeerEvent.PeerPinned.of(peer(false, Optional.of(KEY)), known, TIME);
  }

  /** A known key under a new name, which others have or which looks like theirs. */
  public static PeerEvent renamed(List<KnownPeer> others, List<KnownPeer> lookAlikes) {
    return PeerEvent.PeerRenamed.of(
        peer(false, Optional.of(KEY)),
        List.of("Old", "Older"),
        others,
        lookAlikes,
        !lookAlikes.isEmpty(),
        TIME);
  }

  public static KnownPeer known(String team) {
    return KnownPeer.of(team, PeerAddress.parse("10.0.0.1:7000"), OTHER_KEY, TIME);
  }

  public static PeerEvent refused() {
    return PeerEvent.PeerRefused.of(
        peer(false, Optional.of(OTHER_KEY)),
        refusal(Optional.of("One"), Optional.of(KEY), Optional.of(OTHER_KEY)),
        TIME);
  }

  public static TrustException refusal(
      Optional<String> team, Optional<Fingerprint> known, Optional<Fingerprint> presented) {
    return new TrustException(
        "not trusted: why", TrustException.Refusal.of(PEER.address(), team, known, presented));
  }

  public static PeerEvent connected(boolean manual, boolean incoming) {
    return PeerEvent.PeerConnected.of(PEER, manual, incoming, TIME);
  }

  public static PeerEvent left(Reason reason) {
    return PeerEvent.PeerLeft.of(PEER, reason, TIME);
  }

  public static PeerEvent active() {
    return PeerEvent.PeerActive.of(PEER, TIME);
  }

  public static PeerEvent unreachable(boolean connected) {
    return PeerEvent.PeerUnreachable.of(peer(connected), TIME);
  }

  public static PeerEvent reachable(boolean connected) {
    return PeerEvent.PeerReachable.of(peer(connected), TIME);
  }

  public static PeerEvent connectionLost(boolean connected) {
    return PeerEvent.ConnectionLost.of(peer(connected), TIME);
  }

  public static PeerEvent connectionRestored(boolean connected) {
    return PeerEvent.ConnectionRestored.of(peer(connected), TIME);
  }

  public static PeerEvent stalled(int waiting) {
    Peer peer =
        Peer.builder(PEER.address())
            .teamName("One")
            .connected(true)
            .unacknowledged(waiting)
            .build();
    return PeerEvent.PeerStalled.of(peer, TIME);
  }

  public static PeerEvent reset() {
    return PeerEvent.SessionReset.of(PEER, TIME);
  }

  public static PeerEvent violation() {
    return PeerEvent.ProtocolViolation.of(PEER, "a line too long", TIME);
  }

  /** A discovered peer, with all that can be known of it or only its address. */
  public static DiscoveredPeer discovered(boolean all) {
    DiscoveredPeer.Builder peer = DiscoveredPeer.builder(List.of(PEER.address()), TIME);
    return all
        ? peer.node("a".repeat(26))
            .teamName("One")
            .keyHint("0123456789abcdef")
            .known(known("One"))
            .sources(List.of("multicast", "static"))
            .build()
        : peer.sources(List.of("dns")).build();
  }

  public static PeerEvent discovered() {
    return PeerEvent.PeerDiscovered.of(discovered(true), TIME);
  }

  public static PeerEvent vanished() {
    return PeerEvent.PeerVanished.of(discovered(false), TIME);
  }

  public static PeerEvent messageDelivered() {
    return PeerEvent.MessageDelivered.of(connected(true, true).peer(), "m1", TIME);
  }

  public static PeerEvent messageFailed() {
    Throwable reason = new IllegalStateException("It is too late.");
    return PeerEvent.MessageFailed.of(connected(true, true).peer(), "m2", reason, TIME);
  }

  public static List<PeerEvent> ofEveryKind() {
    return List.of(
        message("hello", false),
        connected(true, true),
        left(Reason.SAID_EXIT),
        active(),
        unreachable(true),
        reachable(true),
        connectionLost(true),
        connectionRestored(true),
        stalled(3),
        reset(),
        pinned(0),
        renamed(List.of(), List.of()),
        refused(),
        violation(),
        discovered(),
        vanished(),
        messageDelivered(),
        messageFailed());
  }
}
