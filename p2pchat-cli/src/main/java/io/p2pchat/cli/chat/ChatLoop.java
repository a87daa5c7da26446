package io.p2pchat.cli.chat;

import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNode;
import io.p2pchat.cli.output.TrustNotices;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a person says to a running node on a terminal: the menu's numbers, commands that begin with
 * a slash, and, while talking to one peer, plain lines for it.
 */
final class ChatLoop {
  private static final String MENU =
      "Choose: 1 Send message, 2 Query peers, 3 Connect to peers, 0 Quit";

  private static final String MORE = "; /help tells more";

  private final PeerNode node;
  private final Screen screen;
  private final ChatOutput output;
  private final ChatFormat look;
  private final PeerPrompt answers;
  private final ChatActions doings;
  private @Nullable PeerAddress partner;

  ChatLoop(
      PeerNode node,
      Screen screen,
      ChatOutput output,
      ChatFormat look,
      TrustNotices news,
      PeerNumbers met) {
    this.node = node;
    this.screen = screen;
    this.output = output;
    this.look = look;
    this.answers = new PeerPrompt(new PeerResolver(node, met), met, node, screen, output, look);
    this.doings = new ChatActions(node, output, look, news, met);
  }

  /** Returns when the person quits. */
  void run() {
    String listening =
        "Listening on port " + node.port() + " as " + ChatFormat.safe(node.teamName()) + ".";
    output.add(look.isForPeople() ? List.of(listening, MENU + MORE) : List.of(listening));
    try {
      boolean more = true;
      while (more) {
        Prompt question = question();
        more = perform(question, read(question));
      }
    } catch (EndOfInputException e) {
      // Is Quit.
    }
  }

  private String read(Prompt question) throws EndOfInputException {
    while (true) {
      output.flush();
      try {
        return screen.ask(question).strip();
      } catch (CancelledException e) {
        // The line is cleared.
      }
    }
  }

  private Prompt question() {
    if (!look.isForPeople()) {
      return new Prompt(MENU, Prompt.Kind.CHOICE);
    }
    String team = look.bold(ChatFormat.safe(node.teamName()));
    PeerAddress to = partner;
    return to == null
        ? new Prompt(team + "> ", Prompt.Kind.CHOICE)
        : new Prompt(team + look.arrow() + doings.name(to) + "> ", Prompt.Kind.TALK);
  }

  /** Does what a line says; false is the end. */
  private boolean perform(Prompt question, String line) throws EndOfInputException {
    try {
      if (look.isForPeople() && line.startsWith("/") && !line.startsWith("//")) {
        return command(line);
      }
      if (partner == null) {
        return choice(line);
      }
      if (!line.isEmpty()) {
        doings.send(partner, line.startsWith("//") ? line.substring(1) : line);
      }
    } catch (WrongAnswerException e) {
      show(question, line, String.valueOf(e.getMessage()));
    } catch (CancelledException e) {
      show(question, line, "Cancelled.");
    }
    return true;
  }

  /** What is not sent stays to be seen, and copied. */
  private void show(Prompt question, String line, String problem) {
    if (look.isForPeople() && question.isRepeated(line)) {
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
        PeerAddress to = answers.address("Recipient IP", "Recipient port:", doings.last());
        doings.send(to, answers.message());
      }
      case "2" -> doings.list();
      case "3" -> connect();
      default -> {
        if (!choice.isEmpty() || !look.isForPeople()) {
          String more = look.isForPeople() ? ", 0 and what /help lists" : " and 0";
          throw new WrongAnswerException(
              "not a choice: \"" + choice + "\"; accepted are 1, 2, 3" + more);
        }
        output.add(List.of(MENU + MORE));
      }
    }
    return true;
  }

  private void connect() throws EndOfInputException, WrongAnswerException, CancelledException {
    String way = answers.line("A to connect to all active peers, M to connect to one by its IP:");
    switch (way.toUpperCase(Locale.ROOT)) {
      case "A" -> doings.connectAll();
      case "M" -> doings.connect(answers.address("Peer IP", "Peer port:", doings.last()));
      default ->
          throw new WrongAnswerException("not a choice: \"" + way + "\"; accepted are A and M");
    }
  }

  private boolean command(String line)
      throws EndOfInputException, WrongAnswerException, CancelledException {
    String[] parts = line.split("\\s+", 2);
    String rest = parts.length > 1 ? parts[1].strip() : "";
    switch (parts[0]) {
      case "/msg" -> message(rest);
      case "/to" -> partner = rest.isEmpty() ? null : answers.peer(rest);
      case "/all" -> doings.broadcast(required(rest, "/all TEXT"));
      case "/peers" -> doings.list();
      case "/connect" -> connect(required(rest, "/connect PEER, or /connect all"));
      case "/bye" -> bye(answers.peer(required(rest, "/bye PEER")));
      case "/me" -> doings.showMe();
      case "/help" -> doings.help(MENU);
      case "/quit" -> {
        return false;
      }
      default ->
          throw new WrongAnswerException(
              "there is no command \""
                  + parts[0]
                  + "\"; /help lists them"
                  + (partner == null ? "" : ", and two slashes begin a text with one"));
    }
    return true;
  }

  private void message(String rest)
      throws EndOfInputException, WrongAnswerException, CancelledException {
    List<String> parts = answers.part(required(rest, "/msg PEER TEXT"));
    PeerAddress to = answers.peer(parts.get(0));
    doings.send(to, required(parts.get(1), "/msg PEER TEXT"));
  }

  private void connect(String whom)
      throws EndOfInputException, WrongAnswerException, CancelledException {
    if (whom.equals("all")) {
      doings.connectAll();
    } else {
      doings.connect(answers.peer(whom));
    }
  }

  private void bye(PeerAddress peer) {
    if (Optional.of(peer).equals(Optional.ofNullable(partner))) {
      partner = null;
    }
    doings.disconnect(peer);
  }

  private static String required(String rest, String form) throws WrongAnswerException {
    if (rest.isEmpty()) {
      throw new WrongAnswerException("say it whole: " + form);
    }
    return rest;
  }
}
