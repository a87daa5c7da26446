package io.p2pchat.cli;

import io.p2pchat.Fingerprint;
import io.p2pchat.KnownPeer;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerEvent;
import io.p2pchat.PeerEvent.MessageReceived;
import io.p2pchat.PeerEvent.PeerActive;
import io.p2pchat.PeerEvent.PeerConnected;
import io.p2pchat.PeerEvent.PeerLeft;
import io.p2pchat.PeerEvent.PeerPinned;
import io.p2pchat.PeerEvent.PeerReachable;
import io.p2pchat.PeerEvent.PeerRefused;
import io.p2pchat.PeerEvent.PeerUnreachable;
import io.p2pchat.PeerEvent.ProtocolViolation;
import io.p2pchat.PeerEvent.SessionReset;
import io.p2pchat.TrustException.Refusal;
import java.util.Locale;

/** Events as JSON objects, one a line, for programs. Every kind of event has one. */
final class EventJson {
  private EventJson() {}

  static String of(PeerEvent event) {
    return object(event).toString();
  }

  private static JsonObject object(PeerEvent event) {
    if (event instanceof MessageReceived message) {
      return message(message);
    }
    if (event instanceof PeerConnected connected) {
      return connected(connected);
    }
    return event instanceof PeerLeft left ? left(left) : other(event);
  }

  private static JsonObject other(PeerEvent event) {
    if (event instanceof PeerActive active) {
      return about("peer-active", active, active.peer());
    }
    if (event instanceof PeerUnreachable unreachable) {
      return about("peer-unreachable", unreachable, unreachable.peer());
    }
    if (event instanceof PeerReachable reachable) {
      return about("peer-reachable", reachable, reachable.peer());
    }
    if (event instanceof SessionReset reset) {
      return about("session-reset", reset, reset.peer());
    }
    return event instanceof ProtocolViolation violation ? violation(violation) : trust(event);
  }

  private static JsonObject trust(PeerEvent event) {
    return event instanceof PeerPinned pinned ? pinned(pinned) : refused((PeerRefused) event);
  }

  private static JsonObject message(MessageReceived message) {
    return head("message", message)
        .with("from", peer(message.peer()))
        .with("text", message.text())
        .with("raw", message.raw())
        .with("encrypted", message.peer().encrypted());
  }

  private static JsonObject connected(PeerConnected connected) {
    return about("peer-connected", connected, connected.peer())
        .with("manual", connected.manual())
        .with("incoming", connected.incoming());
  }

  private static JsonObject left(PeerLeft left) {
    return about("peer-left", left, left.peer()).with("reason", kebabCase(left.reason()));
  }

  private static JsonObject violation(ProtocolViolation violation) {
    return head("protocol-violation", violation)
        .with("remote", place(violation.remote()))
        .with("description", violation.description());
  }

  private static JsonObject pinned(PeerPinned pinned) {
    return head("peer-pinned", pinned)
        .with("peer", peer(pinned.peer(), pinned.teamName(), pinned.fingerprint()))
        .with("others", pinned.known().stream().map(EventJson::known).toList());
  }

  private static JsonObject known(KnownPeer peer) {
    return peer(peer.address(), peer.teamName(), peer.fingerprint())
        .with("firstSeen", peer.firstSeen().toString());
  }

  private static JsonObject refused(PeerRefused refused) {
    Refusal refusal = refused.reason().refusal();
    JsonObject peer = place(refused.peer());
    refusal.teamName().ifPresent(team -> peer.with("team", team));
    refusal.presented().ifPresent(key -> peer.with("fingerprint", key.toString()));
    JsonObject object = head("peer-refused", refused).with("peer", peer);
    refusal.known().ifPresent(key -> object.with("known", key.toString()));
    return object.with("description", String.valueOf(refused.reason().getMessage()));
  }

  private static JsonObject about(String type, PeerEvent event, Peer peer) {
    return head(type, event).with("peer", peer(peer));
  }

  private static JsonObject head(String type, PeerEvent event) {
    return new JsonObject().with("type", type).with("time", event.time().toString());
  }

  private static JsonObject peer(Peer peer) {
    JsonObject object = place(peer.address()).with("team", peer.teamName());
    peer.fingerprint().ifPresent(key -> object.with("fingerprint", key.toString()));
    return object;
  }

  private static JsonObject peer(PeerAddress address, String team, Fingerprint fingerprint) {
    return place(address).with("team", team).with("fingerprint", fingerprint.toString());
  }

  private static JsonObject place(PeerAddress address) {
    return new JsonObject().with("host", address.host()).with("port", address.port());
  }

  private static String kebabCase(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
