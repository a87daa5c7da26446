package io.p2pchat.cli.chat;

import java.util.List;
import java.util.Optional;

/**
 * A command of the chat, which a line begins with.
 *
 * @param name with its slash
 * @param arguments what follows it
 * @param help what it does
 */
record ChatCommands(String name, String arguments, String help) {
  private static final String PEER = "PEER";

  static final List<ChatCommands> ALL =
      List.of(
          new ChatCommands("/msg", "PEER TEXT", "send a message"),
          new ChatCommands("/to", "[PEER]", "talk to one: lines go there; alone, stop it"),
          new ChatCommands("/all", "TEXT", "send to all connected peers"),
          new ChatCommands("/peers", "", "list active and connected peers"),
          new ChatCommands("/connect", "PEER|all", "connect to one, or to all active peers"),
          new ChatCommands("/bye", "PEER", "say exit to a peer"),
          new ChatCommands("/me", "", "show your team, addresses and fingerprint"),
          new ChatCommands("/help", "", "show this"),
          new ChatCommands("/quit", "", "say exit to the connected peers, and end"));

  static Optional<ChatCommands> named(String name) {
    return ALL.stream().filter(each -> each.name.equals(name)).findFirst();
  }

  boolean takesPeer() {
    return arguments.contains(PEER);
  }
}
