package io.p2pchat.bench;

import io.p2pchat.PeerNode;
import io.p2pchat.Security;

/** A node that receives; what it compares has come to its listener. */
final class ChatReceiver extends BenchReceiver {
  private final PeerNode node;

  ChatReceiver(Security security) {
    this.node =
        ChatNodes.node("Receiver", security)
            .onMessage(message -> arrivals().accept(message.text()))
            .start();
  }

  @Override
  int port() {
    return node.port();
  }
}
