package io.p2pchat.cli.chat;

import io.p2pchat.Peer;
import io.p2pchat.PeerNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The loop of the chat. It reads the numbers of the menu, commands that begin with a slash, and,
 * after {@code /to}, messages to one peer or to all.
 */
final class ChatLoop {
  private static final String MENU =
      "Choose: 1 Send message, 2 Query peers, 3 Connect to peers, 0 Quit";

  private static final Pattern NUMBER = Pattern.compile("[0-9]+");

  /** Stands for all connected or all active peers. */
  static final String ALL = "all";

  private static final String MORE = "; more: /help";

  private final PeerNode node;
  private final Screen screen;
  private final ChatOutput output;
  private final ChatFormat format;
  private final PeerResolver resolver;
  private final PeerPrompt peerPrompt;
  private final ChatActions actions;
  private final RecipientNames names;
  private final IgnoreCommands ignoring;
  private final KeyCommands keys;

  /** Whom each line goes to, if it is no command. */
  private @Nullable Talk talk;

  /** With one peer, or with all connected ones if it is empty. */
  private record Talk(Optional<Recipient> peer) {}

  ChatLoop(
      PeerNode node,
      Screen screen,
      ChatOutput output,
      PeerPrompt peerPrompt,
      ChatActions actions,
      IgnoreCommands ignoring,
      KeyCommands keys) {
    this.node = node;
    this.screen = screen;
    this.output = output;
    this.format = peerPrompt.format();
    this.resolver = peerPrompt.resolver();
    this.peerPrompt = peerPrompt;
    this.actions = actions;
    this.names = actions.names();
    this.ignoring = ignoring;
    this.keys = keys;
  }

  /**
   * Returns when the user quits.
   *
   * @param last the peers that were connected when the last chat ended. Pipes have none
   */
  void run(LastConnected last) {
    String listening =
        "Listening on port " + node.port() + " as " + ChatFormat.safe(node.teamName()) + ".";
    output.add(format.isForPeople() ? List.of(listening, MENU + MORE) : List.of(listening));
    try {
      if (format.isForPeople()) {
        reconnect(last);
      }
      boolean more = true;
      while (more) {
        Prompt question = question();
        more = perform(read(question));
      }
    } catch (EndOfInputException e) {
      // Means quit.
    }
  }

  private void reconnect(LastConnected last) throws EndOfInputException {
    List<Recipient> before = last.read();
    if (before.isEmpty()) {
      return;
    }
    String whom = before.size() == 1 ? names.name(before.get(0)) : before.size() + " peers";
    String question = "You were connected to " + whom + ". Reconnect? [Y/n]";
    try {
      String answer = peerPrompt.confirmation(question);
      while (!List.of("", "y", "yes", "n", "no").contains(answer)) {
        answer = peerPrompt.confirmation(question);
      }
      if (answer.startsWith("n")) {
        last.dismiss();
      } else {
        actions.reconnect(before.stream().map(resolver::current).toList(), last);
      }
    } catch (CancelledException e) {
      // The next chat asks again.
    }
  }

  private String read(Prompt question) throws EndOfInputException {
    while (true) {
      try {
        return peerPrompt.next(question);
      } catch (CancelledException e) {
        // The line is cleared.
      }
    }
  }

  private Prompt question() {
    if (!format.isForPeople()) {
      return new Prompt(MENU, Prompt.Kind.CHOICE);
    }
    String team = format.bold(ChatFormat.safe(node.teamName()));
    Talk with = talk;
    return with == null
        ? new Prompt(() -> team + unread() + "> ", Prompt.Kind.CHOICE)
        : new Prompt(() -> team + format.arrow() + name(with) + unread() + "> ", Prompt.Kind.TALK);
  }

  private String name(Talk with) {
    return with.peer()
        .map(names::inPrompt)
        .orElseGet(() -> ALL + " (" + node.connectedPeers().size() + ")");
  }

  private String unread() {
    int count = actions.history().unread().all();
    return count == 0 ? "" : " [" + count + " unread]";
  }

  /** Performs an answer. Returns false to quit. A text for a peer is sent as it was typed. */
  private boolean perform(String answer) throws EndOfInputException {
    String line = answer.strip();
    try {
      if (format.isForPeople() && line.startsWith("/") && !line.startsWith("//")) {
        return command(line);
      }
      if (talk == null) {
        return choice(line);
      }
      if (!line.isEmpty()) {
        talk(talk, line.startsWith("//") ? line.substring(1) : answer);
      }
    } catch (WrongAnswerException e) {
      show(String.valueOf(e.getMessage()));
    } catch (CancelledException e) {
      show("Cancelled.");
    }
    return true;
  }

  private void talk(Talk with, String text)
      throws EndOfInputException, WrongAnswerException, CancelledException {
    if (with.peer().isEmpty()) {
      broadcast(text);
    } else {
      Recipient to = resolver.current(with.peer().get());
      talk = new Talk(Optional.of(to));
      send(to, text);
    }
  }

  /** Shows a problem. Repeats text that was not sent, so that it can be copied. */
  private void show(String problem) {
    peerPrompt.showErased();
    output.add(List.of(ChatFormat.safe(problem)));
  }

  private boolean choice(String choice)
      throws EndOfInputException, WrongAnswerException, CancelledException {
    switch (choice) {
      case "0" -> {
        return false;
      }
      case "1" -> {
        Recipient to = peerPrompt.recipient("Recipient IP", "Recipient port:", lastOrOnly());
        send(to, peerPrompt.message());
      }
      case "2" -> actions.list();
      case "3" -> connect();
      default -> {
        if (!format.isForPeople()) {
          throw new WrongAnswerException(
              "not a choice: \"" + choice + "\"; accepted are 1, 2, 3 and 0");
        }
        return otherChoice(choice);
      }
    }
    return true;
  }

  /** Answers a line of a person that is no number of the menu. Returns false to quit. */
  private boolean otherChoice(String choice) throws WrongAnswerException {
    if (choice.isEmpty()) {
      output.add(List.of(MENU + MORE));
      return true;
    }
    if (NUMBER.matcher(choice).matches()) {
      throw new WrongAnswerException(
          "not a choice: \"" + choice + "\"; type 1, 2, 3 or 0. /help lists all commands");
    }
    if (choice.equalsIgnoreCase("quit") || choice.equalsIgnoreCase("exit")) {
      return false;
    }
    Optional<Recipient> peer = lastOrOnly();
    output.add(
        List.of(
            ChatFormat.text(
                peer.isEmpty() && isAlone()
                    ? "Not sent. To write to somebody, type /msg NAME " + choice
                    : "To whom? /to "
                        + peer.map(names::typed).orElse("PEER")
                        + (", or /all " + choice))));
    return true;
  }

  private boolean isAlone() {
    return node.activePeers().isEmpty() && node.discoveredPeers().isEmpty();
  }

  private Optional<Recipient> lastOrOnly() {
    return actions.last().map(resolver::current).or(resolver::only);
  }

  private void connect() throws EndOfInputException, WrongAnswerException, CancelledException {
    String all = actions.connectsToDiscovered() ? "discovered" : "active";
    String question = "A to connect to all " + all + " peers, M to connect to one by its IP:";
    String way = peerPrompt.line(question);
    while (format.isForPeople()
        && !screen.isPasted()
        && !List.of("A", "M").contains(way.toUpperCase(Locale.ROOT))) {
      if (way.isEmpty()) {
        throw new CancelledException();
      }
      show("Type A or M. Enter cancels.");
      way = peerPrompt.line(question);
    }
    switch (way.toUpperCase(Locale.ROOT)) {
      case "A" -> actions.connectAll();
      case "M" -> connect(peerPrompt.recipient("Peer IP", "Peer port:", lastOrOnly()));
      default ->
          throw new WrongAnswerException("not a choice: \"" + way + "\"; accepted are A and M");
    }
  }

  private boolean command(String line)
      throws EndOfInputException, WrongAnswerException, CancelledException {
    String[] parts = line.split("\\s+", 2);
    String rest = parts.length > 1 ? parts[1].strip() : "";
    Optional<ChatCommands> command = ChatCommands.of(parts[0]);
    if (command.isEmpty()) {
      throw new WrongAnswerException(
          "there is no command \""
              + parts[0]
              + "\"; /help lists them"
              + (talk == null ? "" : ". To send a text that begins with /, begin it with //"));
    }
    perform(command.get(), rest);
    return command.get() != ChatCommands.QUIT;
  }

  private void perform(ChatCommands command, String rest)
      throws EndOfInputException, WrongAnswerException, CancelledException {
    switch (command) {
      case MSG -> message(rest);
      case TO -> talkTo(rest);
      case ALL -> broadcast(command.require(rest));
      case PEERS -> actions.list();
      case CONNECT -> connect(command.require(rest));
      case HISTORY -> history(rest);
      case SEARCH -> actions.history().search(command.require(rest));
      case BYE -> bye(peerPrompt.peer(command.require(rest)));
      case IGNORE -> ignoring.ignore(rest);
      case UNIGNORE -> ignoring.unignore(command.require(rest));
      case ME -> actions.showMe();
      case KEY -> keys.show(rest);
      case TRUST -> trust(command.require(rest));
      case DOCTOR -> examine(rest);
      case HELP -> help();
      case QUIT -> {}
    }
  }

  private void help() {
    List<String> lines = new ArrayList<>(List.of(MENU));
    lines.addAll(ChatCommands.list());
    lines.add("PEER is a number from /peers, a team name (Tab completes it), or HOST:PORT.");
    lines.add(format.legend());
    output.add(lines);
  }

  private void talkTo(String peer)
      throws EndOfInputException, WrongAnswerException, CancelledException {
    if (peer.equals(ALL)) {
      actions.requireConnected();
      talk = new Talk(Optional.empty());
    } else {
      talk = peer.isEmpty() ? null : new Talk(Optional.of(peerPrompt.peer(peer)));
    }
    actions.history().unread().talkTo(partner().orElse(null));
    partner().ifPresent(actions.history()::opened);
  }

  /** Returns the peer whom the user talks to, if it is one. */
  private Optional<Recipient> partner() {
    return talk == null ? Optional.empty() : talk.peer();
  }

  /** Shows stored messages, of the peer to whom the user talks if no other one is named. */
  private void history(String arguments)
      throws EndOfInputException, WrongAnswerException, CancelledException {
    ChatHistory.Request request = ChatHistory.Request.of(arguments, partner().isPresent());
    Optional<Recipient> with =
        request.peer().isEmpty() ? partner() : Optional.of(peerPrompt.peer(request.peer()));
    actions.history().show(with, request.count());
  }

  /** Examines the network, and a peer if one is named. The peer may be unknown here. */
  private void examine(String peer)
      throws EndOfInputException, WrongAnswerException, CancelledException {
    if (!peer.isEmpty() && resolver.isPeer(peer)) {
      actions.examine(peerPrompt.peer(peer));
    } else {
      actions.examine(Optional.of(peer).filter(name -> !name.isEmpty()));
    }
  }

  private void trust(String peer) throws WrongAnswerException {
    if (screen.isPasted()) {
      throw new WrongAnswerException("/trust cannot be pasted; type it");
    }
    keys.trust(peer);
  }

  private void message(String rest)
      throws EndOfInputException, WrongAnswerException, CancelledException {
    List<String> parts = resolver.part(ChatCommands.MSG.require(rest));
    Recipient to = peerPrompt.peer(parts.get(0));
    send(to, ChatCommands.MSG.require(parts.get(1)));
  }

  /** Sends a text. On a terminal, first asks about exit, which may be meant as a text. */
  private void send(Recipient to, String text)
      throws EndOfInputException, WrongAnswerException, CancelledException {
    if (!leaves(text)) {
      actions.send(to, text, !screen.isPasted());
      return;
    }
    String question =
        "Disconnect from " + names.name(to) + "? y = yes, t = send the word \"exit\", Enter = no:";
    switch (peerPrompt.confirmation(question)) {
      case "y" -> bye(to);
      case "t" -> actions.sendText(to, text, !screen.isPasted());
      default -> throw new WrongAnswerException("not sent");
    }
  }

  private void broadcast(String text)
      throws EndOfInputException, WrongAnswerException, CancelledException {
    if (leaves(text)) {
      List<Peer> all = actions.requireConnected();
      String whom = all.size() == 1 ? names.name(all.get(0)) : "all " + all.size() + " peers";
      if (!peerPrompt.confirmation("Disconnect from " + whom + "? [y/N]").startsWith("y")) {
        throw new WrongAnswerException("not sent");
      }
    }
    actions.broadcast(text);
  }

  private boolean leaves(String text) {
    return format.isForPeople()
        && PeerNode.isReserved(text)
        && text.strip().equalsIgnoreCase("exit");
  }

  private void connect(String peers)
      throws EndOfInputException, WrongAnswerException, CancelledException {
    if (peers.equals(ALL)) {
      actions.connectAll();
    } else {
      peerPrompt.peers(peers).forEach(this::connect);
    }
  }

  private void connect(Recipient peer) {
    actions.connect(peer, !screen.isPasted());
  }

  private void bye(Recipient peer) {
    if (partner().filter(peer::isSame).isPresent()) {
      talk = null;
      actions.history().unread().talkTo(null);
    }
    actions.disconnect(peer);
  }
}
