package io.p2pchat.cli.chat;

import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNode;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Resolves a number, a team name or an address to peers. */
final class PeerResolver {
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
  private static final Pattern IPV4 = Pattern.compile("[0-9]+(\\.[0-9]+){3}");

  private final PeerNode node;
  private final PeerNumbers numbers;

  PeerResolver(PeerNode node, PeerNumbers numbers) {
    this.node = node;
    this.numbers = numbers;
  }

  /**
   * The result.
   *
   * @param peers one peer, or several of the same team; empty if there is a host
   * @param host a host without a port
   */
  record Choice(List<PeerAddress> peers, Optional<String> host) {
    static Choice of(PeerAddress peer) {
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
    List<PeerAddress> sameName = named(answer);
    return sameName.isEmpty() ? address(answer) : new Choice(sameName, Optional.empty());
  }

  /** Returns whether it is an IP address or has a port. Addresses precede team names. */
  private static boolean isAddress(String answer) {
    return answer.contains(":") ? isPeerAddress(answer) : IPV4.matcher(answer).matches();
  }

  private static boolean isPeerAddress(String answer) {
    try {
      address(answer);
      return true;
    } catch (WrongAnswerException e) {
      return false;
    }
  }

  private PeerAddress numbered(String answer) throws WrongAnswerException {
    return numbers
        .numbered(Integer.parseInt(answer))
        .orElseThrow(
            () -> new WrongAnswerException("there is no peer " + answer + "; /peers lists them"));
  }

  /** Returns the peers of a team: exact, else ignoring case, else those that have left. */
  private List<PeerAddress> named(String name) {
    return Stream.<Supplier<List<PeerAddress>>>of(
            () -> active(name::equals),
            () -> active(name::equalsIgnoreCase),
            () -> numbers.named(name::equals),
            () -> numbers.named(name::equalsIgnoreCase))
        .map(Supplier::get)
        .filter(found -> !found.isEmpty())
        .findFirst()
        .orElse(List.of());
  }

  private List<PeerAddress> active(Predicate<String> name) {
    return node.activePeers().stream()
        .filter(peer -> name.test(peer.teamName()))
        .map(Peer::address)
        .toList();
  }

  private static Choice address(String answer) throws WrongAnswerException {
    try {
      return Choice.of(PeerAddress.parse(answer));
    } catch (IllegalArgumentException withoutPort) {
      return new Choice(List.of(), Optional.of(host(answer)));
    }
  }

  private static String host(String answer) throws WrongAnswerException {
    try {
      return PeerAddress.requireHost(answer);
    } catch (IllegalArgumentException e) {
      throw new WrongAnswerException(
          "not a peer: \""
              + answer
              + "\"; accepted are a number from /peers, a team name, and HOST:PORT");
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
    return Stream.concat(node.activePeers().stream().map(Peer::teamName), numbers.teams().stream())
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
