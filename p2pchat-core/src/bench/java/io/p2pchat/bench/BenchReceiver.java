package io.p2pchat.bench;

/** The end of a contender that receives: it compares what comes with what is expected. */
abstract class BenchReceiver implements BenchRole {
  /** Where it listens. */
  static final String PORT = "port";

  /** Begins a burst of texts of a size; 1 for in order, 0 for in any. */
  static final String EXPECT = "expect";

  /** Waits for so many of them; answers how many came, how many were wrong, and when the last. */
  static final String RECEIVED = "received";

  private volatile BenchArrivals arrivals = new BenchArrivals(16, true);

  abstract int port();

  final BenchArrivals arrivals() {
    return arrivals;
  }

  @Override
  public final long[] answer(String command, long[] args) throws InterruptedException {
    switch (command) {
      case PORT -> {
        return new long[] {port()};
      }
      case EXPECT -> {
        arrivals = new BenchArrivals((int) args[0], args[1] == 1);
        return new long[0];
      }
      case RECEIVED -> {
        return arrivals.await(args[0]);
      }
      default -> throw BenchRole.unknown(command);
    }
  }
}
