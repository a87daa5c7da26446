package io.p2pchat.bench;

import io.p2pchat.Delivery;
import io.p2pchat.PeerNode;
import io.p2pchat.SendOutcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A node with many connected peers. */
final class ChatBroadcaster extends Broadcaster {
  private static final int AT_A_TIME = 50;

  private final PeerNode node = ChatNodes.node("Sender").start();
  private CompletableFuture<List<SendOutcome>> last = CompletableFuture.completedFuture(List.of());

  @Override
  void connect(int[] ports) throws IOException {
    awaitGreeting(ports[0]);
    for (int from = 0; from < ports.length; from += AT_A_TIME) {
      ChatNodes.connect(
          node, Arrays.copyOfRange(ports, from, Math.min(ports.length, from + AT_A_TIME)));
    }
  }

  /** A new process greets slowly at first; a node would take it for a program at level 0. */
  private static void awaitGreeting(int port) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      if (socket.getInputStream().read() < 0) {
        throw new IOException("no greeting");
      }
    }
  }

  @Override
  void broadcast(String text) {
    last = node.broadcast(text);
  }

  @Override
  void settle() {
    for (SendOutcome outcome : last.join()) {
      if (!(outcome instanceof SendOutcome.Delivered sent
          && sent.delivery() == Delivery.ACKNOWLEDGED)) {
        throw new IllegalStateException("not delivered: " + outcome);
      }
    }
  }
}
