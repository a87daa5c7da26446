package io.p2pchat.attacks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Many connections that are begun and left, or renewed, or go on with a byte a second. */
final class Crowd implements Attack {
  private final AttackDialer dialer;
  private final byte[] bytes;
  private final SocketChannel[] channels;
  private final AtomicLong made = new AtomicLong();
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private volatile boolean ended;
  private int next;

  private Crowd(AttackDialer dialer, int count, byte[] bytes) {
    this.dialer = dialer;
    this.bytes = bytes;
    this.channels = new SocketChannel[count];
  }

  /** Each says this much, and no more. */
  static Crowd left(AttackDialer dialer, int count, byte[] bytes) throws IOException {
    Crowd crowd = new Crowd(dialer, count, bytes);
    for (int i = 0; i < count; i++) {
      crowd.dial(i).write(ByteBuffer.wrap(bytes));
    }
    return crowd;
  }

  /** Each says a byte of this a second; a new one takes the place of one that was closed. */
  static Crowd slow(AttackDialer dialer, int count, byte[] bytes) throws IOException {
    Crowd crowd = new Crowd(dialer, count, bytes);
    for (int i = 0; i < count; i++) {
      crowd.dial(i);
    }
    crowd.clock.scheduleAtFixedRate(crowd::sayNext, 0, 1, TimeUnit.SECONDS);
    return crowd;
  }

  /** Each says this much; new ones take the place of the oldest, as fast as it goes. */
  static Crowd renewed(AttackDialer dialer, int count, byte[] bytes) throws IOException {
    Crowd crowd = left(dialer, count, bytes);
    crowd.clock.execute(crowd::renew);
    return crowd;
  }

  private void renew() {
    for (int i = 0; !ended; i = (i + 1) % channels.length) {
      renew(i);
    }
  }

  private void renew(int i) {
    try {
      channels[i].close();
      dial(i).write(ByteBuffer.wrap(bytes));
    } catch (IOException e) {
      // When its turn comes again then.
    }
  }

  private SocketChannel dial(int i) throws IOException {
    channels[i] = dialer.dial(i);
    made.incrementAndGet();
    return channels[i];
  }

  private void sayNext() {
    for (int i = 0; i < channels.length; i++) {
      try {
        channels[i].write(ByteBuffer.wrap(bytes, next % bytes.length, 1));
      } catch (IOException e) {
        dialAgain(i);
      }
    }
    next++;
  }

  private void dialAgain(int i) {
    try {
      channels[i].close();
      dial(i);
    } catch (IOException e) {
      // When its turn comes again then.
    }
  }

  @Override
  public long progress() {
    return made.get();
  }

  @Override
  public void close() {
    ended = true;
    clock.shutdownNow();
    try {
      if (!clock.awaitTermination(1, TimeUnit.MINUTES)) {
        throw new IllegalStateException("it does not end");
      }
      for (SocketChannel channel : channels) {
        channel.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
