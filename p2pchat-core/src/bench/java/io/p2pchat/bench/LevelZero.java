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
    try (Throughput bare = new Throughput("fresh-sender", "bare-receiver", false);
        Throughput chat = new Throughput("fresh-sender", "chat-receiver", true)) {
      Burst ofBare = millis -> bare.burst(SIZE, millis);
      Burst ofChat = millis -> chat.burst(SIZE, millis);
      Rounds.warmUp(options, ofBare, ofChat);
      Rounds.compare(options, report, "level 0 received, 100 B, messages/s", ofBare, ofChat);
    }
  }
}
