package io.p2pchat.cli.chat;

import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Asks for the peer and the text of a command. */
final class PeerPrompt {
  private static final int MAX_CANDIDATES = 20;
  private static final int MAX_NAMED = 64;
  private static final String NOBODY = "nobody here is called ";

  private final PeerResolver resolver;
  private final PeerNumbers numbers;
  private final PeerNode node;
  private final Screen screen;
  private final ChatOutput output;
  private final ChatFormat format;
  private final Supplier<List<Peer>> waiting;

  /** The last answer with its prompt, if the screen has erased it. */
  private @Nullable String erased;

  /**
   * Creates it.
   *
   * @param waiting returns the peers with kept messages, as {@code /peers} lists them
   */
  PeerPrompt(
      PeerResolver resolver,
      PeerNumbers numbers,
      PeerNode node,
      Screen screen,
      ChatOutput output,
      ChatFormat format,
      Supplier<List<Peer>> waiting) {
    this.waiting = waiting;
    this.resolver = resolver;
    this.numbers = numbers;
    this.node = node;
    this.screen = screen;
    this.output = output;
    this.format = format;
  }

  PeerResolver resolver() {
    return resolver;
  }

  ChatFormat format() {
    return format;
  }

  String line(String question) throws EndOfInputException, CancelledException {
    return ask(question, Prompt.Kind.OTHER);
  }

  /**
   * Asks for the text of a message. People's texts stay as they were typed.
   *
   * @throws WrongAnswerException if a person has typed nothing. A script may send an empty text
   */
  String message() throws EndOfInputException, WrongAnswerException, CancelledException {
    String text = askExactly("Message:", Prompt.Kind.MESSAGE);
    if (format.isForPeople() && text.isBlank()) {
      throw new WrongAnswerException("not sent: the message is empty");
    }
    return format.isForPeople() ? text : text.strip();
  }

  /** Asks for a confirmation. Returns the answer in lower case. A pasted line is no answer. */
  String confirmation(String question) throws EndOfInputException, CancelledException {
    return ask(question, Prompt.Kind.CONFIRMATION).toLowerCase(Locale.ROOT);
  }

  /**
   * Asks for a peer. Scripts give the host and the port. People give a number, team or address, or
   * nothing for the last peer. For a host alone, also asks for the port, unless it looks like a
   * name.
   */
  Recipient recipient(String hostQuestion, String portQuestion, Optional<Recipient> last)
      throws EndOfInputException, WrongAnswerException, CancelledException {
    if (!format.isForPeople()) {
      String host = read(line(hostQuestion + ":"), PeerAddress::requireHost);
      return Recipient.at(new PeerAddress(host, read(line(portQuestion), AddressParser::port)));
    }
    String who = last.map(peer -> "; Enter for " + name(peer)).orElse("");
    String answer =
        ask(hostQuestion + " (or number, team, HOST:PORT" + who + "):", Prompt.Kind.PEER);
    if (answer.isEmpty() && last.isPresent()) {
      return last.get();
    }
    PeerResolver.Choice found = resolver.find(answer);
    if (found.host().isEmpty()) {
      return one(found.peers());
    }
    if (!AddressParser.isHost(answer)) {
      throw new WrongAnswerException(
          NOBODY + answer + ". /peers lists who is here. For a host, type HOST:PORT");
    }
    return Recipient.at(
        new PeerAddress(found.host().get(), read(line(portQuestion), AddressParser::port)));
  }

  /** Returns the peer of a command. If several match, asks for one. */
  Recipient peer(String answer)
      throws EndOfInputException, WrongAnswerException, CancelledException {
    PeerResolver.Choice found = resolver.find(answer);
    if (found.host().isPresent()) {
      throw new WrongAnswerException(
          AddressParser.isAddress(answer)
              ? "the address " + answer + " needs a port: HOST:PORT"
              : NOBODY + answer + ". /peers lists who is here");
    }
    return one(found.peers());
  }

  /** Returns the peers of a command that takes several. Team names may contain spaces. */
  List<Recipient> peers(String answer)
      throws EndOfInputException, WrongAnswerException, CancelledException {
    if (!answer.contains(" ") || resolver.isPeer(answer)) {
      return List.of(peer(answer));
    }
    List<Recipient> peers = new ArrayList<>();
    String rest = answer;
    while (!rest.isEmpty()) {
      List<String> parts = resolver.part(rest);
      Recipient next = peer(parts.get(0));
      if (peers.stream().noneMatch(next::isSame)) {
        peers.add(next);
      }
      if (peers.size() > MAX_NAMED) {
        throw new WrongAnswerException("too many peers; name " + MAX_NAMED + " at most");
      }
      rest = parts.get(1);
    }
    return peers;
  }

  private Recipient one(List<Recipient> peers)
      throws EndOfInputException, WrongAnswerException, CancelledException {
    if (peers.size() == 1) {
      return peers.get(0);
    }
    showErased();
    List<String> lines = new ArrayList<>(List.of("Several peers have this name:"));
    List<Peer> listed = listed();
    for (Recipient each : peers.subList(0, Math.min(peers.size(), MAX_CANDIDATES))) {
      Peer peer = each.peer().orElseThrow();
      int number = each.found().map(numbers::remember).orElseGet(() -> numbers.remember(peer));
      String shown =
          each.found()
              .map(format::discovered)
              .map(ChatFormat::safe)
              .orElseGet(() -> state(peer, listed));
      lines.add("  " + number + "  " + format.who(peer) + ", " + shown);
    }
    if (peers.size() > MAX_CANDIDATES) {
      lines.add("  and " + (peers.size() - MAX_CANDIDATES) + " more");
    }
    output.add(lines);
    while (true) {
      String answer = ask("Number (Enter cancels):", Prompt.Kind.PEER);
      if (answer.isEmpty()) {
        throw new CancelledException();
      }
      Optional<Recipient> chosen = chosen(answer, peers);
      if (chosen.isPresent()) {
        return chosen.get();
      }
      String wrong = "\"" + answer + "\" is none of these numbers";
      if (screen.isPasted()) {
        throw new WrongAnswerException(wrong); // The next pasted line is no answer.
      }
      showErased();
      output.add(List.of(ChatFormat.safe(wrong + ".")));
    }
  }

  /** Returns the one that an answer stands for, if it does so for just one. */
  private Optional<Recipient> chosen(String answer, List<Recipient> peers) {
    try {
      List<Recipient> found = resolver.find(answer).peers();
      List<Recipient> chosen =
          found.size() == 1 ? peers.stream().filter(found.get(0)::isSame).toList() : List.of();
      return chosen.size() == 1 ? Optional.of(chosen.get(0)) : Optional.empty();
    } catch (WrongAnswerException e) {
      return Optional.empty();
    }
  }

  /** Returns the active peers, and those that have left while messages wait. */
  private List<Peer> listed() {
    return Stream.concat(node.activePeers().stream(), waiting.get().stream()).toList();
  }

  /** Returns the state of a peer as {@code /peers} shows it. One that has left is offline. */
  private String state(Peer peer, List<Peer> listed) {
    return format.state(
        listed.stream()
            .filter(peer::equals)
            .findFirst()
            .orElseGet(
                () ->
                    Peer.builder(peer.address())
                        .fingerprint(peer.fingerprint().orElse(null))
                        .lastHeard(peer.lastHeard().orElse(null))
                        .state(Peer.State.UNREACHABLE)
                        .build()));
  }

  private static <T> T read(String answer, Function<String, T> reader) throws WrongAnswerException {
    try {
      return reader.apply(answer);
    } catch (IllegalArgumentException e) {
      throw new WrongAnswerException(String.valueOf(e.getMessage()));
    }
  }

  private String name(Recipient peer) {
    return peer.current(node).map(format::who).orElse(peer.address().toString());
  }

  /** Returns the name of a peer, not escaped. */
  String name(Peer peer) {
    return format.name(peer);
  }

  private String ask(String question, Prompt.Kind kind)
      throws EndOfInputException, CancelledException {
    return askExactly(question, kind).strip();
  }

  private String askExactly(String question, Prompt.Kind kind)
      throws EndOfInputException, CancelledException {
    showErased();
    return ask(new Prompt(question + " ", kind));
  }

  /** Asks for the next command or message. */
  String next(Prompt question) throws EndOfInputException, CancelledException {
    erased = null; // It is shown as a sent message.
    return ask(question);
  }

  private String ask(Prompt question) throws EndOfInputException, CancelledException {
    output.flush();
    String answer = screen.ask(question);
    erased =
        screen.erasesRepeated() && question.isRepeated(answer)
            ? question.prompt() + ChatFormat.text(answer.strip())
            : null;
    return answer;
  }

  /**
   * Shows the last answer again if the screen has erased it: before a question about it, and before
   * the reason why it was not sent.
   */
  void showErased() {
    if (erased != null) {
      output.add(List.of(erased));
      erased = null;
    }
  }
}
