package io.p2pchat.faults;

import io.p2pchat.Delivery;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNode;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The messages of one node to one other, and what became of each. The journal says {@code offered
 * 10 19} before these are sent, and how each ended when that is known.
 */
final class MessageFlow implements AutoCloseable {
  /** Less than the half of a queue that {@link PeerNode#whenWritable} waits for. */
  private static final int BATCH = 50;

  private static final int PAUSE_MILLIS = 5;

  private final PeerNode node;
  private final PeerAddress peer;
  private final Plan plan;
  private final Journal journal;
  private final AtomicLong open = new AtomicLong();
  private final AtomicBoolean failed = new AtomicBoolean();
  private int next;

  /** The peer that answered first at the address. What is for it goes after it if it moves. */
  private @Nullable Peer known;

  MessageFlow(PeerNode node, Plan plan, String peer, PeerAddress address) throws IOException {
    this.node = node;
    this.peer = address;
    this.plan = plan;
    this.journal = new Journal(plan.directory().resolve("sent-" + plan.id() + "-" + peer));
  }

  /** Sends one message, which begins the session; returns when it is acknowledged. */
  void begin(Duration limit) throws InterruptedException, TimeoutException {
    long end = System.nanoTime() + limit.toNanos();
    send(1);
    while (open.get() > 0) {
      if (System.nanoTime() > end) {
        throw new TimeoutException("no acknowledgement of the first message to " + peer);
      }
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }
    known =
        node.activePeers().stream()
            .filter(active -> active.address().equals(peer))
            .findFirst()
            .orElse(null);
  }

  /** Sends at the planned rate, or as fast as there is room, until the script says so. */
  void load(Marks marks) throws InterruptedException, ExecutionException {
    long begin = System.nanoTime();
    long sent = 0;
    while (!marks.isSet(Marks.QUIET)) {
      long due = (System.nanoTime() - begin) * plan.rate() / TimeUnit.SECONDS.toNanos(1);
      while (sent < due && isWritable()) {
        int batch = (int) Math.min(BATCH, due - sent);
        send(batch);
        sent += batch;
      }
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }
  }

  private boolean isWritable() throws InterruptedException, ExecutionException {
    try {
      (known == null ? node.whenWritable(peer) : node.whenWritable(known))
          .get(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    }
  }

  private void send(int count) {
    int end = next + count;
    journal.add("offered " + next + " " + (end - 1));
    open.addAndGet(count);
    while (next < end) {
      int number = next++;
      String text = new Letter(plan.id(), number).text();
      (known == null ? node.send(peer, text) : node.send(known, text))
          .whenComplete((delivery, failure) -> ended(number, delivery, failure));
    }
  }

  private void ended(int number, @Nullable Delivery delivery, @Nullable Throwable failure) {
    journal.add(Fate.of(delivery, cause(failure)) + " " + number);
    if (failure != null && !failed.getAndSet(true)) {
      System.err.println("first failure, of " + number + " to " + peer + ": " + cause(failure));
    }
    open.decrementAndGet();
  }

  private static @Nullable Throwable cause(@Nullable Throwable failure) {
    return failure instanceof CompletionException ? failure.getCause() : failure;
  }

  /** How many messages have not ended in one way or another. */
  long open() {
    return open.get();
  }

  @Override
  public void close() throws IOException {
    journal.close();
  }
}
