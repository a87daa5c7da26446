package io.p2pchat.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports that stay free while nobody listens on them, for tests that start a program twice on one
 * port. They lie below those that systems choose for port 0 and for connections, so no other test
 * gets one meanwhile.
 */
public final class FreePort {
  private static final int FIRST = 20_000;
  private static final int COUNT = 12_000;

  /** Tests of other modules run in other JVMs, and begin elsewhere. */
  private static final AtomicInteger NEXT =
      new AtomicInteger(ThreadLocalRandom.current().nextInt(COUNT));

  private FreePort() {}

  /** Returns a port that nobody listens on. It is returned to no other caller in this JVM. */
  public static int next() {
    while (true) {
      int port = FIRST + Math.floorMod(NEXT.getAndIncrement(), COUNT);
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (BindException e) {
        // It is in use.
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
