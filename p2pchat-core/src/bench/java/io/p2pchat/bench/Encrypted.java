package io.p2pchat.bench;

/** One way as {@link OneWay}, over TLS: beside bare Netty, and beside the same without TLS. */
final class Encrypted {
  private static final int LARGE = 16 * 1024;
  private static final int[] SIZES = {100, 1024, LARGE};

  private Encrypted() {}

  static void run(BenchOptions options, Report report) throws Exception {
    try (Throughput bare = new Throughput("bare-sender", "bare-receiver", true);
        Throughput plain = new Throughput("chat-sender", "chat-receiver", true);
        Throughput tls = new Throughput("chat-tls-sender", "chat-tls-receiver", true)) {
      Rounds.warmUp(
          options, millis -> bare.burst(SIZES[0], millis), millis -> tls.burst(SIZES[0], millis));
      Rounds.warmUp(
          options, millis -> plain.burst(SIZES[0], millis), millis -> tls.burst(SIZES[0], millis));
      // The cipher is slow until it is compiled, and small messages leave it idle.
      Rounds.warmUp(
          options, millis -> bare.burst(LARGE, millis), millis -> tls.burst(LARGE, millis));
      for (int size : SIZES) {
        String what = "over TLS, " + size + " B, thousand messages/s";
        Rounds.compare(
            options,
            report,
            what,
            millis -> bare.burst(size, millis) / 1000,
            millis -> tls.burst(size, millis) / 1000);
        Rounds.compare(
            options,
            report,
            "over TLS, " + size + " B, beside p2pchat in plain",
            millis -> plain.burst(size, millis) / 1000,
            millis -> tls.burst(size, millis) / 1000);
      }
    }
  }
}
