package io.p2pchat.internal.net.session;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.p2pchat.internal.net.NodeCounters;
import io.p2pchat.internal.protocol.Ack;
import io.p2pchat.internal.protocol.Bye;
import io.p2pchat.internal.protocol.ControlLine;
import io.p2pchat.internal.protocol.Pong;
import io.p2pchat.internal.session.SendQueue;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What a level-1 connection writes: the encoded lines of the peer's queue, as many as the
 * connection takes in one write, and control lines. Of the answers {@code ACK} and {@code PONG}
 * only the latest waits. Used on the event loop.
 */
final class SessionLineWriter {
  private final Channel channel;
  private final NodeCounters counters;
  private @Nullable SendQueue queue;
  private SendQueue.@Nullable Cursor cursor;
  private @Nullable ControlLine ack;
  private @Nullable ControlLine pong;
  private boolean held;
  private boolean flushing;

  SessionLineWriter(Channel channel, NodeCounters counters) {
    this.channel = channel;
    this.counters = counters;
  }

  /** From now on {@code newQueue} has the lines to be written. */
  void attach(SendQueue newQueue) {
    queue = newQueue;
  }

  /** Chat lines are not written while it is held. */
  void hold(boolean hold) {
    held = hold;
  }

  /** The peer cannot learn later what was taken; a sign of life is of no use any more. */
  void end() {
    writeAck();
    pong = null;
  }

  /** Writes a control line, or keeps an answer for the next flush. */
  void send(ControlLine line) {
    if (line instanceof Ack) {
      ack = line;
      flushSoon();
    } else if (line instanceof Pong) {
      pong = line;
      flushSoon();
    } else {
      if (line instanceof Bye) {
        writeAck();
      }
      writeAnswers();
      write(line);
    }
  }

  /** Only the latest of each kind waits, for the flush and for a peer that does not read. */
  void writeAnswers() {
    if (pong != null && channel.isWritable()) {
      write(pong);
      pong = null;
    }
    if (channel.isWritable()) {
      writeAck();
    }
  }

  private void writeAck() {
    if (ack != null) {
      write(ack);
      ack = null;
    }
  }

  private void write(ControlLine line) {
    byte[] bytes = (line.format() + '\n').getBytes(StandardCharsets.UTF_8);
    channel.write(Unpooled.wrappedBuffer(bytes), channel.voidPromise());
    flushSoon();
  }

  /** What the tasks that wait write as well, such as an answer and an ACK, goes out together. */
  private void flushSoon() {
    if (!flushing) {
      flushing = true;
      channel.eventLoop().execute(this::flush);
    }
  }

  private void flush() {
    writeAnswers();
    flushing = false;
    channel.flush();
  }

  /** From now on writes the lines of the queue, beginning with this one. */
  void startLines(long from) {
    if (queue != null) {
      cursor = queue.seek(from);
    }
  }

  /** The number after the last line that was written. */
  long writtenTo() {
    return cursor == null ? 0 : cursor.line();
  }

  /** The next lines that wait, to be written; null if none may be written now. */
  SendQueue.@Nullable Slice nextLines() {
    return cursor == null || queue == null || held || !channel.isWritable()
        ? null
        : queue.read(cursor);
  }

  /** Writes lines that {@link #nextLines} has given. */
  void write(SendQueue.Slice lines) {
    counters.linesSent.add(lines.lines());
    channel.write(
        Unpooled.wrappedBuffer(lines.array(), lines.offset(), lines.length()),
        channel.voidPromise());
    flushSoon();
  }
}
