package io.p2pchat.examples.bench;

import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNode;
import java.util.function.Consumer;

/** A node that sends a text when the last one is back at its listener. */
final class ChatPing extends PingRole {
  private final PeerNode node =
      Chat.node("Ping").onMessage(message -> back(message.text())).start();

  @Override
  Consumer<String> to(int port) {
    Chat.connect(node, port);
    PeerAddress peer = Chat.at(port);
    return text -> node.send(peer, text);
  }
}
