package io.p2pchat.cli;

import io.p2pchat.Delivery;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNode;
import io.p2pchat.cli.output.LineOutput;
import io.p2pchat.cli.output.ResultText;
import io.p2pchat.cli.output.TrustNotices;
import java.io.BufferedReader;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Sends lines to one peer, many at a time and in order. It reads on only when the node has room, so
 * it holds no more of the input than the node does.
 */
final class LineSender {
  // What is sent between two questions for room fits into the half that is free then.
  private static final int BURST_LINES = 1_000;
  private static final int BURST_CHARS = 256 * 1024;

  private final PeerNode node;
  private final PeerAddress to;
  private final LineOutput err;
  private final TrustNotices news;
  private final SendCounter tally = new SendCounter();
  private long lines;
  private int burstLines;
  private int burstChars;

  LineSender(PeerNode node, PeerAddress to, LineOutput err, TrustNotices news) {
    this.node = node;
    this.to = to;
    this.err = err;
    this.news = news;
  }

  /** Sends each line and returns when it is known of all how they fared. */
  void sendAll(BufferedReader input) throws IOException {
    for (String line = input.readLine(); line != null; line = input.readLine()) {
      awaitRoom(line.length());
      send(line);
    }
    tally.awaitAll(lines);
  }

  boolean allSent() {
    return tally.failed() == 0;
  }

  String summary() {
    return ResultText.summary(tally.acknowledged(), tally.written(), lines, to);
  }

  private void send(String line) {
    long number = ++lines;
    node.send(to, line).whenComplete((delivery, failure) -> count(number, delivery, failure));
  }

  private void count(long number, @Nullable Delivery delivery, @Nullable Throwable failure) {
    if (failure != null) {
      err.print(news.failure("Line " + number + ": " + ResultText.failed(failure), failure));
    }
    if (delivery == null) {
      tally.countFailed();
    } else {
      tally.countSent(delivery);
    }
  }

  private void awaitRoom(int chars) {
    if (burstLines == BURST_LINES || burstChars + chars > BURST_CHARS) {
      node.whenWritable(to).join();
      burstLines = 0;
      burstChars = 0;
    }
    burstLines++;
    burstChars += chars;
  }
}
