package io.p2pchat.testing.faultproxy;

import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What a socket receives, so much later; without a delay it is the socket's stream itself. */
final class DelayLine {
  private static final int CHUNK_BYTES = 16 * 1024;
  private static final int CHUNKS = 64;

  /** What was read at once, or how the stream ended: no bytes, and perhaps a failure. */
  private record Chunk(ByteBuffer bytes, long due, @Nullable IOException failure) {}

  private final BlockingQueue<Chunk> onTheWay = new ArrayBlockingQueue<>(CHUNKS);
  private final Socket from;
  private final Duration delay;

  DelayLine(Socket from, Duration delay) {
    this.from = from;
    this.delay = delay;
  }

  void start(String name) {
    if (!delay.isZero()) {
      Thread thread = new Thread(this::fill, name + "-delay");
      thread.setDaemon(true);
      thread.start();
    }
  }

  /** Reads some bytes into a buffer of at least 16 KiB; as a stream does, once it has ended. */
  int read(byte[] buffer) throws IOException {
    if (delay.isZero()) {
      return from.getInputStream().read(buffer);
    }
    Chunk chunk = next();
    if (chunk.failure() != null) {
      throw chunk.failure();
    }
    int length = chunk.bytes().remaining();
    chunk.bytes().get(buffer, 0, length);
    return length == 0 ? -1 : length;
  }

  private Chunk next() throws IOException {
    try {
      Chunk chunk = onTheWay.take();
      TimeUnit.NANOSECONDS.sleep(chunk.due() - System.nanoTime());
      return chunk;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private void fill() {
    byte[] buffer = new byte[CHUNK_BYTES];
    try {
      int length = readOrEnd(buffer);
      while (length > 0) {
        length = readOrEnd(buffer);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private int readOrEnd(byte[] buffer) throws InterruptedException {
    int length = 0;
    IOException failure = null;
    try {
      length = Math.max(0, from.getInputStream().read(buffer));
    } catch (IOException e) {
      failure = e;
    }
    ByteBuffer bytes = ByteBuffer.wrap(Arrays.copyOf(buffer, length));
    onTheWay.put(new Chunk(bytes, System.nanoTime() + delay.toNanos(), failure));
    return length;
  }
}
