package io.p2pchat.cli.chat;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The commands of the chat. A command line begins with a word such as /msg. */
enum ChatCommands {
  MSG("PEER TEXT", "send a message"),
  TO("[PEER|all]", "send each line to a peer or to all, until /to alone"),
  ALL("TEXT", "send to all connected peers"),
  PEERS("", "list active and connected peers", "/who"),
  CONNECT("PEER ...|all", "connect to these peers, or to all active peers"),
  HISTORY("[PEER] [N]", "show the last messages, with one peer or with all"),
  SEARCH("WORDS", "show the last messages with these words"),
  BYE("PEER", "leave a peer: both remove each other from their lists"),
  IGNORE("[PEER]", "hide a peer, or list the ignored peers"),
  UNIGNORE("PEER", "show a peer again"),
  ME("", "show your team, addresses and fingerprint"),
  KEY("[PEER]", "show your whole key, or that of a peer, to compare"),
  TRUST("PEER", "accept the key that a refused peer has shown"),
  DOCTOR("[PEER]", "find out why nobody appears, or PEER does not answer"),
  HELP("", "show this list", "/?"),
  QUIT("", "send exit to all connected peers, and quit", "/exit /q");

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
