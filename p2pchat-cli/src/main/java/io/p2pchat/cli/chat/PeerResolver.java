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

/** Finds who is meant by a number of the list, a team name, or an address. */
final class PeerResolver {
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
  private static final Pattern IPV4 = Pattern.compile("[0-9]+(\\.[0-9]+){3}");

  private final PeerNode node;
  private final PeerNumbers met;

  PeerResolver(PeerNode node, PeerNumbers met) {
    this.node = node;
    this.met = met;
  }

  /**
   * Who may be meant.
   *
   * @param peers one, or several of the same name
   * @param host instead of a peer, where there is no port yet; empty if there is one
   */
  record Choice(List<PeerAddress> peers, Optional<String> host) {
    static Choice of(PeerAddress peer) {
      return new Choice(List.of(peer), Optional.empty());
    }
  }

  /**
   * Finds who is meant.
   *
   * @throws WrongAnswerException if nobody can be; the text says what is accepted
   */
  Choice find(String answer) throws WrongAnswerException {
    if (NUMBER.matcher(answer).matches()) {
      return Choice.of(numbered(answer));
    }
    if (isAddress(answer)) {
      return address(answer);
    }
    List<PeerAddress> namesakes = named(answer);
    return namesakes.isEmpty() ? address(answer) : new Choice(namesakes, Optional.empty());
  }

  /** Whether it is an IP address or has a port: then nobody's team name is taken for it. */
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
    return met.numbered(Integer.parseInt(answer))
        .orElseThrow(
            () -> new WrongAnswerException("there is no peer " + answer + "; /peers lists them"));
  }

  /**
   * Peers of that team name; where there is none, of all spellings of it, and at last those who
   * have left.
   */
  private List<PeerAddress> named(String name) {
    return Stream.<Supplier<List<PeerAddress>>>of(
            () -> active(name::equals),
            () -> active(name::equalsIgnoreCase),
            () -> met.named(name::equals),
            () -> met.named(name::equalsIgnoreCase))
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
    } catch (IllegalArgumentException notWhole) {
      return new Choice(List.of(), Optional.of(host(answer)));
    }
  }

  private static String host(String answer) throws WrongAnswerException {
    try {
      return AddressParser.host(answer);
    } catch (IllegalArgumentException e) {
      throw new WrongAnswerException(
          "not a peer: \""
              + answer
              + "\"; accepted are a number of the list (/peers), a team name, and ip:port");
    }
  }

  /**
   * Parts what follows a command into the peer, whose team name may have blanks in it, and the
   * text.
   *
   * @return two strings, the second empty if there is no text
   * @throws WrongAnswerException if the names of several teams fit
   */
  List<String> part(String arguments) throws WrongAnswerException {
    String first = arguments.split(" ", 2)[0];
    List<String> teams =
        NUMBER.matcher(first).matches() || isAddress(first) ? List.of() : teamsAt(arguments);
    if (teams.size() > 1) {
      throw new WrongAnswerException(
          "several teams fit: \"" + String.join("\", \"", teams) + "\"; /peers has their numbers");
    }
    String peer = teams.isEmpty() ? first : arguments.substring(0, teams.get(0).length());
    return List.of(peer, arguments.substring(peer.length()).strip());
  }

  private List<String> teamsAt(String arguments) {
    return Stream.concat(node.activePeers().stream().map(Peer::teamName), met.teams().stream())
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
