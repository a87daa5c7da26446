package io.p2pchat.cli;

import io.p2pchat.Delivery;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Sends lines to one peer, many at a time and in order. It reads on only when there is room, well
 * below the bound at which a node refuses messages.
 */
final class LineSender {
  private static final int MAX_LINES = 1_000;
  private static final int MAX_CHARS = 1_000_000;

  private final PeerNode node;
  private final PeerAddress to;
  private final Console err;
  private final Queue<Sending> underWay = new ArrayDeque<>();
  private int charsUnderWay;
  private int lines;
  private int sent;

  LineSender(PeerNode node, PeerAddress to, Console err) {
    this.node = node;
    this.to = to;
    this.err = err;
  }

  /** Sends each line and returns when it is known of all how they fared. */
  void sendAll(BufferedReader input) throws IOException {
    for (String line = input.readLine(); line != null; line = input.readLine()) {
      makeRoom(line.length());
      send(line);
    }
    while (!underWay.isEmpty()) {
      awaitOldest();
    }
  }

  boolean allSent() {
    return sent == lines;
  }

  String summary() {
    return Wording.summary(sent, lines, to);
  }

  private void send(String line) {
    int number = ++lines;
    CompletableFuture<Boolean> result =
        node.send(to, line).handle((delivery, failure) -> isSent(number, delivery, failure));
    underWay.add(new Sending(line.length(), result));
    charsUnderWay += line.length();
  }

  private boolean isSent(int number, @Nullable Delivery delivery, @Nullable Throwable failure) {
    if (failure != null) {
      err.print("Line " + number + ": " + Wording.failed(failure));
    }
    return delivery != null;
  }

  private void makeRoom(int chars) {
    while (!underWay.isEmpty()
        && (underWay.size() >= MAX_LINES || charsUnderWay + chars > MAX_CHARS)) {
      awaitOldest();
    }
  }

  private void awaitOldest() {
    Sending oldest = underWay.remove();
    sent += oldest.result().join() ? 1 : 0;
    charsUnderWay -= oldest.chars();
  }

  private record Sending(int chars, CompletableFuture<Boolean> result) {}
}
