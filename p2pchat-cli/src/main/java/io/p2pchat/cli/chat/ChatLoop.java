package io.p2pchat.cli.chat;

import io.p2pchat.PeerNode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The loop of the chat. It reads the numbers of the menu, commands that begin with a slash, and,
 * after {@code /to}, messages to one peer.
 */
final class ChatLoop {
  private static final String MENU =
      "Choose: 1 Send message, 2 Query peers, 3 Connect to peers, 0 Quit";

  private static final String MORE = "; /help tells more";

  private final PeerNode node;
  private final Screen screen;
  private final ChatOutput output;
  private final ChatFormat format;
  private final PeerResolver resolver;
  private final PeerPrompt peerPrompt;
  private final ChatActions actions;
  private @Nullable Recipient partner;

  ChatLoop(
      PeerNode node,
      Screen screen,
      ChatOutput output,
      ChatFormat format,
      PeerResolver resolver,
      PeerPrompt peerPrompt,
      ChatActions actions) {
    this.node = node;
    this.screen = screen;
    this.output = output;
    this.format = format;
    this.resolver = resolver;
    this.peerPrompt = peerPrompt;
    this.actions = actions;
  }

  /** Returns when the user quits. */
  void run() {
    String listening =
        "Listening on port " + node.port() + " as " + ChatFormat.safe(node.teamName()) + ".";
    output.add(format.isForPeople() ? List.of(listening, MENU + MORE) : List.of(listening));
    try {
      boolean more = true;
      while (more) {
        Prompt question = question();
        more = perform(question, read(question));
      }
    } catch (EndOfInputException e) {
      // Means quit.
    }
  }

  private String read(Prompt question) throws EndOfInputException {
    while (true) {
      output.flush();
      try {
        return screen.ask(question);
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
    Recipient to = partner;
    return to == null
        ? new Prompt(team + "> ", Prompt.Kind.CHOICE)
        : new Prompt(team + format.arrow() + actions.name(to) + "> ", Prompt.Kind.TALK);
  }

  /** Performs an answer. Returns false to quit. A text for a peer is sent as it was typed. */
  private boolean perform(Prompt question, String answer) throws EndOfInputException {
    String line = answer.strip();
    try {
      if (format.isForPeople() && line.startsWith("/") && !line.startsWith("//")) {
        return command(line);
      }
      if (partner == null) {
        return choice(line);
      }
      if (!line.isEmpty()) {
        partner = resolver.current(partner);
        send(partner, line.startsWith("//") ? line.substring(1) : answer);
      }
    } catch (WrongAnswerException e) {
      show(question, line, String.valueOf(e.getMessage()));
    } catch (CancelledException e) {
      show(question, line, "Cancelled.");
    }
    return true;
  }

  /** Shows a problem. Repeats text that was not sent, so that it can be copied. */
  private void show(Prompt question, String line, String problem) {
    if (format.isForPeople() && question.isRepeated(line)) {
      output.add(List.of(question.prompt() + ChatFormat.safe(line)));
    }
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
        if (!choice.isEmpty() || !format.isForPeople()) {
          String more = format.isForPeople() ? ", 0 and what /help lists" : " and 0";
          throw new WrongAnswerException(
              "not a choice: \"" + choice + "\"; accepted are 1, 2, 3" + more);
        }
        output.add(List.of(MENU + MORE));
      }
    }
    return true;
  }

  private Optional<Recipient> lastOrOnly() {
    return actions.last().map(resolver::current).or(resolver::only);
  }

  private void connect() throws EndOfInputException, WrongAnswerException, CancelledException {
    String all = actions.connectsToDiscovered() ? "discovered" : "active";
    String way =
        peerPrompt.line("A to connect to all " + all + " peers, M to connect to one by its IP:");
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
              + (partner == null ? "" : ". To send a text that begins with /, begin it with //"));
    }
    perform(command.get(), rest);
    return command.get() != ChatCommands.QUIT;
  }

  private void perform(ChatCommands command, String rest)
      throws EndOfInputException, WrongAnswerException, CancelledException {
    switch (command) {
      case MSG -> message(rest);
      case TO -> to(rest);
      case ALL -> broadcast(command.require(rest));
      case PEERS -> actions.list();
      case CONNECT -> connect(command.require(rest));
      case HISTORY -> history(rest);
      case SEARCH -> actions.history().search(command.require(rest));
      case BYE -> bye(peerPrompt.peer(command.require(rest)));
      case ME -> actions.showMe();
      case DOCTOR -> examine(rest);
      case HELP -> actions.help(MENU);
      case QUIT -> {}
    }
  }

  private void to(String peer)
      throws EndOfInputException, WrongAnswerException, CancelledException {
    partner = peer.isEmpty() ? null : peerPrompt.peer(peer);
    if (partner != null) {
      actions.history().opened(partner, node);
    }
  }

  /** Shows stored messages, of the peer to whom the user talks if no other one is named. */
  private void history(String arguments)
      throws EndOfInputException, WrongAnswerException, CancelledException {
    ChatHistory.Request request = ChatHistory.Request.of(arguments, partner != null);
    Optional<Recipient> with =
        request.peer().isEmpty()
            ? Optional.ofNullable(partner)
            : Optional.of(peerPrompt.peer(request.peer()));
    actions.history().show(with, node, request.count());
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
    String question = "Leave " + actions.name(to) + "? y: leave, t: send exit as a text:";
    switch (peerPrompt.confirmation(question)) {
      case "y" -> bye(to);
      case "t" -> actions.sendText(to, text, !screen.isPasted());
      default -> throw new WrongAnswerException("not sent");
    }
  }

  private void broadcast(String text)
      throws EndOfInputException, WrongAnswerException, CancelledException {
    if (leaves(text)
        && !peerPrompt.confirmation("Leave all connected peers? y: leave:").equals("y")) {
      throw new WrongAnswerException("not sent");
    }
    actions.broadcast(text);
  }

  private boolean leaves(String text) {
    return format.isForPeople()
        && PeerNode.isReserved(text)
        && text.strip().equalsIgnoreCase("exit");
  }

  private void connect(String peer)
      throws EndOfInputException, WrongAnswerException, CancelledException {
    if (peer.equals("all")) {
      actions.connectAll();
    } else {
      connect(peerPrompt.peer(peer));
    }
  }

  private void connect(Recipient peer) {
    actions.connect(peer, !screen.isPasted());
  }

  private void bye(Recipient peer) {
    if (partner != null && partner.isSame(peer)) {
      partner = null;
    }
    actions.disconnect(peer);
  }
}
