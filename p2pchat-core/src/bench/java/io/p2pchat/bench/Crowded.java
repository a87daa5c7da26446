package io.p2pchat.bench;

import java.io.IOException;
import java.util.List;

/** A contender's process that has many peers, and the process of those. */
final class Crowded implements AutoCloseable {
  private static final int BROADCASTER_CORE = 0;
  private static final int CROWD_CORE = 1;

  /** A small young generation, so that garbage makes no difference to the resident memory. */
  private static final List<String> HEAP =
      List.of("-XX:+UseSerialGC", "-Xms128m", "-Xmx128m", "-Xmn16m");

  final BenchChildProcess broadcaster;
  final BenchChildProcess crowd;

  Crowded(String role) throws IOException {
    this.broadcaster = BenchChildProcess.start(BROADCASTER_CORE, role, HEAP);
    this.crowd = BenchChildProcess.start(CROWD_CORE, "crowd");
  }

  /** Connects with so many more peers, who hold sessions or not. */
  void connect(int members, boolean sessions) throws IOException {
    broadcaster.ask(Broadcaster.CONNECT, crowd.ask(BenchCrowd.LISTEN, members, sessions ? 1 : 0));
  }

  @Override
  public void close() {
    broadcaster.close();
    crowd.close();
  }
}
