package io.p2pchat.cli.terminal;

import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNode;
import io.p2pchat.cli.text.Place;
import io.p2pchat.cli.text.WrongAnswerException;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Finds who is meant by a number of the list, a team name, or an address. */
final class PeerChoice {
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

  private final PeerNode node;
  private final PeerNumbers numbers;

  PeerChoice(PeerNode node, PeerNumbers numbers) {
    this.node = node;
    this.numbers = numbers;
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
    List<PeerAddress> namesakes = named(answer);
    return namesakes.isEmpty() ? address(answer) : new Choice(namesakes, Optional.empty());
  }

  private PeerAddress numbered(String answer) throws WrongAnswerException {
    return numbers
        .peer(Integer.parseInt(answer))
        .orElseThrow(
            () -> new WrongAnswerException("there is no peer " + answer + "; /peers lists them"));
  }

  /** Peers of that team name; of all spellings of it where none is written like that. */
  List<PeerAddress> named(String name) {
    List<PeerAddress> exact = named(name::equals);
    return exact.isEmpty() ? named(name::equalsIgnoreCase) : exact;
  }

  private List<PeerAddress> named(Predicate<String> name) {
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
      return Place.host(answer);
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
   */
  List<String> part(String arguments) {
    String longest =
        node.activePeers().stream()
            .map(Peer::teamName)
            .filter(team -> begins(arguments, team))
            .max((a, b) -> Integer.compare(a.length(), b.length()))
            .orElseGet(() -> arguments.split(" ", 2)[0]);
    return List.of(
        arguments.substring(0, longest.length()), arguments.substring(longest.length()).strip());
  }

  private static boolean begins(String arguments, String team) {
    return arguments.regionMatches(true, 0, team, 0, team.length())
        && (arguments.length() == team.length() || arguments.charAt(team.length()) == ' ');
  }
}
