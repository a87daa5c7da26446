package io.p2pchat.cli;

import io.p2pchat.Delivery;
import io.p2pchat.PeerNode;
import io.p2pchat.cli.output.LineOutput;
import io.p2pchat.cli.output.ResultText;
import io.p2pchat.cli.output.TrustNotices;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Sends lines to one peer in order, without waiting for each. It reads only while the node's queue
 * has room, so the input is never buffered twice.
 */
final class LineSender {
  // One burst fits into the half of the queue that whenWritable guarantees.
  private static final int BURST_LINES = 1_000;
  private static final int BURST_CHARS = 256 * 1024;

  private final PeerNode node;
  private final SendTarget to;
  private final PeerWait wait;
  private final boolean patient;
  private final LineOutput err;
  private final TrustNotices notices;
  private final SendCounter counter = new SendCounter();
  private long lines;
  private int burstLines;
  private int burstChars;

  /** The time is over: what ends later is neither told nor counted, unless it is kept. */
  private boolean stopped;

  private boolean readAll;

  /**
   * Creates it.
   *
   * @param patient whether a wait goes on for as long as lines are acknowledged
   */
  LineSender(
      PeerNode node,
      SendTarget to,
      PeerWait wait,
      boolean patient,
      LineOutput err,
      TrustNotices notices) {
    this.node = node;
    this.to = to;
    this.wait = wait;
    this.patient = patient;
    this.err = err;
    this.notices = notices;
  }

  /** Sends nothing, and prints and counts no result, from now on. So the totals add up. */
  synchronized void stop() {
    stopped = true;
  }

  private synchronized boolean isStopped() {
    return stopped;
  }

  /** Sends each line. Returns when all results are known, or false if a wait took too long. */
  boolean sendAll(BufferedReader input) throws IOException {
    for (String line = input.readLine(); line != null; line = input.readLine()) {
      if (!hasRoom(line.length()) || !send(line)) {
        stop();
        return false;
      }
    }
    readAll = true;
    if (!await(whenAll())) {
      stop();
    }
    return !isStopped();
  }

  /** Returns whether there is no more input. */
  boolean hasReadAll() {
    return readAll;
  }

  private boolean await(CompletableFuture<?> future) {
    long before;
    do {
      before = counter.acknowledged();
      if (wait.await(future)) {
        return true;
      }
    } while (patient && counter.acknowledged() > before);
    return false;
  }

  private synchronized CompletableFuture<Void> whenAll() {
    return counter.whenAll(lines);
  }

  /** Returns how many lines have not ended yet. */
  synchronized long open() {
    return lines - counter.acknowledged() - counter.written() - counter.failed() - counter.kept();
  }

  boolean allSent() {
    return counter.failed() == 0;
  }

  /** Returns the totals: of what was sent, and of what the store keeps if there is any. */
  synchronized List<String> summary() {
    String sent = ResultText.summary(counter.acknowledged(), counter.written(), lines, to);
    long kept = counter.kept();
    return kept == 0
        ? List.of(sent)
        : List.of(sent, ResultText.sent(ResultText.messages(kept), Delivery.KEPT, to));
  }

  /** Returns false if it is stopped. */
  private boolean send(String line) {
    long number = next();
    if (number > 0) {
      to.send(node, line).whenComplete((delivery, failure) -> count(number, delivery, failure));
    }
    return number > 0;
  }

  private synchronized long next() {
    return stopped ? 0 : ++lines;
  }

  private synchronized void count(
      long number, @Nullable Delivery delivery, @Nullable Throwable failure) {
    if (stopped && delivery != Delivery.KEPT) {
      return;
    }
    if (failure != null) {
      err.print(notices.failure("Line " + number + ": " + ResultText.failed(failure), failure));
    }
    if (delivery == null) {
      counter.countFailed();
    } else {
      counter.countSent(delivery);
    }
  }

  private boolean hasRoom(int chars) {
    if (burstLines == BURST_LINES || burstChars + chars > BURST_CHARS) {
      if (!await(to.whenWritable(node))) {
        return false;
      }
      burstLines = 0;
      burstChars = 0;
    }
    burstLines++;
    burstChars += chars;
    return true;
  }
}
