package io.p2pchat.internal.net.session;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.p2pchat.internal.net.NodeCounters;
import io.p2pchat.internal.protocol.Ack;
import io.p2pchat.internal.protocol.Bye;
import io.p2pchat.internal.protocol.ControlLine;
import io.p2pchat.internal.protocol.EncodedText;
import io.p2pchat.internal.protocol.Pong;
import io.p2pchat.internal.session.KeptSend;
import io.p2pchat.internal.session.SendQueue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes a level-1 connection: control lines, and as many queued lines as one write takes. Of
 * {@code ACK} and {@code PONG} only the latest is kept. Used on the event loop.
 */
final class SessionLineWriter {
  private static final byte[] LINE_END = {'\n'};

  /** Lines that were passed to Netty, in a buffer around their array. */
  private record Written(ByteBuf bytes, SendQueue.Slice lines) {
    /** Returns whether Netty has copied or encrypted them, or dropped them. */
    boolean isOver() {
      return bytes.refCnt() == 0;
    }
  }

  private final Channel channel;
  private final NodeCounters counters;
  private @Nullable SendQueue queue;
  private SendQueue.@Nullable Cursor cursor;
  private @Nullable ControlLine ack;
  private @Nullable ControlLine pong;
  private boolean held;
  private boolean flushing;

  /** What Netty had not copied when it was written: it encrypts at the flush. */
  private List<Written> unflushed = List.of();

  private long written;
  private long flushed;
  private boolean backlog;

  SessionLineWriter(Channel channel, NodeCounters counters) {
    this.channel = channel;
    this.counters = counters;
  }

  /** Attaches the queue of lines to write. */
  void attach(SendQueue newQueue) {
    queue = newQueue;
  }

  /** Holds chat lines back, or releases them. */
  void hold(boolean hold) {
    held = hold;
  }

  /**
   * Writes the last {@code ACK}, because the peer cannot learn of it later. Drops the {@code PONG}.
   */
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

  /** Only the latest of each kind is kept, for the next flush or until the peer reads. */
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
    written += bytes.length;
    channel.write(Unpooled.wrappedBuffer(bytes), channel.voidPromise());
    flushSoon();
  }

  /** Delayed, so that output of the queued tasks, such as a reply and an ACK, shares one flush. */
  private void flushSoon() {
    if (!flushing) {
      flushing = true;
      channel.eventLoop().execute(this::flush);
    }
  }

  private void flush() {
    writeAnswers();
    flushing = false;
    List<Written> taken = unflushed;
    unflushed = List.of();
    channel.flush();
    for (Written lines : taken) {
      if (lines.isOver()) {
        done(lines);
      }
    }
  }

  private void done(Written lines) {
    if (queue != null) {
      queue.done(lines.lines);
    }
  }

  /** Starts writing the lines of the queue, from this one on, with or without their numbers. */
  void startLines(long from, boolean numbered) {
    if (queue != null) {
      cursor =
          numbered
              ? queue.seek(from, new KeptSend.Numbers(System::currentTimeMillis))
              : queue.seek(from);
    }
  }

  /** Returns the number after the last line written. */
  long writtenTo() {
    return cursor == null ? 0 : cursor.line();
  }

  /** Returns the next queued lines to write, or null if none may be written now. */
  SendQueue.@Nullable Slice nextLines() {
    return cursor == null || queue == null || held || !channel.isWritable()
        ? null
        : queue.read(cursor);
  }

  /**
   * Returns whether the network has taken bytes that already waited for it at the last call. It
   * takes them only when the peer's system has confirmed earlier ones.
   */
  boolean hasDrained() {
    if (flushing) {
      return false; // What was not flushed yet waits for this node only.
    }
    ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
    long waiting = buffer == null ? 0 : buffer.totalPendingWriteBytes() - buffer.currentProgress();
    boolean drained = backlog && written - waiting > flushed;
    backlog = waiting > 0;
    flushed = written - waiting;
    return drained;
  }

  /** Writes the lines from {@link #nextLines}. */
  void write(SendQueue.Slice lines) {
    counters.linesSent.add(lines.lines());
    if (lines.next() != null) {
      write(lines.next());
    }
    EncodedText shared = lines.shared();
    if (shared == null) {
      ByteBuf bytes = Unpooled.wrappedBuffer(lines.array(), lines.offset(), lines.length());
      written += bytes.readableBytes();
      channel.write(bytes, channel.voidPromise());
      Written now = new Written(bytes, lines);
      if (now.isOver()) {
        done(now);
      } else {
        unflushed = unflushed.isEmpty() ? new ArrayList<>() : unflushed;
        unflushed.add(now);
      }
      flushSoon();
    } else {
      ByteBuf bytes = Unpooled.wrappedBuffer(lines.array(), shared.bytes(), LINE_END);
      written += bytes.readableBytes();
      // Netty copies what it writes. Flushed at once, so that one copy exists at a time.
      channel.writeAndFlush(bytes, channel.voidPromise());
    }
  }
}
