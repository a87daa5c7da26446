package io.p2pchat.bench;

import io.p2pchat.bench.Rounds.Burst;

/**
 * From the start of a node with a list of addresses until it has found a peer at each and knows its
 * name. Bare Netty dials the same addresses and reads their greetings. Each peer has an address of
 * its own, because a node finds few a second at one.
 */
final class Discovered {
  private static final int PEERS = 100;
  private static final int SEEKER_CORE = 0;
  private static final int CROWD_CORE = 1;
  private static final double NANOS_PER_MILLI = 1e6;

  private Discovered() {}

  static void run(BenchOptions options, Report report) throws Exception {
    try (BenchChildProcess bare = BenchChildProcess.start(SEEKER_CORE, "bare-seeker");
        BenchChildProcess chat = BenchChildProcess.start(SEEKER_CORE, "chat-seeker");
        BenchChildProcess crowd = BenchChildProcess.start(CROWD_CORE, "crowd")) {
      long[] ports = crowd.ask(BenchCrowd.LISTEN_APART, PEERS);
      Burst ofBare = millis -> bare.ask(Seeker.FIND, ports)[0] / NANOS_PER_MILLI;
      Burst ofChat = millis -> chat.ask(Seeker.FIND, ports)[0] / NANOS_PER_MILLI;
      Rounds.warmUp(options, ofBare, ofChat);
      Rounds.compare(
          options, report, "discovery of " + PEERS + " listed peers, ms", ofBare, ofChat);
    }
  }
}
