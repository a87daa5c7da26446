package io.p2pchat.bench;

/** The end of a contender that sends, for as long as a burst takes. */
abstract class BenchSender implements BenchRole {
  /** Sends to a port texts of a size for so many milliseconds; answers a {@link Sent}. */
  static final String SEND = "send";

  /**
   * A burst.
   *
   * @param count how many texts
   * @param startNanos when it began
   * @param endNanos when the sender knew that all had arrived; 0 if it never knows
   * @param longestNanos how long the slowest took to be sent; 0 if that is not measured
   */
  record Sent(long count, long startNanos, long endNanos, long longestNanos) {
    static Sent of(long[] numbers) {
      return new Sent(numbers[0], numbers[1], numbers[2], numbers[3]);
    }

    private long[] numbers() {
      return new long[] {count, startNanos, endNanos, longestNanos};
    }
  }

  @Override
  public final long[] answer(String command, long[] args) throws Exception {
    if (!command.equals(SEND)) {
      throw BenchRole.unknown(command);
    }
    open((int) args[0], (int) args[1]);
    Texts texts = Texts.of((int) args[1]);
    long start = System.nanoTime();
    long until = start + args[2] * 1_000_000;
    long count = 0;
    do {
      for (int i = 0; i < BenchArrivals.STAMP_EVERY; i++) {
        send(texts.next());
      }
      count += BenchArrivals.STAMP_EVERY;
    } while (System.nanoTime() - until < 0);
    return new Sent(count, start, finish(), longestNanos()).numbers();
  }

  /** Gets ready to send texts of a size to a port; not measured. */
  abstract void open(int port, int bytes) throws Exception;

  /** Sends one, and waits as long as the contender says that it must. */
  abstract void send(String text) throws Exception;

  /** How long the slowest of the burst took to be sent; 0 if that is not measured. */
  long longestNanos() {
    return 0;
  }

  /** Waits for what it can wait for; returns when that was, or 0. */
  abstract long finish() throws Exception;
}
