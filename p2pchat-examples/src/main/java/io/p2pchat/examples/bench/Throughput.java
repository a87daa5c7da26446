package io.p2pchat.examples.bench;

import io.p2pchat.examples.bench.Sender.Sent;
import java.io.IOException;

/** A contender's two processes for throughput, a core for each. */
final class Throughput implements AutoCloseable {
  private static final int SENDER_CORE = 0;
  private static final int RECEIVER_CORE = 1;
  private static final double NANOS = 1e9;

  final ChildProcess sender;
  final ChildProcess receiver;
  private final boolean ordered;
  private final long port;
  private long messages;

  /**
   * Starts both.
   *
   * @param ordered whether texts have to come in order
   */
  Throughput(String senderRole, String receiverRole, boolean ordered) throws IOException {
    this.sender = ChildProcess.start(SENDER_CORE, senderRole);
    this.receiver = ChildProcess.start(RECEIVER_CORE, receiverRole);
    this.ordered = ordered;
    this.port = receiver.ask(Receiver.PORT)[0];
  }

  /** Returns messages a second, from the first sent to the last known to have arrived. */
  double burst(int bytes, long millis) throws IOException {
    receiver.ask(Receiver.EXPECT, bytes, ordered ? 1 : 0);
    Sent sent = Sent.of(sender.ask(Sender.SEND, port, bytes, millis));
    long[] received = receiver.ask(Receiver.RECEIVED, sent.count());
    if (received[0] != sent.count() || received[1] > 0) {
      String what = sent.count() + " sent, " + received[0] + " received, " + received[1];
      throw new IllegalStateException(what + " of them not the text expected in their place");
    }
    messages = sent.count();
    long end = sent.endNanos() == 0 ? received[2] : sent.endNanos();
    return messages * NANOS / (end - sent.startNanos());
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
