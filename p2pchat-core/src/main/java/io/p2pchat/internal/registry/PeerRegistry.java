package io.p2pchat.internal.registry;

import io.p2pchat.Fingerprint;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerEvent;
import io.p2pchat.PeerEvent.ConnectionLost;
import io.p2pchat.PeerEvent.ConnectionRestored;
import io.p2pchat.PeerEvent.MessageReceived;
import io.p2pchat.PeerEvent.PeerActive;
import io.p2pchat.PeerEvent.PeerConnected;
import io.p2pchat.PeerEvent.PeerLeft;
import io.p2pchat.PeerEvent.PeerLeft.Reason;
import io.p2pchat.PeerEvent.PeerReachable;
import io.p2pchat.PeerEvent.PeerStalled;
import io.p2pchat.PeerEvent.PeerUnreachable;
import io.p2pchat.PeerEvent.SessionReset;
import io.p2pchat.internal.protocol.NodeInfo;
import io.p2pchat.internal.protocol.ReservedText;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The active and the connected peers, and how each line changes them (PROTOCOL.md section 1). Each
 * change returns the resulting events in order. Every connected peer is active too. {@link
 * PeersByHost} limits them.
 *
 * <p>Thread-safe.
 */
public final class PeerRegistry {
  /** How many addresses of a peer are remembered. */
  public static final int MOST_ADDRESSES = 8;

  private final InstantSource clock;
  private final PeersByHost byHost;
  private final AtomicLong heard = new AtomicLong();
  // The nodes of each peer that have an endpoint. Not guarded by the monitor, because senders must
  // not wait for it.
  private final Map<PeerId, List<SessionStatus>> nodes = new ConcurrentHashMap<>();
  // Both in the order of last contact: the longest-silent peer first.
  private final Map<PeerId, PeerRecord> connected = new LinkedHashMap<>();
  private final Map<PeerId, PeerRecord> others = new LinkedHashMap<>();
  // The peers with a key by their newest address: who holds it, or else the first that claims it.
  private final Map<PeerAddress, PeerRecord> places = new HashMap<>();
  private final Map<Fingerprint, Set<PeerRecord>> byKey = new HashMap<>();

  /**
   * Creates an empty registry.
   *
   * @param maxActive the maximum number of remembered peers
   * @param maxPerHost the same for one host
   * @param clock the clock for event times
   */
  public PeerRegistry(int maxActive, int maxPerHost, InstantSource clock) {
    this.byHost = new PeersByHost(maxActive, maxPerHost);
    this.clock = clock;
  }

  // ---- endpoints

  /** Adds the status of an endpoint, which snapshots of its peer show. */
  public void attach(SessionStatus node) {
    nodes.merge(
        node.id(), List.of(node), (all, one) -> Stream.concat(all.stream(), one.stream()).toList());
  }

  /** Removes the status of an endpoint. */
  public void detach(SessionStatus node) {
    nodes.computeIfPresent(
        node.id(),
        (id, all) -> {
          List<SessionStatus> left = all.stream().filter(one -> one != node).toList();
          return left.isEmpty() ? null : left;
        });
  }

  /** The session has ended. The next peer is whoever is at the address. */
  public void unbound(SessionStatus node) {
    detach(node);
    node.setId(PeerId.at(node.id().address()));
    attach(node);
  }

  /** Returns whether a node of the peer has a session. */
  public boolean isInSession(PeerId id) {
    return nodes(id).stream().anyMatch(SessionStatus::inSession);
  }

  private List<SessionStatus> nodes(PeerId id) {
    return nodes.getOrDefault(id, List.of());
  }

  /**
   * What the opening of a session leads to.
   *
   * @param events the events
   * @param reconnects whether the peer was restarted and does not know that this node's application
   *     has connected to it
   */
  public record Opened(List<PeerEvent> events, boolean reconnects) {}

  /**
   * A session is open on a connection. The peer has shown who it is.
   *
   * @param node the status of its endpoint
   * @param id who the peer is, and where
   * @param peer what it says about itself
   * @param isHolder whether the peer can be the one that was at its address without a key
   * @param keysChange whether a restarted peer has another key
   */
  public synchronized Opened opened(
      SessionStatus node, PeerId id, NodeInfo peer, boolean isHolder, boolean keysChange) {
    List<PeerEvent> events = new ArrayList<>(0);
    PeerRecord before = before(node, id, keysChange);
    boolean restarted = before != null && isRestart(node, before, peer);
    if (before != null && isAlone(node, before)) {
      if (!isTeam(before, peer) || (restarted && !before.wanted)) {
        disconnected(before, Reason.RESTARTED, events);
      }
      boolean follows = id.key() == null ? before.id.key() == null : keysChange && restarted;
      if (follows && isTeam(before, peer) && !before.id.equals(id)) {
        rename(before, id, events);
      }
    }
    PeerRecord plain = isHolder && id.key() != null ? find(PeerId.at(id.address())) : null;
    // Another team with a session of its own is another peer.
    if (plain != null && (isTeam(plain, peer) || isAlone(node, plain))) {
      if (!isTeam(plain, peer)) {
        disconnected(plain, Reason.RESTARTED, events);
      }
      rename(plain, id, events);
    }
    detach(node);
    node.setId(id);
    node.opened(peer, id.key(), isHolder);
    attach(node);
    PeerRecord record = find(id);
    if (record != null) {
      if (!peer.brief()) {
        record.node = peer.node();
      }
      place(record, id.address(), node);
      reachable(record, events);
    }
    return new Opened(events, restarted && record != null && record.connected);
  }

  /** Returns the peer whose place this one may have, or null. */
  private @Nullable PeerRecord before(SessionStatus node, PeerId id, boolean keysChange) {
    PeerRecord known = find(node.id());
    known = known == null ? find(id) : known;
    return known == null && keysChange ? places.get(id.address()) : known;
  }

  /**
   * Returns whether the node of an endpoint is another one than was there before. A node that runs
   * only to send something says nothing about the others.
   */
  private boolean isRestart(SessionStatus node, PeerRecord before, NodeInfo peer) {
    NodeInfo info = node.peer();
    String last = info == null || info.brief() ? before.node : info.node();
    return last != null && !peer.brief() && !last.equals(peer.node()) && isAlone(node, before);
  }

  /** Returns whether no other node of a peer takes part. */
  private boolean isAlone(SessionStatus node, PeerRecord peer) {
    return nodes(peer.id).stream().noneMatch(other -> other != node && other.isHere());
  }

  private static boolean isTeam(PeerRecord record, NodeInfo peer) {
    return record.teamName == null || record.teamName.equals(peer.team());
  }

  /**
   * A peer has shown another key, or its first one. Its record stays, unless it has two now. Then
   * the word of the record that goes, which anybody can forge without a key, connects nobody.
   */
  private void rename(PeerRecord record, PeerId id, List<PeerEvent> events) {
    PeerRecord known = find(id);
    if (known == null) {
      remove(record);
      record.rename(id);
      put(record);
      return;
    }
    boolean wanted = record.wanted;
    events.addAll(leave(record, Reason.FORGOTTEN));
    if (wanted) {
      connect(known, ReservedText.CONNECTION, false, events);
    }
  }

  /** The connection of a session was lost. */
  public synchronized List<PeerEvent> lost(SessionStatus node) {
    PeerRecord peer = find(node.id());
    if (peer == null
        || !peer.reachable
        || nodes(peer.id).stream().anyMatch(SessionStatus::isOpen)) {
      return List.of();
    }
    peer.reachable = false;
    peer.lost = true;
    return List.of(ConnectionLost.of(snapshot(peer), clock.instant()));
  }

  private void place(PeerRecord peer, PeerAddress address, SessionStatus node) {
    places.remove(peer.addresses().get(0), peer);
    peer.seen(address, node.isBrief(), node.isAnswered());
    if (peer.addresses().get(0).equals(address)) {
      peer.holder = node.isHolder();
    }
    takePlace(peer);
  }

  /** Who only claims an address takes it from nobody. */
  private void takePlace(PeerRecord peer) {
    PeerAddress address = peer.addresses().get(0);
    if (peer.id.key() != null && peer.holder) {
      places.put(address, peer);
    } else if (peer.id.key() != null) {
      places.putIfAbsent(address, peer);
    }
  }

  /**
   * Returns where a peer can be dialed, the newest address first.
   *
   * @param answered whether to return those where it has answered, or else those it only claims
   */
  public synchronized List<PeerAddress> dialable(PeerId id, boolean answered) {
    PeerRecord peer = find(id);
    return peer == null ? List.of() : peer.dialable(answered);
  }

  /** Returns where the peers with this key can be dialed. */
  public synchronized List<PeerAddress> dialable(Fingerprint key, boolean answered) {
    return byKey.getOrDefault(key, Set.of()).stream()
        .flatMap(peer -> peer.dialable(answered).stream())
        .distinct()
        .toList();
  }

  /** The peer's application has acknowledged lines, or has sent some. */
  public void acknowledged(SessionStatus node) {
    node.heard(clock.millis(), heard.incrementAndGet());
  }

  // ---- lines

  /**
   * A chat line arrived at level 0, or a reserved text in a session.
   *
   * @param reserved the line's reserved text, or null
   * @param mayConnect whether the peer can become connected by its own word
   */
  public synchronized List<PeerEvent> received(
      PeerId id, String team, String text, @Nullable ReservedText reserved, boolean mayConnect) {
    if (reserved == ReservedText.EXIT) {
      return leave(find(id), Reason.SAID_EXIT);
    }
    List<PeerEvent> events = new ArrayList<>(2);
    PeerRecord peer = hear(id, team, events);
    if (reserved == null) {
      events.add(MessageReceived.of(snapshot(peer), text, false, clock.instant()));
    } else if (mayConnect) {
      connect(peer, reserved, true, events);
    }
    return events;
  }

  /** A line with a reserved text arrived in a session. */
  public synchronized List<PeerEvent> commanded(
      SessionStatus node, String team, ReservedText reserved) {
    return reserved == ReservedText.EXIT
        ? leave(node, Reason.SAID_EXIT)
        : received(node.id(), team, "", reserved, node.mayConnect());
  }

  /**
   * A line is about to be written to the peer. {@code reserved} is its reserved text, or null.
   *
   * @param team the team that the peer has named, or null if it has named none
   */
  public synchronized List<PeerEvent> sending(
      SessionStatus node, @Nullable ReservedText reserved, @Nullable String team) {
    if (reserved == ReservedText.EXIT) {
      return leave(node, Reason.DISCONNECTED);
    }
    List<PeerEvent> events = new ArrayList<>(2);
    PeerRecord peer = enter(node.id(), events, team, reserved != null);
    if (reserved != null) {
      connect(peer, reserved, false, events);
    }
    return events;
  }

  /** Returns whether a peer is in the lists, or would be if the application connected to it. */
  public synchronized boolean hasRoomFor(PeerId id) {
    return findThere(id) != null || byHost.roomFor(id.address(), true).exists();
  }

  /** Returns the limit on the lists that applies to a peer, for exception messages. */
  public synchronized String limitFor(PeerAddress address) {
    return byHost.limitFor(address);
  }

  /** A line could not be sent to the peer. {@code reserved} is its reserved text, or null. */
  public synchronized List<PeerEvent> unreachable(PeerId id, @Nullable ReservedText reserved) {
    PeerRecord peer = findThere(id);
    return reserved == ReservedText.EXIT ? leave(peer, Reason.DISCONNECTED) : unreachable(peer);
  }

  private List<PeerEvent> unreachable(@Nullable PeerRecord peer) {
    if (peer == null
        || !peer.reachable
        || nodes(peer.id).stream().anyMatch(SessionStatus::isOpen)) {
      return List.of();
    }
    peer.reachable = false;
    return List.of(PeerUnreachable.of(snapshot(peer), clock.instant()));
  }

  /**
   * A peer may have no session any more, and so no connection that could be restored.
   *
   * @return who is marked unreachable and has no session, or null if that is not so
   */
  public synchronized @Nullable PeerId withoutSession(PeerId id) {
    PeerRecord peer = findThere(id);
    if (peer == null || peer.reachable || isInSession(peer.id)) {
      return null;
    }
    peer.lost = false;
    return peer.id;
  }

  /** The updated peer and the resulting events. */
  public record Heard(Peer peer, List<PeerEvent> events) {}

  /** Messages from the peer arrived in a session, none of them reserved. */
  public synchronized Heard heard(SessionStatus node, String team) {
    List<PeerEvent> events = new ArrayList<>(0);
    PeerRecord peer = hear(node.id(), team, events);
    acknowledged(node);
    return new Heard(snapshot(peer), events);
  }

  /** The peer was restarted, and messages to it are sent again. */
  public synchronized List<PeerEvent> reset(SessionStatus node) {
    PeerRecord peer = find(node.id());
    return peer == null ? List.of() : List.of(SessionReset.of(snapshot(peer), clock.instant()));
  }

  /** The connected peer takes nothing while messages wait. */
  public synchronized List<PeerEvent> stalled(SessionStatus node) {
    PeerRecord peer = find(node.id());
    return peer == null ? List.of() : List.of(PeerStalled.of(snapshot(peer), clock.instant()));
  }

  /** The peer made no progress, or was not reached, for too long. It is no longer connected. */
  public synchronized List<PeerEvent> givenUp(PeerId id) {
    // Without a key, it is not the known peer that is or was at its address.
    PeerRecord peer = find(id);
    List<PeerEvent> events = new ArrayList<>(unreachable(peer));
    if (peer != null && nodes(id).stream().noneMatch(SessionStatus::isHere)) {
      peer.lost = false;
      disconnected(peer, Reason.GIVEN_UP, events);
    }
    return events;
  }

  // ---- the lists

  /** Returns a snapshot of all active peers, including the connected ones. */
  public synchronized List<Peer> active() {
    return snapshot(Stream.concat(others.values().stream(), connected.values().stream()));
  }

  /** Returns a snapshot of the connected peers. */
  public synchronized List<Peer> connected() {
    return snapshot(connected.values().stream());
  }

  private PeerRecord hear(PeerId id, String team, List<PeerEvent> events) {
    PeerRecord before = find(id);
    if (before != null && before.teamName != null && !before.teamName.equals(team)) {
      disconnected(before, Reason.RESTARTED, events);
    }
    PeerRecord peer = enter(id, events, team, false);
    peer.heard(clock.instant(), heard.incrementAndGet());
    Map<PeerId, PeerRecord> known = peer.connected ? connected : others;
    if (known.remove(peer.id, peer)) {
      known.put(peer.id, peer);
      byHost.put(peer);
    }
    return peer;
  }

  private List<Peer> snapshot(Stream<PeerRecord> peers) {
    record Ordered(long order, Peer peer) {}
    return peers
        .map(peer -> new Ordered(peer.heardOrder(nodes(peer.id)), snapshot(peer)))
        .sorted(Comparator.comparingLong(Ordered::order))
        .map(Ordered::peer)
        .toList();
  }

  private Peer snapshot(PeerRecord peer) {
    return peer.snapshot(nodes(peer.id));
  }

  private PeerRecord enter(
      PeerId id, List<PeerEvent> events, @Nullable String team, boolean wanted) {
    PeerRecord known = find(id);
    PeerRecord peer = known == null ? create(id) : known;
    if (team != null) {
      peer.teamName = team;
    }
    if (known == null && makeRoom(id.address(), wanted, events)) {
      put(peer);
      events.add(PeerActive.of(snapshot(peer), clock.instant()));
    } else {
      reachable(peer, events);
    }
    return peer;
  }

  private PeerRecord create(PeerId id) {
    List<NodeInfo> infos =
        nodes(id).stream().map(SessionStatus::peer).filter(Objects::nonNull).toList();
    PeerRecord peer =
        new PeerRecord(id, !infos.isEmpty() && infos.stream().allMatch(NodeInfo::brief));
    peer.teamName = id.key() == null ? null : id.team();
    peer.holder = nodes(id).stream().anyMatch(SessionStatus::isHolder);
    nodes(id).stream()
        .filter(node -> node.isAnswered() && node.id().address().equals(id.address()))
        .forEach(node -> peer.seen(id.address(), node.isBrief(), true));
    infos.stream().filter(info -> !info.brief()).forEach(info -> peer.node = info.node());
    return peer;
  }

  private void reachable(PeerRecord peer, List<PeerEvent> events) {
    if (!peer.reachable) {
      peer.reachable = true;
      events.add(
          peer.lost
              ? ConnectionRestored.of(snapshot(peer), clock.instant())
              : PeerReachable.of(snapshot(peer), clock.instant()));
      peer.lost = false;
    }
  }

  /** Makes room for a new peer. Returns false if no other peer can be forgotten for it. */
  private boolean makeRoom(PeerAddress address, boolean wanted, List<PeerEvent> events) {
    PeersByHost.Room room = byHost.roomFor(address, wanted);
    events.addAll(leave(room.toForget(), Reason.FORGOTTEN));
    return room.exists();
  }

  private void connect(
      PeerRecord peer, ReservedText reserved, boolean incoming, List<PeerEvent> events) {
    if (find(peer.id) != peer || (peer.connected && (incoming || peer.wanted))) {
      return;
    }
    boolean wasConnected = peer.connected;
    remove(peer);
    peer.wanted |= !incoming;
    peer.connected = true;
    put(peer);
    if (!wasConnected) {
      boolean manual = reserved == ReservedText.MANUAL_CONNECTION;
      events.add(PeerConnected.of(snapshot(peer), manual, incoming, clock.instant()));
    }
  }

  /** The peer is not connected any more, and stays active. */
  private void disconnected(PeerRecord peer, Reason reason, List<PeerEvent> events) {
    if (peer.connected) {
      remove(peer);
      peer.connected = false;
      peer.wanted = false;
      put(peer);
      events.add(PeerLeft.of(snapshot(peer), reason, clock.instant()));
    }
  }

  /** One node of a peer and this node part. The peer leaves with its last node. */
  private List<PeerEvent> leave(SessionStatus node, Reason reason) {
    node.left();
    // A peer without a key in a session is not the known one that is or was at its address.
    PeerRecord peer = node.inSession() ? find(node.id()) : findThere(node.id());
    if (peer == null || isAlone(node, peer)) {
      return leave(peer, reason);
    }
    if (peer.addresses().get(0).equals(node.id().address())) {
      nodes(peer.id).stream()
          .filter(other -> other != node && other.isHere() && !other.isBrief())
          .reduce((one, other) -> one.isFresherThan(other) ? one : other)
          .ifPresent(other -> place(peer, other.id().address(), other));
    }
    return List.of();
  }

  private List<PeerEvent> leave(@Nullable PeerRecord peer, Reason reason) {
    if (peer == null) {
      return List.of();
    }
    remove(peer);
    return List.of(PeerLeft.of(snapshot(peer), reason, clock.instant()));
  }

  private void put(PeerRecord peer) {
    (peer.connected ? connected : others).put(peer.id, peer);
    byHost.put(peer);
    Fingerprint key = peer.id.key();
    takePlace(peer);
    if (key != null) {
      byKey.computeIfAbsent(key, any -> new LinkedHashSet<>(2)).add(peer);
    }
  }

  private void remove(PeerRecord peer) {
    connected.remove(peer.id);
    others.remove(peer.id);
    byHost.remove(peer);
    places.remove(peer.addresses().get(0), peer);
    Fingerprint key = peer.id.key();
    if (key != null) {
      byKey.computeIfPresent(key, (any, all) -> all.remove(peer) && all.isEmpty() ? null : all);
    }
  }

  private @Nullable PeerRecord find(PeerId id) {
    PeerRecord peer = connected.get(id);
    return peer == null ? others.get(id) : peer;
  }

  /** Returns the peer, or without a key whoever was last at its address. */
  private @Nullable PeerRecord findThere(PeerId id) {
    PeerRecord peer = find(id);
    return peer == null && id.key() == null ? places.get(id.address()) : peer;
  }
}
