package io.p2pchat.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Sends each text on a connection of its own, as the programs at level 0 do. The same for both
 * contenders, on the JDK's sockets; with LF, which bare Netty needs.
 */
final class FreshSender extends BenchSender {
  private static final String HEADER = BareLine.header(7070, "Sender");

  private final Kind kind;
  private final Queue<SocketChannel> waiting = new ArrayDeque<>();
  private final ByteBuffer one = ByteBuffer.allocate(1);
  private SocketAddress target = new InetSocketAddress(0);
  private long longest;

  /** What a program does after its line. */
  enum Kind {
    /** It closes at once. */
    CLOSING(0),
    /** It half-closes, and waits for the other end to close. */
    WAITING(0),
    /** The same, with 64 connections that wait. */
    MANY(64);

    private final int waiting;

    Kind(int waiting) {
      this.waiting = waiting;
    }
  }

  FreshSender(Kind kind) {
    this.kind = kind;
  }

  @Override
  void open(int port, int bytes) {
    target = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    longest = 0;
  }

  @Override
  void send(String text) throws IOException {
    // Made before the connection is: a new JVM may need longer for it than a silent dialer has.
    ByteBuffer line = ByteBuffer.wrap((HEADER + text + '\n').getBytes(UTF_8));
    long start = System.nanoTime();
    SocketChannel connection = SocketChannel.open(target);
    connection.write(line);
    if (kind == Kind.CLOSING) {
      connection.close();
    } else {
      connection.shutdownOutput();
      waiting.add(connection);
    }
    if (waiting.size() > kind.waiting) {
      close(waiting.remove());
    }
    longest = Math.max(longest, System.nanoTime() - start);
  }

  @Override
  long longestNanos() {
    return longest;
  }

  @Override
  long finish() throws IOException {
    while (!waiting.isEmpty()) {
      close(waiting.remove());
    }
    return 0;
  }

  private void close(SocketChannel connection) throws IOException {
    try (connection) {
      if (connection.read(one.clear()) >= 0) {
        throw new IOException("a level-0 sender was answered");
      }
    }
  }
}
