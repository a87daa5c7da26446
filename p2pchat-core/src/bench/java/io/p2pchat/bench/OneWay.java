package io.p2pchat.bench;

/**
 * One way, as fast as it goes: bare Netty until the last message has arrived, p2pchat until the
 * last is acknowledged. And what a message of 16 B makes both ends allocate.
 */
final class OneWay {
  private static final int[] SIZES = {16, 100, -100, 1024, 16 * 1024};
  private static final int ALLOCATION_SIZE = 16;

  private OneWay() {}

  static void run(BenchOptions options, Report report) throws Exception {
    try (Throughput bare = new Throughput("bare-sender", "bare-receiver", true);
        Throughput chat = new Throughput("chat-sender", "chat-receiver", true)) {
      Rounds.warmUp(
          options, millis -> bare.burst(SIZES[0], millis), millis -> chat.burst(SIZES[0], millis));
      for (int size : SIZES) {
        String text = Math.abs(size) + " B" + (size < 0 ? " not ASCII" : "");
        String what = "one way, " + text + ", thousand messages/s";
        Rounds.compare(
            options,
            report,
            what,
            millis -> bare.burst(size, millis) / 1000,
            millis -> chat.burst(size, millis) / 1000);
        if (size == ALLOCATION_SIZE) {
          allocation(options, report, bare, chat);
        }
      }
    }
  }

  private static void allocation(
      BenchOptions options, Report report, Throughput bare, Throughput chat) throws Exception {
    BenchOptions once = options.once();
    AllocatingBurst ofBare = new AllocatingBurst(bare);
    AllocatingBurst ofChat = new AllocatingBurst(chat);
    Rounds.compare(once, report, "allocation, 16 B, sender, B/message", ofBare, ofChat);
    Rounds.compare(
        once,
        report,
        "allocation, 16 B, receiver, B/message",
        millis -> ofBare.receiver(),
        millis -> ofChat.receiver());
    ofBare.note(report, "bare Netty");
    ofChat.note(report, "p2pchat");
  }

  /** A burst of which is measured what it allocates, not how long it takes. */
  private static final class AllocatingBurst implements Rounds.Burst {
    private final Throughput contender;
    private double receiver;
    private long endedThreads;

    AllocatingBurst(Throughput contender) {
      this.contender = contender;
    }

    @Override
    public double run(long millis) throws Exception {
      contender.sender.ask(BenchRole.START_ALLOCATION);
      contender.receiver.ask(BenchRole.START_ALLOCATION);
      contender.burst(ALLOCATION_SIZE, millis);
      receiver = perMessage(contender.receiver);
      return perMessage(contender.sender);
    }

    double receiver() {
      return receiver;
    }

    void note(Report report, String name) {
      if (endedThreads > 0) {
        report.note(name + ": too low, " + endedThreads + " threads ended meanwhile");
      }
    }

    private double perMessage(BenchChildProcess end) throws Exception {
      long[] bytesAndEnded = end.ask(BenchRole.END_ALLOCATION);
      endedThreads += bytesAndEnded[1];
      return (double) bytesAndEnded[0] / contender.messages();
    }
  }
}
