package io.p2pchat.cli.chat;

import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** Asks for the peer and the text of a command. */
final class PeerPrompt {
  private final PeerResolver resolver;
  private final PeerNumbers numbers;
  private final PeerNode node;
  private final Screen screen;
  private final ChatOutput output;
  private final ChatFormat format;

  PeerPrompt(
      PeerResolver resolver,
      PeerNumbers numbers,
      PeerNode node,
      Screen screen,
      ChatOutput output,
      ChatFormat format) {
    this.resolver = resolver;
    this.numbers = numbers;
    this.node = node;
    this.screen = screen;
    this.output = output;
    this.format = format;
  }

  String line(String question) throws EndOfInputException, CancelledException {
    return ask(question, Prompt.Kind.OTHER);
  }

  /** Asks for the text of a message. People's texts stay as they were typed. */
  String message() throws EndOfInputException, CancelledException {
    String text = askExactly("Message:", Prompt.Kind.MESSAGE);
    return format.isForPeople() ? text : text.strip();
  }

  /** Asks for a confirmation. Returns the answer in lower case. A pasted line is no answer. */
  String confirmation(String question) throws EndOfInputException, CancelledException {
    return ask(question, Prompt.Kind.CONFIRMATION).toLowerCase(Locale.ROOT);
  }

  /**
   * Asks for a peer. Scripts give the host and the port. People give a number, team or address, or
   * nothing for the last peer. For a host alone, also asks for the port.
   */
  PeerAddress address(String hostQuestion, String portQuestion, Optional<PeerAddress> last)
      throws EndOfInputException, WrongAnswerException, CancelledException {
    if (!format.isForPeople()) {
      String host = read(line(hostQuestion + ":"), PeerAddress::requireHost);
      return new PeerAddress(host, read(line(portQuestion), AddressParser::port));
    }
    String who = last.map(peer -> "; Enter for " + name(peer)).orElse("");
    String answer =
        ask(hostQuestion + " (or number, team, HOST:PORT" + who + "):", Prompt.Kind.PEER);
    if (answer.isEmpty() && last.isPresent()) {
      return last.get();
    }
    PeerResolver.Choice found = resolver.find(answer);
    return found.host().isPresent()
        ? new PeerAddress(found.host().get(), read(line(portQuestion), AddressParser::port))
        : one(found.peers());
  }

  /** Returns the peer of a command. If several match, asks for one. */
  PeerAddress peer(String answer)
      throws EndOfInputException, WrongAnswerException, CancelledException {
    PeerResolver.Choice found = resolver.find(answer);
    if (found.host().isPresent()) {
      throw new WrongAnswerException(
          "no active peer is called \"" + answer + "\"; an address needs a port: HOST:PORT");
    }
    return one(found.peers());
  }

  private PeerAddress one(List<PeerAddress> peers)
      throws EndOfInputException, WrongAnswerException, CancelledException {
    if (peers.size() == 1) {
      return peers.get(0);
    }
    List<String> lines = new ArrayList<>(List.of("Several have this name:"));
    node.activePeers().forEach(numbers::remember);
    peers.forEach(peer -> lines.add("  " + numbers.number(peer) + "  " + name(peer)));
    output.add(lines);
    String answer = ask("Number:", Prompt.Kind.PEER);
    PeerResolver.Choice found = resolver.find(answer);
    if (found.peers().size() != 1 || !peers.contains(found.peers().get(0))) {
      throw new WrongAnswerException("\"" + answer + "\" is none of these numbers");
    }
    return found.peers().get(0);
  }

  private static <T> T read(String answer, Function<String, T> reader) throws WrongAnswerException {
    try {
      return reader.apply(answer);
    } catch (IllegalArgumentException e) {
      throw new WrongAnswerException(String.valueOf(e.getMessage()));
    }
  }

  private String name(PeerAddress address) {
    return node.activePeers().stream()
        .filter(peer -> peer.address().equals(address))
        .findFirst()
        .map(format::who)
        .orElse(address.toString());
  }

  private String ask(String question, Prompt.Kind kind)
      throws EndOfInputException, CancelledException {
    return askExactly(question, kind).strip();
  }

  private String askExactly(String question, Prompt.Kind kind)
      throws EndOfInputException, CancelledException {
    output.flush();
    return screen.ask(new Prompt(question + " ", kind));
  }
}
