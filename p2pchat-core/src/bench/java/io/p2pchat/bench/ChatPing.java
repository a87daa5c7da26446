package io.p2pchat.bench;

import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNode;
import io.p2pchat.PeerNodeBuilder;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** A node that sends a text when the last one is back at its listener. */
final class ChatPing extends PingRole {
  private final PeerNode node;

  ChatPing(UnaryOperator<PeerNodeBuilder> listenerThread) {
    this.node =
        listenerThread
            .apply(ChatNodes.node("Ping"))
            .onMessage(message -> back(message.text()))
            .start();
  }

  @Override
  Consumer<String> to(int port) {
    ChatNodes.connect(node, port);
    PeerAddress peer = ChatNodes.at(port);
    return text -> node.send(peer, text);
  }
}
