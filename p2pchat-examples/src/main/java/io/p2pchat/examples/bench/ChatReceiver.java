package io.p2pchat.examples.bench;

import io.p2pchat.PeerNode;
import io.p2pchat.Security;

/** A node that receives; what it compares has come to its listener. */
final class ChatReceiver extends Receiver {
  private final PeerNode node;

  ChatReceiver(Security security) {
    this.node =
        Chat.node("Receiver", security)
            .onMessage(message -> arrivals().accept(message.text()))
            .start();
  }

  @Override
  int port() {
    return node.port();
  }
}
