package io.p2pchat.cli.output;

import io.p2pchat.DiscoveredPeer;
import io.p2pchat.KnownPeer;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerEvent;
import io.p2pchat.PeerEvent.MessageDelivered;
import io.p2pchat.PeerEvent.MessageFailed;
import io.p2pchat.PeerEvent.MessageReceived;
import io.p2pchat.PeerEvent.PeerConnected;
import io.p2pchat.PeerEvent.PeerDiscovered;
import io.p2pchat.PeerEvent.PeerLeft;
import io.p2pchat.PeerEvent.PeerPinned;
import io.p2pchat.PeerEvent.PeerRefused;
import io.p2pchat.PeerEvent.PeerRenamed;
import io.p2pchat.PeerEvent.PeerStalled;
import io.p2pchat.PeerEvent.PeerVanished;
import io.p2pchat.PeerEvent.ProtocolViolation;
import io.p2pchat.TrustException.Reason;
import io.p2pchat.TrustException.Refusal;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Formats events as JSON objects, one a line. Every kind of event has a line. */
public final class EventJson {
  private EventJson() {}

  public static String of(PeerEvent event) {
    return object(event).toString();
  }

  // Without a default, so that a missing kind does not compile.
  private static JsonObject object(PeerEvent event) {
    return switch (event.kind()) {
      case MESSAGE_RECEIVED -> message((MessageReceived) event);
      case PEER_ACTIVE -> about("peer-active", event);
      case PEER_CONNECTED -> connected((PeerConnected) event);
      case PEER_LEFT -> left((PeerLeft) event);
      case PEER_UNREACHABLE -> about("peer-unreachable", event);
      case PEER_REACHABLE -> about("peer-reachable", event);
      case CONNECTION_LOST -> about("connection-lost", event);
      case CONNECTION_RESTORED -> about("connection-restored", event);
      case PEER_STALLED -> stalled((PeerStalled) event);
      case SESSION_RESET -> about("session-reset", event);
      case PEER_PINNED -> pinned((PeerPinned) event);
      case PEER_RENAMED -> renamed((PeerRenamed) event);
      case PEER_REFUSED -> refused((PeerRefused) event);
      case PROTOCOL_VIOLATION -> violation((ProtocolViolation) event);
      case PEER_DISCOVERED ->
          discovered("peer-discovered", event, ((PeerDiscovered) event).discovered());
      case PEER_VANISHED -> discovered("peer-vanished", event, ((PeerVanished) event).discovered());
      case MESSAGE_DELIVERED ->
          about("message-delivered", event).with("id", ((MessageDelivered) event).id());
      case MESSAGE_FAILED -> failed((MessageFailed) event);
    };
  }

  private static JsonObject failed(MessageFailed failed) {
    return about("message-failed", failed)
        .with("id", failed.id())
        .with("reason", String.valueOf(failed.reason().getMessage()));
  }

  private static JsonObject message(MessageReceived message) {
    JsonObject object =
        head("message", message)
            .with("from", peer(message.peer()))
            .with("text", message.text())
            .with("raw", message.raw())
            .with("encrypted", message.peer().encrypted());
    message.claimedTime().ifPresent(sent -> object.with("sent", sent.toString()));
    return object;
  }

  private static JsonObject connected(PeerConnected connected) {
    return about("peer-connected", connected)
        .with("manual", connected.manual())
        .with("incoming", connected.incoming());
  }

  private static JsonObject left(PeerLeft left) {
    return about("peer-left", left).with("reason", kebabCase(left.reason()));
  }

  private static JsonObject stalled(PeerStalled stalled) {
    return about("peer-stalled", stalled).with("waiting", stalled.peer().unacknowledged());
  }

  private static JsonObject violation(ProtocolViolation violation) {
    return head("protocol-violation", violation)
        .with("remote", place(violation.peer().address()))
        .with("description", violation.description());
  }

  private static JsonObject pinned(PeerPinned pinned) {
    JsonObject object = about("peer-pinned", pinned).with("others", known(pinned.known()));
    names(object, pinned.lookAlikes(), pinned.suspiciousName());
    return pinned.temporary() ? object.with("temporary", true) : object;
  }

  private static JsonObject renamed(PeerRenamed renamed) {
    JsonObject object =
        about("peer-renamed", renamed)
            .withTexts("previousNames", renamed.previousNames())
            .with("others", known(renamed.otherKeys()));
    names(object, renamed.lookAlikes(), renamed.suspiciousName());
    return object;
  }

  private static void names(JsonObject object, List<KnownPeer> lookAlikes, boolean suspicious) {
    if (!lookAlikes.isEmpty()) {
      object.with("lookAlikes", known(lookAlikes));
    }
    if (suspicious) {
      object.with("suspiciousName", true);
    }
  }

  private static List<JsonObject> known(List<KnownPeer> peers) {
    return peers.stream().map(EventJson::known).toList();
  }

  private static JsonObject known(KnownPeer peer) {
    return place(peer.address())
        .with("team", peer.teamName())
        .with("fingerprint", peer.fingerprint().toString())
        .with("firstSeen", peer.firstSeen().toString());
  }

  private static JsonObject refused(PeerRefused refused) {
    Refusal refusal = refused.reason().refusal();
    JsonObject peer = place(refused.peer().address());
    presentedTeam(refusal).ifPresent(team -> peer.with("team", team));
    refusal.presented().ifPresent(key -> peer.with("fingerprint", key.toString()));
    JsonObject object = head("peer-refused", refused).with("peer", peer);
    refusal.known().ifPresent(key -> object.with("known", key.toString()));
    if (refusal.reason() == Reason.ADDRESS_CHANGED_HANDS) {
      refusal.teamName().ifPresent(team -> object.with("knownTeam", team));
    }
    return object
        .with("description", String.valueOf(refused.reason().getMessage()))
        .with("reason", kebabCase(refusal.reason()))
        .with("byPeer", refusal.byPeer());
  }

  private static Optional<String> presentedTeam(Refusal refusal) {
    return refusal.reason() == Reason.ADDRESS_CHANGED_HANDS
        ? refusal.presentedTeamName()
        : refusal.teamName();
  }

  private static JsonObject discovered(String type, PeerEvent event, DiscoveredPeer peer) {
    JsonObject object = head(type, event);
    peer.teamName().ifPresent(team -> object.with("team", team));
    object.with("addresses", peer.addresses().stream().map(EventJson::place).toList());
    peer.node().ifPresent(node -> object.with("node", node));
    peer.keyHint().ifPresent(hint -> object.with("keyHint", hint));
    peer.known().ifPresent(known -> object.with("known", known(known)));
    names(object, peer.lookAlikes(), false);
    return object.with("source", String.join(",", peer.sources()));
  }

  private static JsonObject about(String type, PeerEvent event) {
    return head(type, event).with("peer", peer(event.peer()));
  }

  private static JsonObject head(String type, PeerEvent event) {
    return new JsonObject().with("type", type).with("time", event.time().toString());
  }

  private static JsonObject peer(Peer peer) {
    JsonObject object = place(peer.address()).with("team", peer.teamName());
    if (peer.named() && peer.teamName().equals(Peer.UNKNOWN_TEAM)) {
      object.with("named", true);
    }
    peer.fingerprint().ifPresent(key -> object.with("fingerprint", key.toString()));
    return object;
  }

  private static JsonObject place(PeerAddress address) {
    return new JsonObject().with("host", address.host()).with("port", address.port());
  }

  private static String kebabCase(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
