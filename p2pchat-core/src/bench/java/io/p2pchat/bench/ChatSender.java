package io.p2pchat.bench;

import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNode;
import io.p2pchat.PeerNodeBuilder;

/**
 * A node that sends, and keeps the future of every message until it has seen how it ended. Before
 * each batch it waits for room; a batch fits into the half of the queue that is then free.
 */
final class ChatSender extends BenchSender {
  private static final int MAX_BATCH = 16 * 1024;
  private static final int MAX_BATCH_BYTES = 2 * 1024 * 1024;
  private static final int LINE_OVERHEAD = 64;

  private final PeerNode node;
  private final Deliveries deliveries = new Deliveries();
  private PeerAddress peer = ChatNodes.at(1);
  private int batch;
  private int leftOfBatch;

  ChatSender(PeerNodeBuilder node) {
    this.node = node.start();
  }

  @Override
  void open(int port, int bytes) {
    if (peer.port() != port) {
      ChatNodes.connect(node, port);
      peer = ChatNodes.at(port);
    }
    batch = Math.min(MAX_BATCH, MAX_BATCH_BYTES / (Math.abs(bytes) + LINE_OVERHEAD));
    leftOfBatch = 0;
  }

  @Override
  void send(String text) {
    if (leftOfBatch == 0) {
      node.whenWritable(peer).join();
      leftOfBatch = batch;
    }
    leftOfBatch--;
    deliveries.add(node.send(peer, text));
  }

  @Override
  long finish() {
    return deliveries.finish();
  }
}
