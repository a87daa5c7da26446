package io.p2pchat.bench;

import io.p2pchat.bench.Rounds.Burst;

/**
 * Receiving at level 0, a fresh connection for each message, from the same sender. Bare Netty reads
 * connections in any order, so only the library has to bring the texts in theirs.
 */
final class LevelZero {
  private static final int SIZE = 100;

  private LevelZero() {}

  static void run(BenchOptions options, Report report) throws Exception {
    compare(options, report, "fresh-sender", "64 connections wait");
    compare(options, report, "waiting-sender", "each waits for the close");
    compare(options, report, "closing-sender", "each closes at once");
  }

  private static void compare(BenchOptions options, Report report, String sender, String how)
      throws Exception {
    try (Throughput bare = new Throughput(sender, "bare-receiver", false);
        Throughput chat = new Throughput(sender, "chat-receiver", true)) {
      Burst ofBare = millis -> bare.burst(SIZE, millis);
      Burst ofChat = millis -> chat.burst(SIZE, millis);
      Rounds.warmUp(options, ofBare, ofChat);
      bare.longestMillis();
      chat.longestMillis();
      Rounds.compare(options, report, "level 0, " + how + ", messages/s", ofBare, ofChat);
      double ofBareLongest = bare.longestMillis();
      double ofChatLongest = chat.longestMillis();
      report.row(
          "level 0, " + how + ", slowest, ms",
          ofBareLongest,
          ofChatLongest,
          Report.Ratio.of(ofChatLongest / ofBareLongest));
    }
  }
}
