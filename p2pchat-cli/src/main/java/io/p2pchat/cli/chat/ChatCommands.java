package io.p2pchat.cli.chat;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The commands of the chat. A command line begins with a word such as /msg. */
enum ChatCommands {
  MSG("PEER TEXT", "send a message"),
  TO("[PEER]", "send every further line to a peer, until /to alone"),
  ALL("TEXT", "send to all connected peers"),
  PEERS("", "list active and connected peers"),
  CONNECT("PEER|all", "connect to one peer, or to all active peers"),
  HISTORY("[PEER] [N]", "show the last messages, with one peer or with all"),
  SEARCH("WORDS", "show the last messages with these words"),
  BYE("PEER", "send exit: both sides remove each other from their lists"),
  ME("", "show your team, addresses and fingerprint"),
  DOCTOR("[PEER]", "find out why nobody appears, or why a peer does not answer"),
  HELP("", "show this list"),
  QUIT("", "send exit to all connected peers, and quit");

  private final String arguments;
  private final String help;

  ChatCommands(String arguments, String help) {
    this.arguments = arguments;
    this.help = help;
  }

  static Optional<ChatCommands> of(String word) {
    return Arrays.stream(values()).filter(each -> each.word().equals(word)).findFirst();
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
}
