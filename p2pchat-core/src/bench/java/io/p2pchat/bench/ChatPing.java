package io.p2pchat.bench;

import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNode;
import io.p2pchat.PeerNodeBuilder;
import java.util.function.Consumer;

/** A node that sends a text when the last one is back at its listener. */
final class ChatPing extends PingRole {
  private final PeerNode node;

  ChatPing(PeerNodeBuilder builder) {
    this.node = builder.onMessage(message -> back(message.text())).start();
  }

  @Override
  Consumer<String> to(int port) {
    ChatNodes.connect(node, port);
    PeerAddress peer = ChatNodes.at(port);
    return text -> node.send(peer, text);
  }
}
