package io.p2pchat.cli.chat;

import io.p2pchat.DiscoveredPeer;
import io.p2pchat.Fingerprint;
import io.p2pchat.KnownPeer;
import io.p2pchat.Peer;
import io.p2pchat.Peer.Level;
import io.p2pchat.Peer.State;
import io.p2pchat.PeerNode;
import io.p2pchat.discovery.PeerCandidate;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The discovered peers that are not active. Those that say that they have a known key come first.
 * Nothing of what they say is proven before a handshake.
 */
final class FoundPeers {
  private final PeerNode node;

  FoundPeers(PeerNode node) {
    this.node = node;
  }

  /** Returns the peers: one for each known key, and one for each other node. */
  List<DiscoveredPeer> all() {
    List<DiscoveredPeer> found = discovered();
    List<Peer> active = found.isEmpty() ? List.of() : node.activePeers();
    Map<Object, DiscoveredPeer> byKey = new LinkedHashMap<>();
    found.stream()
        .filter(peer -> active.stream().noneMatch(other -> isSame(peer, other)))
        .sorted(Comparator.comparing(peer -> peer.known().isEmpty()))
        .forEach(peer -> byKey.putIfAbsent(id(peer), peer));
    return List.copyOf(byKey.values());
  }

  /**
   * Returns the discovered peers. Of those with one name at one address, only the newest: a source
   * may still list a node that has been restarted.
   */
  private List<DiscoveredPeer> discovered() {
    List<DiscoveredPeer> found = node.discoveredPeers();
    Map<Object, DiscoveredPeer> newest = new HashMap<>();
    found.forEach(peer -> newest.merge(place(peer), peer, FoundPeers::newer));
    return found.stream()
        .filter(peer -> nodeOf(peer).equals(nodeOf(newest.getOrDefault(place(peer), peer))))
        .toList();
  }

  private static Object place(DiscoveredPeer peer) {
    return List.of(peer.addresses().get(0), asPeer(peer).teamName());
  }

  private static DiscoveredPeer newer(DiscoveredPeer one, DiscoveredPeer other) {
    return one.firstSeen().isAfter(other.firstSeen()) ? one : other;
  }

  /** Returns where the holder of a known key was discovered, if it is not active. */
  Optional<DiscoveredPeer> with(Fingerprint key) {
    return discovered().stream().filter(peer -> hasKey(peer, key)).findFirst();
  }

  private static boolean hasKey(DiscoveredPeer peer, Fingerprint key) {
    return peer.known().filter(known -> known.fingerprint().equals(key)).isPresent();
  }

  private static Object id(DiscoveredPeer peer) {
    return peer.known().<Object>map(KnownPeer::fingerprint).orElseGet(() -> nodeOf(peer));
  }

  /** Returns what distinguishes a node from others, whatever else becomes known about it. */
  static Object nodeOf(DiscoveredPeer peer) {
    return peer.node().<Object>map(node -> node + peer.keyHint()).orElseGet(peer::addresses);
  }

  /**
   * Returns what the nodes of one peer have in common: the known key, or else the name at one of
   * the addresses.
   */
  static Set<Object> places(DiscoveredPeer peer) {
    return peer.known()
        .<Set<Object>>map(known -> Set.of(known.fingerprint()))
        .orElseGet(
            () ->
                peer.addresses().stream()
                    .map(address -> List.of(address, asPeer(peer).teamName()))
                    .collect(Collectors.toSet()));
  }

  /** Returns whether another discovered peer has the same name. */
  boolean sharesName(DiscoveredPeer found) {
    String team = asPeer(found).teamName();
    return discovered().stream()
        .filter(other -> !nodeOf(other).equals(nodeOf(found)))
        .anyMatch(other -> PeerNames.isSame(asPeer(other).teamName(), team));
  }

  /** Returns whether a peer was discovered at another address than this one, which has its name. */
  boolean sharesName(Peer peer) {
    return discovered().stream()
        .filter(other -> !other.addresses().contains(peer.address()))
        .anyMatch(other -> PeerNames.isSame(asPeer(other).teamName(), peer.teamName()));
  }

  /** Returns whether a peer is active. */
  boolean isActive(DiscoveredPeer found) {
    return node.activePeers().stream().anyMatch(peer -> isSame(found, peer));
  }

  /** Returns whether a peer has a session, and a connection now. */
  boolean isInSession(DiscoveredPeer found) {
    return node.activePeers().stream()
        .anyMatch(
            peer ->
                peer.level() == Level.SESSION
                    && peer.state() == State.REACHABLE
                    && isSame(found, peer));
  }

  /** Returns the peer with what is said about it. It has a key if that is known. */
  static Peer asPeer(DiscoveredPeer found) {
    Peer.Builder peer = Peer.builder(found.addresses().get(0));
    found.known().map(KnownPeer::teamName).or(found::teamName).ifPresent(peer::teamName);
    return peer.fingerprint(found.known().map(KnownPeer::fingerprint).orElse(null)).build();
  }

  /** Returns whether a peer that is or was active is the discovered one. */
  static boolean isSame(DiscoveredPeer found, Peer peer) {
    if (found.known().isPresent()) {
      return peer.fingerprint().filter(key -> hasKey(found, key)).isPresent();
    }
    return found.addresses().contains(peer.address())
        && (found.keyHint().isEmpty()
            || peer.fingerprint().filter(key -> isHint(found, key)).isPresent());
  }

  private static boolean isHint(DiscoveredPeer found, Fingerprint key) {
    return found.keyHint().equals(found.node().map(node -> PeerCandidate.keyHint(key, node)));
  }
}
