package io.p2pchat.bench;

/**
 * Messages that outlast the end of both processes: stored at the sender before they are written,
 * and at the receiver before they are acknowledged. In bulk beside the same without stores, and one
 * at a time beside one fsync of the same disk.
 */
final class Durable {
  private static final int SIZE = 100;
  private static final double NANOS_PER_MICRO = 1000;

  private Durable() {}

  static void run(BenchOptions options, Report report) throws Exception {
    bulk(options, report);
    single(options, report);
  }

  private static void bulk(BenchOptions options, Report report) throws Exception {
    try (Throughput tls = new Throughput("chat-tls-sender", "chat-tls-receiver", true);
        Throughput durable = new Throughput("chat-durable-sender", "chat-durable-receiver", true)) {
      Rounds.warmUp(
          options, millis -> tls.burst(SIZE, millis), millis -> durable.burst(SIZE, millis));
      Rounds.compare(
          options,
          report,
          "durable, 100 B, beside TLS alone, thousand messages/s",
          millis -> tls.burst(SIZE, millis) / 1000,
          millis -> durable.burst(SIZE, millis) / 1000);
    }
  }

  private static void single(BenchOptions options, Report report) throws Exception {
    try (BenchChildProcess sender = BenchChildProcess.start(0, "chat-durable-single");
        BenchChildProcess receiver = BenchChildProcess.start(1, "chat-durable-receiver")) {
      long port = receiver.ask(BenchReceiver.PORT)[0];
      Rounds.Burst fsync = millis -> sender.ask(DurableSingle.FSYNC, millis)[0] / NANOS_PER_MICRO;
      Rounds.Burst single =
          millis -> sender.ask(DurableSingle.SEND, port, SIZE, millis)[0] / NANOS_PER_MICRO;
      Rounds.warmUp(options, fsync, single);
      Rounds.compare(
          options, report, "one durable, 100 B, beside one fsync, p50, µs", fsync, single);
    }
  }
}
