package io.p2pchat.bench;

import io.p2pchat.bench.BenchSender.Sent;
import java.io.IOException;

/** A contender's two processes for throughput, a core for each. */
final class Throughput implements AutoCloseable {
  private static final int SENDER_CORE = 0;
  private static final int RECEIVER_CORE = 1;
  private static final double NANOS = 1e9;

  final BenchChildProcess sender;
  final BenchChildProcess receiver;
  private final boolean ordered;
  private final long port;
  private long messages;
  private long longestNanos;

  /**
   * Starts both.
   *
   * @param ordered whether texts have to come in order
   */
  Throughput(String senderRole, String receiverRole, boolean ordered) throws IOException {
    this.sender = BenchChildProcess.start(SENDER_CORE, senderRole);
    this.receiver = BenchChildProcess.start(RECEIVER_CORE, receiverRole);
    this.ordered = ordered;
    this.port = receiver.ask(BenchReceiver.PORT)[0];
  }

  /** Returns messages a second, from the first sent to the last known to have arrived. */
  double burst(int bytes, long millis) throws IOException {
    receiver.ask(BenchReceiver.EXPECT, bytes, ordered ? 1 : 0);
    Sent sent = Sent.of(sender.ask(BenchSender.SEND, port, bytes, millis));
    long[] received = receiver.ask(BenchReceiver.RECEIVED, sent.count());
    if (received[0] != sent.count() || received[1] > 0) {
      String what = sent.count() + " sent, " + received[0] + " received, " + received[1];
      throw new IllegalStateException(what + " of them not the text expected in their place");
    }
    messages = sent.count();
    longestNanos = Math.max(longestNanos, sent.longestNanos());
    long end = sent.endNanos() == 0 ? received[2] : sent.endNanos();
    return messages * NANOS / (end - sent.startNanos());
  }

  /**
   * How many milliseconds the slowest message took to be sent, in all bursts since it was asked.
   */
  double longestMillis() {
    double millis = longestNanos / 1e6;
    longestNanos = 0;
    return millis;
  }

  /** How many messages the last burst had. */
  long messages() {
    return messages;
  }

  @Override
  public void close() {
    sender.close();
    receiver.close();
  }
}
