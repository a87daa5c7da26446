package io.p2pchat.cli.chat;

import io.p2pchat.DiscoveredPeer;
import io.p2pchat.Fingerprint;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Resolves a number, a team name or an address to peers. */
final class PeerResolver {
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

  private final PeerNode node;
  private final PeerNumbers numbers;
  private final PeerNames names;
  private final FoundPeers found;

  PeerResolver(PeerNode node, PeerNumbers numbers, PeerNames names) {
    this.node = node;
    this.numbers = numbers;
    this.names = names;
    this.found = new FoundPeers(node);
  }

  /**
   * The result.
   *
   * @param peers one peer, or several of the same team; empty if there is a host
   * @param host a host without a port
   */
  record Choice(List<Recipient> peers, Optional<String> host) {
    static Choice of(Recipient peer) {
      return new Choice(List.of(peer), Optional.empty());
    }
  }

  /**
   * Resolves an answer.
   *
   * @throws WrongAnswerException if it matches no peer; the message says what is accepted
   */
  Choice find(String answer) throws WrongAnswerException {
    if (NUMBER.matcher(answer).matches()) {
      return Choice.of(numbered(answer));
    }
    if (isAddress(answer)) {
      return address(answer);
    }
    List<Recipient> sameName = named(answer);
    return sameName.isEmpty() ? address(answer) : new Choice(sameName, Optional.empty());
  }

  /** Returns whether an answer stands for a peer or an address. */
  boolean isPeer(String answer) {
    try {
      return find(answer).host().isEmpty();
    } catch (WrongAnswerException e) {
      return false;
    }
  }

  /** Returns whether an answer is the number of a peer. Numbers precede team names. */
  static boolean isNumber(String answer) {
    return NUMBER.matcher(answer).matches();
  }

  /** Returns whether it is an IP address or has a port. Addresses precede team names. */
  private static boolean isAddress(String answer) {
    return AddressParser.isAddress(answer) && (!answer.contains(":") || isPeerAddress(answer));
  }

  private static boolean isPeerAddress(String answer) {
    try {
      address(answer);
      return true;
    } catch (WrongAnswerException e) {
      return false;
    }
  }

  private Recipient numbered(String answer) throws WrongAnswerException {
    return numbers
        .numbered(Integer.parseInt(answer))
        .map(this::asDiscovered)
        .orElseThrow(
            () -> new WrongAnswerException("there is no peer " + answer + "; /peers lists them"));
  }

  /**
   * Returns a recipient as it is now. A discovered peer may have become active, and may have left
   * and be back since.
   */
  Recipient current(Recipient to) {
    Optional<Peer> met =
        to.found()
            .flatMap(
                it ->
                    Stream.concat(node.activePeers().stream(), numbers.peers().stream())
                        .filter(peer -> FoundPeers.isSame(it, peer))
                        .findFirst());
    return asDiscovered(met.map(Recipient::of).orElse(to));
  }

  /**
   * Returns the peer as it was discovered, if it is known and not active. Then the user's message
   * is tried there at once.
   */
  private Recipient asDiscovered(Recipient to) {
    List<Peer> active = node.activePeers();
    return to.peer()
        .filter(peer -> !active.contains(peer))
        .flatMap(Peer::fingerprint)
        .flatMap(found::with)
        .map(Recipient::of)
        .orElse(to);
  }

  /**
   * Returns the peers with a name. Known keys come first, also those that were not met in this
   * chat, because anyone can choose any name. If just one of them had the name before this chat, a
   * newcomer or a renamed peer does not make it ambiguous. Then active peers, else those that have
   * left or were discovered. If there are several, all that are here belong to them.
   */
  private List<Recipient> named(String name) {
    List<Recipient> first = first(name);
    return first.size() < 2 ? first : withOthers(first, name);
  }

  private List<Recipient> withOthers(List<Recipient> first, String name) {
    List<Recipient> all = new ArrayList<>(first);
    Stream.concat(
            named(node.activePeers(), name).stream().map(Recipient::of),
            discovered(name).stream().map(Recipient::of))
        .filter(other -> other.peer().isPresent() && all.stream().noneMatch(other::isSame))
        .forEach(all::add);
    return all;
  }

  private List<Recipient> first(String name) {
    Set<Fingerprint> keys = names.knownKeys();
    List<Peer> active = named(node.activePeers(), name);
    List<Peer> left = named(numbers.peers(), name);
    Map<Fingerprint, Peer> known = new LinkedHashMap<>();
    Stream.of(active, left, named(names.known(), name))
        .flatMap(List::stream)
        .filter(peer -> peer.fingerprint().filter(keys::contains).isPresent())
        .forEach(peer -> known.putIfAbsent(peer.fingerprint().orElseThrow(), peer));
    return Stream.of(
            beforeNewcomers(List.copyOf(known.values())).stream()
                .map(Recipient::of)
                .map(this::asDiscovered)
                .toList(),
            active.stream().map(Recipient::of).toList(),
            strangers(left, name))
        .filter(peers -> !peers.isEmpty())
        .findFirst()
        .orElse(List.of());
  }

  private List<Peer> beforeNewcomers(List<Peer> known) {
    List<Peer> before = known.stream().filter(names::isNamedAtStart).toList();
    return before.size() == 1 ? before : known;
  }

  private List<Recipient> strangers(List<Peer> left, String name) {
    List<DiscoveredPeer> here = discovered(name);
    return Stream.concat(
            left.stream()
                .filter(peer -> here.stream().noneMatch(each -> FoundPeers.isSame(each, peer)))
                .map(Recipient::of),
            here.stream().map(Recipient::of))
        .toList();
  }

  private List<DiscoveredPeer> discovered(String name) {
    return found.all().stream()
        .filter(peer -> PeerNames.isNamed(FoundPeers.asPeer(peer), name))
        .toList();
  }

  /** Returns the only active or discovered peer, if there is just one. */
  Optional<Recipient> only() {
    List<Recipient> all =
        Stream.concat(
                node.activePeers().stream().map(Recipient::of),
                found.all().stream().map(Recipient::of))
            .limit(2)
            .toList();
    return all.size() == 1 ? Optional.of(all.get(0)) : Optional.empty();
  }

  private static List<Peer> named(List<Peer> peers, String name) {
    return peers.stream().filter(peer -> PeerNames.isNamed(peer, name)).toList();
  }

  private static Choice address(String answer) throws WrongAnswerException {
    try {
      return Choice.of(Recipient.at(PeerAddress.parse(answer)));
    } catch (IllegalArgumentException withoutPort) {
      return new Choice(List.of(), Optional.of(host(answer)));
    }
  }

  private static String host(String answer) throws WrongAnswerException {
    try {
      return PeerAddress.requireHost(answer);
    } catch (IllegalArgumentException e) {
      throw new WrongAnswerException(
          (answer.isEmpty() ? "" : "not a peer: \"" + answer + "\"; ")
              + "type a name, a number from /peers, or HOST:PORT");
    }
  }

  /**
   * Splits the arguments of a command into peer and text. Team names may contain spaces.
   *
   * @return two strings; the second is empty if there is no text
   * @throws WrongAnswerException if several teams match
   */
  List<String> part(String arguments) throws WrongAnswerException {
    String first = arguments.split(" ", 2)[0];
    List<String> teams =
        NUMBER.matcher(first).matches() || isAddress(first) ? List.of() : teamsAt(arguments);
    if (teams.size() > 1) {
      throw new WrongAnswerException(
          "several teams match: \""
              + String.join("\", \"", teams)
              + "\"; use a number from /peers");
    }
    String peer = teams.isEmpty() ? first : arguments.substring(0, teams.get(0).length());
    return List.of(peer, arguments.substring(peer.length()).strip());
  }

  private List<String> teamsAt(String arguments) {
    // Together. Otherwise an active peer named "Bob the" would get the messages for a known Bob.
    List<Peer> all =
        Stream.of(node.activePeers(), numbers.peers(), names.known())
            .flatMap(List::stream)
            .toList();
    List<String> teams = teamsAt(arguments, all);
    return teams.isEmpty()
        ? teamsAt(arguments, found.all().stream().map(FoundPeers::asPeer).toList())
        : teams;
  }

  private List<String> teamsAt(String arguments, List<Peer> peers) {
    return peers.stream()
        .flatMap(peer -> Stream.of(peer.teamName(), names.of(peer)))
        .filter(team -> begins(arguments, team))
        .collect(Collectors.toCollection(() -> new TreeSet<>(String.CASE_INSENSITIVE_ORDER)))
        .stream()
        .toList();
  }

  private static boolean begins(String arguments, String team) {
    return arguments.regionMatches(true, 0, team, 0, team.length())
        && (arguments.length() == team.length() || arguments.charAt(team.length()) == ' ');
  }
}
