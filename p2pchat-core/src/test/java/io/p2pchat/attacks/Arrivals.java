package io.p2pchat.attacks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.function.IntFunction;

/** One connection after the other: each says something, may wait for an answer, and is reset. */
final class Arrivals implements Attack {
  private final AttackDialer dialer;
  private final IntFunction<byte[]> bytes;
  private final Thread thread = new Thread(this::run, "arrivals");
  private final boolean awaitsAnswer;
  private volatile long done;
  private volatile boolean ended;

  Arrivals(AttackDialer dialer, IntFunction<byte[]> bytes, boolean awaitsAnswer) {
    this.awaitsAnswer = awaitsAnswer;
    this.dialer = dialer;
    this.bytes = bytes;
    thread.start();
  }

  private void run() {
    ByteBuffer answer = ByteBuffer.allocate(1024);
    long count = 0;
    for (int n = 0; !ended; n++) {
      try (SocketChannel channel = dialer.dial(n)) {
        channel.write(ByteBuffer.wrap(bytes.apply(n)));
        if (!awaitsAnswer || channel.read(answer.clear()) > 0) {
          count++;
          done = count;
        }
      } catch (IOException e) {
        // The victim has closed it: with the next then.
      }
    }
  }

  @Override
  public long progress() {
    return done;
  }

  @Override
  public void close() {
    ended = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
