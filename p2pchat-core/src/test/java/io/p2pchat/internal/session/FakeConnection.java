package io.p2pchat.internal.session;

import io.p2pchat.internal.protocol.Bye;
import io.p2pchat.internal.protocol.ControlLine;
import java.util.ArrayList;
import java.util.List;

/** A connection that keeps what is sent on it. */
final class FakeConnection implements SessionConnection {
  static final long NOT_STARTED = -1;

  final List<ControlLine> sent = new ArrayList<>();
  long startedAt = NOT_STARTED;
  boolean encrypted;
  boolean numbered;
  boolean closed;
  boolean drains;
  private long written;

  @Override
  public void send(ControlLine line) {
    sent.add(line);
  }

  @Override
  public boolean isEncrypted() {
    return encrypted;
  }

  @Override
  public void startLines(long from, boolean isNumbered) {
    numbered = isNumbered;
    startedAt = from;
    written = from;
  }

  @Override
  public long writtenTo() {
    return written;
  }

  @Override
  public boolean hasDrained() {
    return drains;
  }

  @Override
  public void close() {
    closed = true;
  }

  /** Chat lines have been written. */
  void write(int lines) {
    written += lines;
  }

  /** What was sent since this was last asked. */
  List<ControlLine> news() {
    List<ControlLine> news = List.copyOf(sent);
    sent.clear();
    return news;
  }

  boolean isRefused(Bye.Reason reason) {
    return closed && !sent.isEmpty() && sent.get(sent.size() - 1).equals(new Bye(reason));
  }
}
