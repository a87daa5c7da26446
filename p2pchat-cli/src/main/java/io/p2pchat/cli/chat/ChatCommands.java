package io.p2pchat.cli.chat;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The commands of the chat. A command line begins with a word such as /msg. */
enum ChatCommands {
  MSG("PEER TEXT", "send a message"),
  TO("[PEER|all]", "send each line to PEER or to all; /to alone stops"),
  ALL("TEXT", "send to all connected peers"),
  PEERS("", "list active, connected and discovered peers", "/who"),
  CONNECT("PEER ...|all", "connect to these, or to all active (else discovered)"),
  HISTORY("[PEER [N]]", "show the last messages; N alone after /to PEER"),
  SEARCH("WORDS", "show the last messages with all these words"),
  BYE("PEER", "disconnect; each removes the other from its lists"),
  IGNORE("[PEER]", "hide a peer, or list the ignored peers"),
  UNIGNORE("PEER", "show a peer again"),
  ME("", "show your team, addresses and fingerprint"),
  KEY("[PEER]", "show your whole fingerprint, or that of a peer"),
  TRUST("PEER", "accept the key that a refused peer has presented"),
  DOCTOR("[PEER]", "say why nobody appears, or why PEER does not answer"),
  HELP("", "show this list", "/?"),
  QUIT("", "quit; connected peers are told (exit)", "/exit /q");

  private static final int COLUMN = 23;

  private final String arguments;
  private final String help;

  /** Other words for the same, with a blank between them. */
  private final String otherWords;

  ChatCommands(String arguments, String help) {
    this(arguments, help, "");
  }

  ChatCommands(String arguments, String help, String otherWords) {
    this.arguments = arguments;
    this.help = help;
    this.otherWords = otherWords;
  }

  static Optional<ChatCommands> of(String word) {
    return Arrays.stream(values()).filter(each -> each.words().contains(word)).findFirst();
  }

  private List<String> words() {
    return List.of((word() + " " + otherWords).split(" "));
  }

  /** Returns the first word of the line. */
  String word() {
    return "/" + name().toLowerCase(Locale.ROOT);
  }

  /** Returns the word and its arguments. */
  String usage() {
    return (word() + " " + arguments).stripTrailing();
  }

  String help() {
    return help;
  }

  boolean takesPeer() {
    return arguments.contains("PEER");
  }

  /** Returns the arguments, or throws the usage if there are none. */
  String require(String given) throws WrongAnswerException {
    if (given.isEmpty()) {
      throw new WrongAnswerException("Usage: " + usage());
    }
    return given;
  }

  /** Returns the lines of {@code /help}, below the menu. */
  static List<String> list() {
    return Arrays.stream(values())
        .map(each -> "  " + each.usage() + " ".repeat(each.gap()) + each.help)
        .toList();
  }

  private int gap() {
    return Math.max(1, COLUMN - usage().length());
  }
}
