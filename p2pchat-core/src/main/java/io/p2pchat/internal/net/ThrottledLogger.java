package io.p2pchat.internal.net;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes one line a second at most, and says how many it left out. Used on the event loop only. */
final class ThrottledLogger {
  private final Logger log;
  private long nextAt = System.nanoTime();
  private long leftOut;

  ThrottledLogger(Class<?> name) {
    this.log = LoggerFactory.getLogger(name);
  }

  void warn(String line) {
    long now = System.nanoTime();
    if (now - nextAt < 0) {
      leftOut++;
      return;
    }
    log.warn("{} ({} such lines were left out before)", line, leftOut);
    leftOut = 0;
    nextAt = now + TimeUnit.SECONDS.toNanos(1);
  }
}
