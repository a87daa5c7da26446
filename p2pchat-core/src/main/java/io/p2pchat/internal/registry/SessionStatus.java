package io.p2pchat.internal.registry;

import io.p2pchat.Fingerprint;
import io.p2pchat.internal.protocol.NodeInfo;
import io.p2pchat.internal.session.SendQueue;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The public status of an endpoint and its session. A peer with several nodes has one for each.
 * Changed on the event loop, and thread-safe to read.
 */
public final class SessionStatus {
  private final SendQueue queue;
  private volatile PeerId id;
  private volatile @Nullable NodeInfo peer;
  private volatile @Nullable Fingerprint key;
  private volatile boolean open;
  private volatile boolean ended = true;
  private volatile boolean left;
  private volatile boolean holder;
  private volatile boolean answered;
  private volatile boolean mayConnect = true;
  private volatile long roundTripNanos = -1;
  private volatile long heardMillis;
  private volatile long heardOrder;

  public SessionStatus(PeerId id, SendQueue queue) {
    this.id = id;
    this.queue = queue;
  }

  /** Returns who the peer is, as far as is known. */
  public PeerId id() {
    return id;
  }

  /** The peer has shown who it is. Called by the registry, which finds the status by that. */
  public void setId(PeerId newId) {
    id = newId;
  }

  /**
   * A connection is open, with a peer that holds this key, or unencrypted if the key is null.
   *
   * @param isHolder whether the messages for its address are for this peer
   */
  public void opened(NodeInfo newPeer, @Nullable Fingerprint newKey, boolean isHolder) {
    peer = newPeer;
    key = newKey;
    holder = isHolder;
    open = true;
    ended = false;
    left = false;
  }

  /** Tells whether the next connection to open was dialed, so that the peer has answered. */
  public void setAnswered(boolean dialed) {
    answered = dialed;
  }

  /** Tells whether the peer of the next connection can become connected by its own word. */
  public void setMayConnect(boolean may) {
    mayConnect = may;
  }

  /** The session has no connection now. */
  public void closed() {
    open = false;
  }

  /** The session has ended. */
  public void ended() {
    open = false;
    ended = true;
  }

  /** One of the sides has said {@code exit}. */
  public void left() {
    left = true;
  }

  public void setRoundTrip(long nanos) {
    roundTripNanos = nanos;
  }

  /**
   * The peer has shown that its application lives.
   *
   * @param order a number that is higher each time that any peer does so
   */
  public void heard(long millis, long order) {
    heardMillis = millis;
    heardOrder = order;
  }

  /** Returns what the peer of the last session said about itself, or null before one. */
  public @Nullable NodeInfo peer() {
    return peer;
  }

  /** Returns the key of the peer on the last connection, or null if that was not encrypted. */
  public @Nullable Fingerprint key() {
    return key;
  }

  /** Returns whether a connection of the session is open. */
  public boolean isOpen() {
    return open;
  }

  /** Returns whether the messages for the address of the last session are for its peer. */
  boolean isHolder() {
    return holder;
  }

  /** Returns whether the peer has answered at its address, rather than only claimed it. */
  public boolean isAnswered() {
    return answered;
  }

  /** Returns whether the peer can become connected by its own word. */
  boolean mayConnect() {
    return mayConnect;
  }

  /** Returns whether there is a session, with or without a connection. */
  public boolean inSession() {
    return !ended;
  }

  /** Returns whether the peer takes part: it has a session, and nobody has left it. */
  public boolean isHere() {
    return !ended && !left;
  }

  /** Returns whether the node runs only to send something. */
  public boolean isBrief() {
    NodeInfo known = peer;
    return known != null && known.brief();
  }

  /** Returns whether the node must get no kept messages for its key. */
  public boolean takesNone() {
    NodeInfo known = peer;
    return known != null && known.takesNone();
  }

  /** Returns whether the node has a store. */
  public boolean stores() {
    NodeInfo known = peer;
    return known != null && known.stores();
  }

  /** Returns whether what is kept for its key can go to the node: it has a session, and stays. */
  public boolean takesKept() {
    NodeInfo known = peer;
    return isHere()
        && key != null
        && known != null
        && !known.brief()
        && !known.takesNone()
        && !known.temporaryKey();
  }

  /** Returns the order in which the peer was last heard from; 0 if never. */
  public long heardOrder() {
    return heardOrder;
  }

  /** Returns whether it is connected rather than the other, or else was heard from later. */
  public boolean isFresherThan(SessionStatus other) {
    return open == other.open ? heardOrder > other.heardOrder : open;
  }

  /** Returns when the peer was last heard from, or null if never. */
  public @Nullable Instant heard() {
    long millis = heardMillis;
    return millis == 0 ? null : Instant.ofEpochMilli(millis);
  }

  /** Returns the last round-trip time, or null if none was measured. */
  public @Nullable Duration roundTrip() {
    long nanos = roundTripNanos;
    return nanos < 0 ? null : Duration.ofNanos(nanos);
  }

  /** Returns the number of messages not yet sent or acknowledged. */
  public int unacknowledged() {
    return queue.heldLines();
  }
}
