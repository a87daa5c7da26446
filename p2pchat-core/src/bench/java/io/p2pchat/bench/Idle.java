package io.p2pchat.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What a connection, or a session, costs that nothing comes over. */
final class Idle {
  private static final int FIRST = 200;
  private static final int MORE = 1000;
  private static final double KIBI = 1024;

  private Idle() {}

  /**
   * What one costs.
   *
   * @param heap in bytes
   * @param resident in bytes
   */
  private record Cost(double heap, double resident) {}

  static void run(BenchOptions options, Report report) throws Exception {
    BenchOptions once = options.once();
    Cost bare = cost("bare-broadcaster", false);
    List<Cost> chat = new ArrayList<>();
    Rounds.compare(
        once,
        report,
        "idle session, heap, KiB",
        millis -> bare.heap() / KIBI,
        millis -> {
          chat.add(cost("chat-broadcaster", true));
          return chat.get(0).heap() / KIBI;
        });
    if (!chat.isEmpty()) {
      double ofBare = bare.resident() / KIBI;
      double ofChat = chat.get(0).resident() / KIBI;
      report.row("idle session, resident, KiB", ofBare, ofChat, Report.Ratio.of(ofChat / ofBare));
    }
  }

  private static Cost cost(String role, boolean sessions) throws IOException {
    try (Crowded contender = new Crowded(role)) {
      // What comes with the first ones and is there once, is not theirs.
      contender.connect(FIRST, sessions);
      long[] before = contender.broadcaster.ask(BenchRole.MEMORY);
      contender.connect(MORE, sessions);
      long[] after = contender.broadcaster.ask(BenchRole.MEMORY);
      return new Cost(
          (double) (after[0] - before[0]) / MORE, (double) (after[1] - before[1]) / MORE);
    }
  }
}
