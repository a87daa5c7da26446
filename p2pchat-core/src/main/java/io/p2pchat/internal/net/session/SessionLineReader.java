package io.p2pchat.internal.net.session;

import io.netty.buffer.ByteBuf;
import io.p2pchat.internal.net.NodeCounters;
import io.p2pchat.internal.protocol.Ack;
import io.p2pchat.internal.protocol.ControlLine;
import io.p2pchat.internal.protocol.ControlLineParser;
import io.p2pchat.internal.protocol.ControlLineParser.MalformedLine;
import io.p2pchat.internal.protocol.Header;
import io.p2pchat.internal.protocol.Message;
import io.p2pchat.internal.protocol.NodeInfo;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a level-1 connection. Passes on the chat lines of one read together, parses control lines,
 * and reports violations. Used on the event loop.
 *
 * <p>All chat lines of a peer have the same header, so it is compared and not parsed (PROTOCOL.md
 * section 4).
 */
final class SessionLineReader implements LineSplitter.Sink {
  private static final String CHAT_KEY = "LISTENING_PORT:";

  private final NodeCounters counters;
  private final LineSplitter splitter;
  private final ReadControl control;
  private final int maxFrameBytes;
  private final LineSplitter.Rest rest = new LineSplitter.Rest();

  private SessionChannelListener listener;
  private byte @Nullable [] header;
  private @Nullable List<String> burst;
  private int lastBurst;
  private long burstBytes;
  private boolean holding;
  private long acknowledged;
  private int controlLines;

  /**
   * Creates a reader.
   *
   * @param listener receives the input until {@link #attach}
   * @param control counts the received lines
   */
  SessionLineReader(
      SessionChannelListener listener,
      NodeCounters counters,
      LineSplitter splitter,
      ReadControl control,
      int maxFrameBytes) {
    this.listener = listener;
    this.counters = counters;
    this.splitter = splitter;
    this.control = control;
    this.maxFrameBytes = maxFrameBytes;
  }

  /** Replaces the listener. */
  void attach(SessionChannelListener newListener) {
    listener = newListener;
  }

  /** Sets the peer, whose header all chat lines must have. */
  void agree(NodeInfo peer) {
    header = peer.chatHeader();
  }

  /** Splits the input into lines and keeps the rest. */
  void read(ByteBuf in) {
    readHeld();
    split(in);
    readHeld();
  }

  /** Splits the bytes that were held back, as far as lines are wanted again. */
  void readHeld() {
    while (holding && isWanted()) {
      holding = false;
      split(rest.take());
    }
  }

  /** Returns whether lines were held back. They are in the rest. */
  boolean isHolding() {
    return holding;
  }

  private void split(ByteBuf in) {
    splitter.split(rest, in, this);
    passOn();
    if (controlLines > 0) {
      control.controlTaken(controlLines);
      controlLines = 0;
    }
    if (control.isEnding()) {
      drop();
    }
    if (rest.length() >= maxFrameBytes) {
      holding |= control.isHeld();
      if (!holding) {
        tooLong();
      }
    }
  }

  /** Drops the rest. */
  void drop() {
    rest.clear();
    holding = false;
  }

  @Override
  public boolean wantsMore() {
    boolean wanted = isWanted();
    holding |= !wanted;
    return wanted;
  }

  private boolean isWanted() {
    return !control.isEnding() && !control.isHeld();
  }

  @Override
  public void line(byte[] bytes, int from, int to) {
    if (to - from >= maxFrameBytes) {
      tooLong();
      return;
    }
    String text = header == null ? null : chatText(header, bytes, from, to);
    if (text != null) {
      if (burst == null) {
        burst = new ArrayList<>(lastBurst + lastBurst / 4 + 1);
      }
      burst.add(text);
      burstBytes += to - from + 1;
    } else {
      passOn();
      other(new String(bytes, from, to - from, StandardCharsets.UTF_8).stripTrailing());
    }
  }

  /** Returns the text of a chat line with this header, as on the wire, or null for other lines. */
  static @Nullable String chatText(byte[] header, byte[] bytes, int from, int to) {
    int start = from + header.length;
    if (start > to || !Arrays.equals(bytes, from, start, header, 0, header.length)) {
      return null;
    }
    return new String(bytes, start, to - start, StandardCharsets.UTF_8);
  }

  private void passOn() {
    List<String> lines = burst;
    if (lines != null) {
      burst = null;
      lastBurst = lines.size();
      long bytes = burstBytes;
      burstBytes = 0;
      counters.linesReceived.add(lines.size());
      listener.chat(lines, bytes);
      control.taken(lines.size());
    }
  }

  private void other(String line) {
    if (line.startsWith(CHAT_KEY)) {
      listener.broken(
          header == null
              ? "a chat line before the session was open"
              : Header.read(line) == null
                  ? "a chat line with a broken header"
                  : "a chat line with another header than the one that was agreed");
      return;
    }
    Message message = ControlLineParser.parse(line);
    if (message instanceof Ack ack && ack.count() > acknowledged) {
      acknowledged = ack.count();
    } else {
      controlLines++;
    }
    if (message instanceof MalformedLine malformed) {
      listener.broken("a malformed control line, " + malformed.problem());
    } else if (message instanceof ControlLine controlLine) {
      listener.control(controlLine);
    } else {
      counters.linesIgnored.increment();
    }
  }

  private void tooLong() {
    drop();
    listener.broken("a line of more than " + maxFrameBytes + " bytes");
  }
}
