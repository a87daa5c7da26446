package io.p2pchat.cli.doctor;

import io.p2pchat.Fingerprint;
import io.p2pchat.KnownPeer;
import io.p2pchat.PeerAddress;
import io.p2pchat.cli.chat.PeerNames;
import io.p2pchat.discovery.PeerCandidate;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The first step of {@link PeerCheck}: the addresses of a name. */
final class PeerLookup {
  private static final String NAME = "peer-name";
  private static final int MAX_ADDRESSES = 8;
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private final LocalNetwork network;
  private final TcpProbe tcp;
  private final Supplier<List<PeerCandidate>> seen;
  private final Executor executor;

  /**
   * What the name stands for.
   *
   * @param addresses where to look
   * @param keys the keys that may answer; empty for any
   * @param finding says so
   */
  record Target(List<PeerAddress> addresses, Set<Fingerprint> keys, Finding finding) {}

  PeerLookup(
      LocalNetwork network, TcpProbe tcp, Supplier<List<PeerCandidate>> seen, Executor executor) {
    this.network = network;
    this.tcp = tcp;
    this.seen = seen;
    this.executor = executor;
  }

  /**
   * Finds out where to look.
   *
   * @param known the known peers
   */
  Target find(PeerGoal goal, List<KnownPeer> known) {
    Optional<PeerAddress> address = address(goal.text());
    if (address.isEmpty()) {
      return named(goal.text(), known);
    }
    Set<Fingerprint> expected = goal.key().map(Set::of).orElse(Set.of());
    PeerAddress at = address.get();
    if (at.isIp()) {
      Finding finding = Finding.ok(NAME, at + " is an IP address and a port.");
      return new Target(
          distinct(Stream.concat(Stream.of(at), ofKeys(known, expected))), expected, finding);
    }
    return resolved(at, expected);
  }

  private static Optional<PeerAddress> address(String text) {
    try {
      return Optional.of(PeerAddress.parse(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private Target resolved(PeerAddress name, Set<Fingerprint> expected) {
    try {
      List<InetAddress> ips =
          CompletableFuture.supplyAsync(() -> resolve(name.host()), executor)
              .orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS)
              .join();
      List<PeerAddress> addresses =
          distinct(ips.stream().map(ip -> PeerAddress.of(new InetSocketAddress(ip, name.port()))));
      return new Target(
          addresses,
          expected,
          Finding.ok(
              NAME, "The host name " + name.host() + " stands for " + text(addresses) + "."));
    } catch (CompletionException e) {
      return nobody(
          "This machine cannot find the host name " + name.host() + ".",
          "Check the spelling, or use the IP address that /me shows in the other p2pchat.");
    }
  }

  private List<InetAddress> resolve(String host) {
    try {
      return tcp.resolve(host);
    } catch (IOException e) {
      throw new CompletionException(e);
    }
  }

  /** Looks for a team name: known keys first, then peers that were seen now. */
  private Target named(String team, List<KnownPeer> known) {
    Set<Fingerprint> expected =
        known.stream()
            .filter(peer -> PeerNames.isSame(peer.teamName(), team))
            .map(KnownPeer::fingerprint)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    List<PeerCandidate> candidates =
        seen.get().stream()
            .filter(
                each ->
                    expected.isEmpty()
                        ? each.teamName().filter(it -> PeerNames.isSame(it, team)).isPresent()
                        : expected.stream().anyMatch(key -> isOf(each, key)))
            .toList();
    List<PeerAddress> addresses =
        distinct(
            Stream.concat(
                candidates.stream().map(PeerCandidate::addresses).flatMap(List::stream),
                ofKeys(known, expected)));
    if (addresses.isEmpty()) {
      return nobody(
          "Nobody named \"" + team + "\" is known, and nobody of this name was seen now.",
          "Check the spelling, start p2pchat there, or use the HOST:PORT that /me shows there.");
    }
    String how =
        expected.isEmpty()
            ? " was seen now at "
            : candidates.isEmpty() ? " was last at " : " is at ";
    String keysOfName = expected.size() > 1 ? " (" + expected.size() + " known keys)" : "";
    return new Target(
        addresses,
        expected,
        Finding.ok(NAME, "\"" + team + "\"" + keysOfName + how + text(addresses) + "."));
  }

  private static boolean isOf(PeerCandidate candidate, Fingerprint key) {
    return candidate.node().isPresent()
        && candidate
            .keyHint()
            .equals(candidate.node().map(node -> PeerCandidate.keyHint(key, node)));
  }

  /** Returns where keys were recorded, the newest first. */
  private Stream<PeerAddress> ofKeys(List<KnownPeer> known, Set<Fingerprint> keys) {
    List<KnownPeer> newestFirst = new ArrayList<>(known);
    Collections.reverse(newestFirst);
    return newestFirst.stream()
        .filter(peer -> keys.contains(peer.fingerprint()))
        .map(KnownPeer::address)
        .flatMap(this::zoned);
  }

  /**
   * Returns a link-local address on each network of this machine. It was recorded without its zone,
   * and cannot be dialed without one.
   */
  private Stream<PeerAddress> zoned(PeerAddress address) {
    Optional<InetAddress> ip = address.ip();
    if (ip.filter(Inet6Address.class::isInstance).filter(InetAddress::isLinkLocalAddress).isEmpty()
        || address.host().contains("%")) {
      return Stream.of(address);
    }
    List<String> zones = zones();
    return zones.isEmpty()
        ? Stream.of(address)
        : zones.stream().map(zone -> new PeerAddress(address.host() + zone, address.port()));
  }

  /** Returns the zones of the link-local addresses of this machine, such as {@code %eth0}. */
  private List<String> zones() {
    try {
      return network.interfaces().stream()
          .filter(each -> each.up() && !each.loopback())
          .flatMap(each -> each.shownAddresses().stream())
          .filter(shown -> shown.contains("%"))
          .map(shown -> shown.substring(shown.indexOf('%')))
          .distinct()
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  private static List<PeerAddress> distinct(Stream<PeerAddress> addresses) {
    return addresses.distinct().limit(MAX_ADDRESSES).toList();
  }

  private static String text(List<PeerAddress> addresses) {
    return addresses.stream().map(PeerAddress::toString).collect(Collectors.joining(", "));
  }

  private static Target nobody(String text, String next) {
    return new Target(List.of(), Set.of(), Finding.problem(NAME, text, next));
  }
}
