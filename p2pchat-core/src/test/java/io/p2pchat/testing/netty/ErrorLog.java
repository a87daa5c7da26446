package io.p2pchat.testing.netty;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;

/**
 * Sees what this thread logs meanwhile: what a handler fails with ends there. An error, and a
 * warning of Netty, fails the test.
 */
public final class ErrorLog implements AutoCloseable {
  private final PrintStream before = System.err;
  private final ByteArrayOutputStream seen = new ByteArrayOutputStream();

  /** Begins to watch. */
  public ErrorLog() {
    System.setErr(new PrintStream(seen, true, UTF_8));
  }

  /** Fails if something has gone wrong. */
  public void check() {
    if (seen.size() > 0) {
      String log = seen.toString(UTF_8);
      String mine = "[" + Thread.currentThread().getName() + "] ";
      if (log.contains(mine + "ERROR ") || log.contains(mine + "WARN io.netty")) {
        throw new AssertionError("logged:\n" + log);
      }
    }
  }

  @Override
  public void close() {
    System.setErr(before);
    if (seen.size() > 0) {
      before.print(seen.toString(UTF_8));
    }
  }
}
