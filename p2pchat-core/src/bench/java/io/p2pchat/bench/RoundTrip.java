package io.p2pchat.bench;

import io.p2pchat.bench.Rounds.Burst;
import java.io.IOException;

/**
 * There and back, one text at a time, with both processes on one core: on two, it is the waking of
 * a sleeping core that is measured. The library brings each text to its listener, on a thread of
 * its own or on the event loop; bare Netty answers on its event loop.
 */
final class RoundTrip {
  private static final int CORE = 0;
  private static final int SIZE = 100;
  private static final double NANOS_PER_MICRO = 1000;

  private RoundTrip() {}

  static void run(BenchOptions options, Report report) throws Exception {
    try (BenchChildProcess barePing = BenchChildProcess.start(CORE, "bare-ping");
        BenchChildProcess bareEcho = BenchChildProcess.start(CORE, "bare-echo");
        BenchChildProcess chatPing = BenchChildProcess.start(CORE, "chat-ping");
        BenchChildProcess chatEcho = BenchChildProcess.start(CORE, "chat-echo");
        BenchChildProcess inlinePing = BenchChildProcess.start(CORE, "chat-inline-ping");
        BenchChildProcess inlineEcho = BenchChildProcess.start(CORE, "chat-inline-echo")) {
      Burst ofBare = millis -> median(barePing, bareEcho, millis);
      Burst ofChat = millis -> median(chatPing, chatEcho, millis);
      Burst ofInline = millis -> median(inlinePing, inlineEcho, millis);
      Rounds.warmUp(options, ofBare, ofChat);
      Rounds.warmUp(options, ofBare, ofInline);
      Rounds.compare(options, report, "round trip, 100 B, p50, µs", ofBare, ofChat);
      Rounds.compare(options, report, "round trip inline, 100 B, p50, µs", ofBare, ofInline);
    }
  }

  private static double median(BenchChildProcess ping, BenchChildProcess echo, long millis)
      throws IOException {
    long port = echo.ask(BenchReceiver.PORT)[0];
    return ping.ask(PingRole.PING, port, SIZE, millis)[0] / NANOS_PER_MICRO;
  }
}
