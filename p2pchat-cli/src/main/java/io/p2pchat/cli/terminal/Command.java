package io.p2pchat.cli.terminal;

import java.util.List;
import java.util.Optional;

/**
 * A command of the chat, which a line begins with.
 *
 * @param name with its slash
 * @param arguments what follows it
 * @param help what it does
 */
record Command(String name, String arguments, String help) {
  private static final String PEER = "PEER";

  static final List<Command> ALL =
      List.of(
          new Command("/msg", "PEER TEXT", "send a message"),
          new Command("/to", "[PEER]", "talk to one: lines go there; alone, stop it"),
          new Command("/all", "TEXT", "send to all connected peers"),
          new Command("/peers", "", "list active and connected peers"),
          new Command("/connect", "PEER|all", "connect to one, or to all active peers"),
          new Command("/bye", "PEER", "say exit to a peer"),
          new Command("/me", "", "show your team, addresses and fingerprint"),
          new Command("/help", "", "show this"),
          new Command("/quit", "", "say exit to the connected peers, and end"));

  static Optional<Command> named(String name) {
    return ALL.stream().filter(each -> each.name.equals(name)).findFirst();
  }

  boolean takesPeer() {
    return arguments.contains(PEER);
  }
}
