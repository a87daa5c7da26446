package io.p2pchat.testing.faultproxy;

import io.p2pchat.testing.faultproxy.FaultProxy.Direction;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Moves the bytes of one direction, as far as the connection lets it. */
final class Pump implements Runnable {
  private static final int BUFFER_BYTES = 64 * 1024;
  private static final int SLICES_PER_SECOND = 50;
  private static final int END = -1;
  private static final int RESET = -2;

  private final ForwardedConnection connection;
  private final Direction direction;
  private final DelayLine from;
  private final Socket to;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private final int mostAtOnce;

  Pump(
      ForwardedConnection connection,
      Direction direction,
      SocketPair sides,
      Duration delay,
      int bytesPerSecond) {
    this.mostAtOnce = Math.max(1, bytesPerSecond / SLICES_PER_SECOND);
    this.connection = connection;
    this.direction = direction;
    this.from = new DelayLine(sides.from(direction), delay);
    this.to = sides.to(direction);
  }

  void start(String name) {
    from.start(name);
    Thread thread = new Thread(this, name);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void run() {
    int length = read();
    while (length >= 0) {
      forward(length);
      length = read();
    }
    connection.inputEnded(direction, length == RESET);
  }

  private int read() {
    connection.awaitResume();
    try {
      int length = from.read(buffer);
      return length < 0 ? END : length;
    } catch (IOException e) {
      return RESET;
    }
  }

  /** Passes on what was read, in parts if the connection says so; the rest is thrown away. */
  private void forward(int length) {
    int at = 0;
    int part = connection.beginWrite(direction, buffer, at, Math.min(length, mostAtOnce));
    while (part > 0) {
      write(at, part);
      at += part;
      int next = Math.min(length - at, mostAtOnce);
      part = next == 0 ? 0 : connection.beginWrite(direction, buffer, at, next);
    }
  }

  private void write(int at, int length) {
    boolean written = false;
    try {
      to.getOutputStream().write(buffer, at, length);
      written = true;
      if (length == mostAtOnce) {
        TimeUnit.MILLISECONDS.sleep(1000 / SLICES_PER_SECOND);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      // The receiver has reset.
    } finally {
      connection.endWrite(direction, written);
    }
  }
}
