package io.p2pchat.cli.chat;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The commands of the chat. A line that is a command begins with its word, such as /msg. */
enum ChatCommands {
  MSG("PEER TEXT", "send a message"),
  TO("[PEER]", "send the next lines to PEER; /to alone ends that"),
  ALL("TEXT", "send to all connected peers"),
  PEERS("", "list active and connected peers"),
  CONNECT("PEER|all", "connect to one peer, or to all active peers"),
  BYE("PEER", "say exit to a peer"),
  ME("", "show your team, addresses and fingerprint"),
  HELP("", "show this list"),
  QUIT("", "say exit to the connected peers, and quit");

  private final String arguments;
  private final String help;

  ChatCommands(String arguments, String help) {
    this.arguments = arguments;
    this.help = help;
  }

  static Optional<ChatCommands> of(String word) {
    return Arrays.stream(values()).filter(each -> each.word().equals(word)).findFirst();
  }

  /** What the line begins with. */
  String word() {
    return "/" + name().toLowerCase(Locale.ROOT);
  }

  /** The word and its arguments. */
  String usage() {
    return (word() + " " + arguments).stripTrailing();
  }

  /** What it does. */
  String help() {
    return help;
  }

  boolean takesPeer() {
    return arguments.contains("PEER");
  }

  /** Returns the arguments, or refuses a line without them. */
  String require(String given) throws WrongAnswerException {
    if (given.isEmpty()) {
      throw new WrongAnswerException("Usage: " + usage());
    }
    return given;
  }
}
