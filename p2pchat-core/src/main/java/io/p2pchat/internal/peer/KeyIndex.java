package io.p2pchat.internal.peer;

import io.p2pchat.Fingerprint;
import io.p2pchat.internal.peer.EndpointPeer.Expected;
import io.p2pchat.internal.registry.SessionStatus;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints by the key of their peer: one for each node that has a session, and at most one
 * that looks for the key, for each team that it must have. Thread-safe.
 */
final class KeyIndex {
  /** How many nodes with one key can open a session by {@code HELLO}. */
  private static final int MOST_NODES = 8;

  private final Map<Fingerprint, List<PeerEndpoint>> byKey = new ConcurrentHashMap<>();

  private static final int LOCKS = 64;

  private final Map<Fingerprint, PeerEndpoint> carriers = new ConcurrentHashMap<>();
  private final List<Object> locks = Stream.generate(Object::new).limit(LOCKS).toList();

  /**
   * Returns the monitor of the messages that are kept for a key. Other keys may share it. It keeps
   * the messages to the key in order. A thread that is not the event loop holds one at a time.
   */
  Object lock(Fingerprint key) {
    return locks.get(Math.floorMod(key.hashCode(), LOCKS));
  }

  /**
   * Returns the carrier of a key, or null: the one endpoint at which all messages that are kept for
   * the key wait.
   */
  @Nullable PeerEndpoint carrier(Fingerprint key) {
    return carriers.get(key);
  }

  /** Makes an endpoint the carrier of a key. Call it with the monitor. */
  void carries(Fingerprint key, PeerEndpoint endpoint) {
    endpoint.carried.add(key);
    PeerEndpoint before = carriers.put(key, endpoint);
    if (before != null && before != endpoint) {
      before.carried.remove(key);
    }
  }

  /** An endpoint is not the carrier of a key any more. */
  void carriesNot(Fingerprint key, PeerEndpoint endpoint) {
    carriers.remove(key, endpoint);
    endpoint.carried.remove(key);
  }

  /** An endpoint is dropped. It carries no key any more. */
  void carriesNothing(PeerEndpoint endpoint) {
    endpoint.carried.forEach(key -> carriesNot(key, endpoint));
  }

  /**
   * Returns the endpoint whose session gets the messages that are kept for a key, or null. A
   * session with a store comes first, then a connected one, then the one last heard from.
   */
  @Nullable PeerEndpoint taker(Fingerprint key) {
    PeerEndpoint best = null;
    for (PeerEndpoint endpoint : all(key)) {
      if (endpoint.status.takesKept() && (best == null || isBetter(endpoint, best))) {
        best = endpoint;
      }
    }
    return best;
  }

  private static boolean isBetter(PeerEndpoint one, PeerEndpoint other) {
    boolean stores = one.status.stores();
    return stores == other.status.stores() ? one.status.isFresherThan(other.status) : stores;
  }

  /** Returns the endpoints of the nodes with a key. */
  List<PeerEndpoint> all(Fingerprint key) {
    return byKey.getOrDefault(key, List.of());
  }

  /** Returns whether one more node with the key can open a session. */
  boolean hasRoom(Fingerprint key) {
    return all(key).stream().filter(KeyIndex::counts).count() < MOST_NODES;
  }

  /**
   * What looks for the key is no node. A node that ran only to send something and was killed does
   * not come back to its session.
   */
  private static boolean counts(PeerEndpoint endpoint) {
    SessionStatus status = endpoint.status;
    return !isSeeking(endpoint) && (status.isOpen() || !status.isBrief());
  }

  /**
   * Returns the endpoint that gets the messages for a key: of those in a session, the one last
   * heard from, first one that is connected. Null if there is none. A node that runs only to send
   * something gets none.
   *
   * @param team the team that it must have, or null for any
   * @param except an endpoint that does not count, or null
   */
  @Nullable PeerEndpoint inSession(
      Fingerprint key, @Nullable String team, @Nullable PeerEndpoint except) {
    PeerEndpoint last = null;
    List<PeerEndpoint> all = all(key);
    // By index, without an iterator: this is asked for each message.
    for (int i = 0; i < all.size(); i++) {
      PeerEndpoint endpoint = all.get(i);
      SessionStatus status = endpoint.status;
      if (endpoint != except
          && status.isHere()
          && !status.isBrief()
          && (team == null || team.equals(status.id().team()))
          && (last == null || status.isFresherThan(last.status))) {
        last = endpoint;
      }
    }
    return last;
  }

  /**
   * Returns the endpoint that looks for such a peer, or null.
   *
   * @param team the team that it must have, or null for any
   */
  @Nullable PeerEndpoint seeking(Fingerprint key, @Nullable String team) {
    return seeking(all(key), new Expected(key, team));
  }

  /** Returns the endpoint that looks for such a peer. Creates it if there is none. */
  PeerEndpoint seeking(
      Fingerprint key, @Nullable String team, Function<Expected, PeerEndpoint> create) {
    Expected expected = new Expected(key, team);
    PeerEndpoint found = seeking(all(key), expected);
    while (found == null) {
      byKey.compute(
          key,
          (any, all) ->
              all == null || seeking(all, expected) == null
                  ? with(all, create.apply(expected))
                  : all);
      // It may have found the peer already.
      found = seeking(all(key), expected);
    }
    return found;
  }

  private static @Nullable PeerEndpoint seeking(List<PeerEndpoint> all, Expected expected) {
    for (int i = 0; i < all.size(); i++) {
      if (seeks(all.get(i), expected)) {
        return all.get(i);
      }
    }
    return null;
  }

  private static boolean seeks(PeerEndpoint endpoint, Expected expected) {
    return isSeeking(endpoint) && expected.equals(endpoint.peer.expected);
  }

  private static boolean isSeeking(PeerEndpoint endpoint) {
    return endpoint.peer.expected != null && !endpoint.status.inSession();
  }

  /** The peer of an endpoint has this key. */
  void add(Fingerprint key, PeerEndpoint endpoint) {
    byKey.compute(
        key, (any, all) -> all != null && all.contains(endpoint) ? all : with(all, endpoint));
  }

  /** The peer of an endpoint does not have this key any more, or the endpoint is dropped. */
  void remove(Fingerprint key, PeerEndpoint endpoint) {
    byKey.computeIfPresent(
        key,
        (any, all) -> {
          List<PeerEndpoint> left = all.stream().filter(one -> one != endpoint).toList();
          return left.isEmpty() ? null : left;
        });
  }

  private static List<PeerEndpoint> with(@Nullable List<PeerEndpoint> all, PeerEndpoint more) {
    return all == null ? List.of(more) : Stream.concat(all.stream(), Stream.of(more)).toList();
  }
}
