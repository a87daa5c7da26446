package io.p2pchat.internal.peer;

import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerEvent;
import io.p2pchat.PeerEvent.MessageReceived;
import io.p2pchat.PeerEvent.PeerActive;
import io.p2pchat.PeerEvent.PeerConnected;
import io.p2pchat.PeerEvent.PeerLeft;
import io.p2pchat.PeerEvent.PeerLeft.Reason;
import io.p2pchat.PeerEvent.PeerReachable;
import io.p2pchat.PeerEvent.PeerStalled;
import io.p2pchat.PeerEvent.PeerUnreachable;
import io.p2pchat.PeerEvent.SessionReset;
import io.p2pchat.internal.protocol.ReservedText;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The active and the connected peers by address, and how each line changes them (PROTOCOL.md
 * section 1). Each change returns the resulting events in order. Every connected peer is active
 * too. {@link PeersByHost} limits them.
 *
 * <p>Thread-safe.
 */
public final class PeerRegistry {
  private final InstantSource clock;
  private final PeersByHost byHost;
  private long heard;
  // Not guarded by the monitor, because senders must not wait for it.
  private final Map<PeerAddress, SessionStatus> sessions = new ConcurrentHashMap<>();
  // Both in the order of last contact: the longest-silent peer first.
  private final Map<PeerAddress, PeerRecord> connected = new LinkedHashMap<>();
  private final Map<PeerAddress, PeerRecord> others = new LinkedHashMap<>();

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

  /** Adds the session status that snapshots of the peer at {@code address} show. */
  void attach(PeerAddress address, SessionStatus session) {
    sessions.put(address, session);
  }

  /** Removes the session status from snapshots of the peer at {@code address}. */
  void detach(PeerAddress address, SessionStatus session) {
    sessions.remove(address, session);
  }

  /**
   * A chat line from the peer at {@code address} arrived.
   *
   * @param reserved the line's reserved text, or null
   */
  public synchronized List<PeerEvent> received(
      PeerAddress address, String team, String text, @Nullable ReservedText reserved) {
    if (reserved == ReservedText.EXIT) {
      return leave(address, Reason.SAID_EXIT);
    }
    List<PeerEvent> events = new ArrayList<>(2);
    PeerRecord peer = hear(address, team, events);
    if (reserved == null) {
      events.add(MessageReceived.of(snapshot(peer), text, false, clock.instant()));
    } else {
      connect(peer, reserved, true, events);
    }
    return events;
  }

  /**
   * A line is about to be written to the peer. {@code reserved} is its reserved text, or null.
   *
   * @param team the team that the peer has named, or null if it has named none
   */
  public synchronized List<PeerEvent> sending(
      PeerAddress address, @Nullable ReservedText reserved, @Nullable String team) {
    if (reserved == ReservedText.EXIT) {
      return leave(address, Reason.DISCONNECTED);
    }
    List<PeerEvent> events = new ArrayList<>(2);
    PeerRecord peer = enter(address, events, team, reserved != null);
    if (reserved != null) {
      connect(peer, reserved, false, events);
    }
    return events;
  }

  /** Returns whether a peer is in the lists, or would be if the application connected to it. */
  public synchronized boolean hasRoomFor(PeerAddress address) {
    return find(address) != null || byHost.roomFor(address, true).exists();
  }

  /** Returns the limit on the lists that applies to a peer, for exception messages. */
  public synchronized String limitFor(PeerAddress address) {
    return byHost.limitFor(address);
  }

  /** A line could not be sent to the peer. {@code reserved} is its reserved text, or null. */
  public synchronized List<PeerEvent> unreachable(
      PeerAddress address, @Nullable ReservedText reserved) {
    if (reserved == ReservedText.EXIT) {
      return leave(address, Reason.DISCONNECTED);
    }
    PeerRecord peer = find(address);
    if (peer == null || !peer.reachable) {
      return List.of();
    }
    peer.reachable = false;
    return List.of(PeerUnreachable.of(snapshot(peer), clock.instant()));
  }

  /** Returns whether a peer is in the lists and marked unreachable. */
  synchronized boolean isUnreachable(PeerAddress address) {
    PeerRecord peer = find(address);
    return peer != null && !peer.reachable;
  }

  /** The updated peer and the resulting events. */
  public record Heard(Peer peer, List<PeerEvent> events) {}

  /** Messages from the peer at {@code address} arrived, none of them reserved. */
  public synchronized Heard heard(PeerAddress address, String team) {
    List<PeerEvent> events = new ArrayList<>(0);
    PeerRecord peer = hear(address, team, events);
    return new Heard(snapshot(peer), events);
  }

  /** A connection with the peer exists again. */
  public synchronized List<PeerEvent> reachable(PeerAddress address) {
    PeerRecord peer = find(address);
    if (peer == null || peer.reachable) {
      return List.of();
    }
    peer.reachable = true;
    return List.of(PeerReachable.of(snapshot(peer), clock.instant()));
  }

  /** The peer was restarted, and messages to it are sent again. */
  public synchronized List<PeerEvent> reset(PeerAddress address) {
    PeerRecord peer = find(address);
    return peer == null ? List.of() : List.of(SessionReset.of(snapshot(peer), clock.instant()));
  }

  /** The connected peer takes nothing while messages wait. */
  public synchronized List<PeerEvent> stalled(PeerAddress address) {
    PeerRecord peer = find(address);
    return peer == null ? List.of() : List.of(PeerStalled.of(snapshot(peer), clock.instant()));
  }

  /** The session with the peer made no progress for too long. It is no longer connected. */
  public synchronized List<PeerEvent> givenUp(PeerAddress address) {
    List<PeerEvent> events = new ArrayList<>(unreachable(address, null));
    PeerRecord peer = connected.remove(address);
    if (peer != null) {
      byHost.remove(peer);
      peer.connected = false;
      peer.wanted = false;
      byHost.put(peer);
      others.put(address, peer);
      events.add(PeerLeft.of(snapshot(peer), Reason.GIVEN_UP, clock.instant()));
    }
    return events;
  }

  /** Returns a snapshot of all active peers, including the connected ones. */
  public synchronized List<Peer> active() {
    return snapshot(Stream.concat(others.values().stream(), connected.values().stream()));
  }

  /** Returns a snapshot of the connected peers. */
  public synchronized List<Peer> connected() {
    return snapshot(connected.values().stream());
  }

  private PeerRecord hear(PeerAddress address, String team, List<PeerEvent> events) {
    PeerRecord peer = enter(address, events, team, false);
    peer.heard(clock.instant(), ++heard);
    Map<PeerAddress, PeerRecord> known = peer.connected ? connected : others;
    if (known.remove(address, peer)) {
      known.put(address, peer);
      byHost.put(peer);
    }
    return peer;
  }

  private List<Peer> snapshot(Stream<PeerRecord> peers) {
    return peers.sorted(PeerRecord.LONGEST_SILENT).map(this::snapshot).toList();
  }

  private Peer snapshot(PeerRecord peer) {
    return peer.snapshot(sessions.get(peer.address));
  }

  private PeerRecord enter(
      PeerAddress address, List<PeerEvent> events, @Nullable String team, boolean wanted) {
    PeerRecord known = find(address);
    PeerRecord peer = known == null ? new PeerRecord(address) : known;
    if (team != null) {
      peer.teamName = team;
    }
    if (known == null && makeRoom(address, wanted, events)) {
      others.put(address, peer);
      byHost.put(peer);
      events.add(PeerActive.of(snapshot(peer), clock.instant()));
    } else if (!peer.reachable) {
      peer.reachable = true;
      events.add(PeerReachable.of(snapshot(peer), clock.instant()));
    }
    return peer;
  }

  /** Makes room for a new peer. Returns false if no other peer can be forgotten for it. */
  private boolean makeRoom(PeerAddress address, boolean wanted, List<PeerEvent> events) {
    PeersByHost.Room room = byHost.roomFor(address, wanted);
    PeerRecord toForget = room.toForget();
    if (toForget != null) {
      events.addAll(leave(toForget.address, Reason.FORGOTTEN));
    }
    return room.exists();
  }

  private void connect(
      PeerRecord peer, ReservedText reserved, boolean incoming, List<PeerEvent> events) {
    if (find(peer.address) != peer || (peer.connected && (incoming || peer.wanted))) {
      return;
    }
    byHost.remove(peer);
    peer.wanted |= !incoming;
    if (others.remove(peer.address, peer)) {
      peer.connected = true;
      connected.put(peer.address, peer);
      boolean manual = reserved == ReservedText.MANUAL_CONNECTION;
      events.add(PeerConnected.of(snapshot(peer), manual, incoming, clock.instant()));
    }
    byHost.put(peer);
  }

  private List<PeerEvent> leave(PeerAddress address, Reason reason) {
    PeerRecord peer = find(address);
    if (peer == null) {
      return List.of();
    }
    connected.remove(address);
    others.remove(address);
    byHost.remove(peer);
    return List.of(PeerLeft.of(snapshot(peer), reason, clock.instant()));
  }

  private @Nullable PeerRecord find(PeerAddress address) {
    PeerRecord peer = connected.get(address);
    return peer == null ? others.get(address) : peer;
  }
}
