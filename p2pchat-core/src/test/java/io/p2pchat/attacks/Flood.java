package io.p2pchat.attacks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;

/**
 * Connections on which something is said for ever, as fast as it is taken, and nothing is read. A
 * new one takes the place of one that was closed. All on one thread: what an attack takes of the
 * processor is not what is looked at.
 */
final class Flood implements Attack {
  private final AttackDialer dialer;
  private final IntFunction<byte[]> first;
  private final IntFunction<byte[]> again;
  private final Selector selector = Selector.open();
  private final Thread thread = new Thread(this::run, "flood");
  private final AtomicLong written = new AtomicLong();
  private volatile boolean ended;

  private final class Sender {
    final int number;
    ByteBuffer rest;

    Sender(int number) {
      this.number = number;
      this.rest = ByteBuffer.wrap(first.apply(number));
    }

    void say(SocketChannel channel) throws IOException {
      if (!rest.hasRemaining()) {
        rest = ByteBuffer.wrap(again.apply(number));
      }
      written.addAndGet(channel.write(rest));
    }
  }

  /**
   * Begins.
   *
   * @param first what the connection of a number says at first; may be empty
   * @param again what it says then, again and again
   */
  Flood(AttackDialer dialer, int count, IntFunction<byte[]> first, IntFunction<byte[]> again)
      throws IOException {
    this.dialer = dialer;
    this.first = first;
    this.again = again;
    for (int i = 0; i < count; i++) {
      dial(i);
    }
    thread.start();
  }

  private void dial(int number) throws IOException {
    SocketChannel channel = dialer.dial(number);
    channel.configureBlocking(false);
    channel.register(selector, SelectionKey.OP_WRITE, new Sender(number));
  }

  private void run() {
    try {
      while (!ended) {
        selector.select(this::say);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void say(SelectionKey key) {
    Sender sender = (Sender) key.attachment();
    SocketChannel channel = (SocketChannel) key.channel();
    try {
      sender.say(channel);
    } catch (IOException e) {
      replace(channel, sender.number);
    }
  }

  private void replace(SocketChannel channel, int number) {
    try {
      channel.close();
      dial(number);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public long progress() {
    return written.get();
  }

  @Override
  public void close() {
    ended = true;
    selector.wakeup();
    try {
      thread.join();
      for (SelectionKey key : selector.keys()) {
        key.channel().close();
      }
      selector.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
