package io.p2pchat.bench;

import io.p2pchat.bench.Rounds.Burst;
import java.io.IOException;

/** One text to many peers, until all have it; the next goes when they do. */
final class Broadcasts {
  private static final int[] CROWDS = {10, 100, 1000};
  private static final int SIZE = 100;
  private static final double NANOS_PER_MICRO = 1000;

  private Broadcasts() {}

  static void run(BenchOptions options, Report report) throws Exception {
    try (Crowded bare = new Crowded("bare-broadcaster");
        Crowded chat = new Crowded("chat-broadcaster")) {
      Burst ofBare = millis -> broadcast(bare, millis);
      Burst ofChat = millis -> broadcast(chat, millis);
      int connected = 0;
      for (int members : CROWDS) {
        bare.connect(members - connected, false);
        chat.connect(members - connected, true);
        if (connected == 0) {
          Rounds.warmUp(options, ofBare, ofChat);
        }
        connected = members;
        Rounds.compare(
            options, report, "broadcast, 100 B, to " + members + ", p50, µs", ofBare, ofChat);
      }
    }
  }

  private static double broadcast(Crowded contender, long millis) throws IOException {
    contender.crowd.ask(BenchCrowd.EXPECT, SIZE);
    return contender.broadcaster.ask(Broadcaster.BROADCAST, SIZE, millis)[0] / NANOS_PER_MICRO;
  }
}
