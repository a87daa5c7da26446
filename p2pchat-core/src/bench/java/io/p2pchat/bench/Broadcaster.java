package io.p2pchat.bench;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The end of a contender that has many peers at once, in a {@link BenchCrowd}. */
abstract class Broadcaster implements BenchRole {
  /** Connects with a crowd, given as it answers {@link BenchCrowd#LISTEN}. */
  static final String CONNECT = "connect";

  /** Sends all a text of a size, and the next when all have it; answers the median and how many. */
  static final String BROADCAST = "broadcast";

  private static final int PATIENCE_MILLIS = 10_000;
  private static final int MAX = 100_000;

  private @Nullable DataInputStream told;

  @Override
  public final long[] answer(String command, long[] args) throws Exception {
    switch (command) {
      case CONNECT -> {
        told = listenTo((int) args[0]);
        connect(Arrays.stream(args).skip(1).mapToInt(port -> (int) port).toArray());
        return new long[0];
      }
      case BROADCAST -> {
        return broadcast(Texts.of((int) args[0]), args[1] * 1_000_000);
      }
      default -> throw BenchRole.unknown(command);
    }
  }

  /** Connects with all these ports. */
  abstract void connect(int[] ports) throws Exception;

  /** Sends a text to all; may return early. */
  abstract void broadcast(String text);

  /** Waits for what there is to wait for of the last broadcast; not measured. */
  abstract void settle();

  private static DataInputStream listenTo(int port) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(PATIENCE_MILLIS);
    return new DataInputStream(socket.getInputStream());
  }

  // The nanoTime of another process: on Linux it is one clock for all.
  private long[] broadcast(Texts texts, long duration) throws IOException {
    if (told == null) {
      throw new IllegalStateException("not connected");
    }
    long[] nanos = new long[MAX];
    long until = System.nanoTime() + duration;
    int count = 0;
    do {
      long start = System.nanoTime();
      broadcast(texts.next());
      nanos[count++] = told.readLong() - start;
      settle();
    } while (System.nanoTime() - until < 0 && count < MAX);
    Arrays.sort(nanos, 0, count);
    return new long[] {nanos[count / 2], count};
  }
}
