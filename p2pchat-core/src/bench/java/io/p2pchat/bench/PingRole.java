package io.p2pchat.bench;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The end of a contender that measures round trips. */
abstract class PingRole implements BenchRole {
  /** To a port, texts of a size, for so many milliseconds; answers the median and the count. */
  static final String PING = "ping";

  private volatile @Nullable Pings pings;

  @Override
  public final long[] answer(String command, long[] args) throws Exception {
    if (!command.equals(PING)) {
      throw BenchRole.unknown(command);
    }
    Pings burst = new Pings((int) args[1], args[2], to((int) args[0]));
    pings = burst;
    burst.start();
    return burst.await(args[2]);
  }

  /** Something came back. */
  final void back(String text) {
    Pings burst = pings;
    if (burst != null) {
      burst.back(text);
    }
  }

  /** What sends a text to a port. */
  abstract Consumer<String> to(int port) throws Exception;
}
