package io.p2pchat.bench;

import io.p2pchat.PeerEvent.MessageReceived;
import io.p2pchat.PeerNode;
import io.p2pchat.PeerNodeBuilder;

/** A node that sends back what comes, from its listener. */
final class ChatEcho implements BenchRole {
  private final PeerNode node;

  ChatEcho(PeerNodeBuilder builder) {
    this.node =
        builder
            .on(
                MessageReceived.class,
                (self, message) -> self.send(message.peer().address(), message.text()))
            .start();
  }

  @Override
  public long[] answer(String command, long[] args) {
    return new long[] {node.port()};
  }
}
