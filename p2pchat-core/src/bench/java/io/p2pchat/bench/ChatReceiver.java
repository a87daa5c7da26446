package io.p2pchat.bench;

import io.p2pchat.PeerNode;
import io.p2pchat.PeerNodeBuilder;

/** A node that receives; what it compares has come to its listener. */
final class ChatReceiver extends BenchReceiver {
  private final PeerNode node;

  ChatReceiver(PeerNodeBuilder node) {
    this.node = node.onMessage(message -> arrivals().accept(message.text())).start();
  }

  @Override
  int port() {
    return node.port();
  }
}
