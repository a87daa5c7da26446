package io.p2pchat.internal.net.session;

import io.netty.buffer.ByteBuf;
import io.p2pchat.internal.net.NodeCounters;
import io.p2pchat.internal.protocol.ControlLine;
import io.p2pchat.internal.protocol.ControlLineParser;
import io.p2pchat.internal.protocol.Header;
import io.p2pchat.internal.protocol.Hello;
import io.p2pchat.internal.protocol.MalformedLine;
import io.p2pchat.internal.protocol.Message;
import io.p2pchat.internal.protocol.NodeInfo;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a level-1 connection receives: chat lines of one read are given on together, control lines
 * are parsed, and a line that breaks the protocol is told of. Used on the event loop.
 */
final class SessionLineReader implements LineSplitter.Sink {
  private static final String CHAT_KEY = "LISTENING_PORT:";

  private final SessionChannelHandler link;
  private final Inbound inbound;
  private final NodeCounters counters;
  private final LineSplitter splitter;
  private final ReadControl gate;
  private final int maxFrameBytes;
  private final LineSplitter.Rest rest = new LineSplitter.Rest();

  private @Nullable SessionChannelListener owner;
  private @Nullable ChatTexts texts;
  private @Nullable List<String> burst;
  private int lastBurst;
  private long burstBytes;

  /**
   * Makes a reader.
   *
   * @param link the connection
   * @param inbound told what comes before there is an owner
   * @param gate told of the lines that were taken
   */
  SessionLineReader(
      SessionChannelHandler link,
      Inbound inbound,
      NodeCounters counters,
      LineSplitter splitter,
      ReadControl gate,
      int maxFrameBytes) {
    this.link = link;
    this.inbound = inbound;
    this.counters = counters;
    this.splitter = splitter;
    this.gate = gate;
    this.maxFrameBytes = maxFrameBytes;
  }

  /** From now on {@code newOwner} takes what is received. */
  void attach(SessionChannelListener newOwner) {
    owner = newOwner;
  }

  /** Chat lines have the header of this peer from now on. */
  void agree(NodeInfo peer) {
    texts = new ChatTexts(peer);
  }

  /** Takes the lines in what was read, and keeps what is left. */
  void read(ByteBuf in) {
    splitter.split(rest, in, this);
    giveOn();
    if (link.isLeaving()) {
      drop();
    }
    if (rest.length() >= maxFrameBytes && !gate.isPaused()) {
      tooLong();
    }
  }

  /** Takes the lines in what was left when a pause began. */
  void readRest() {
    read(rest.take());
  }

  /** Forgets what was left. */
  void drop() {
    rest.clear();
  }

  @Override
  public boolean wantsMore() {
    return !link.isLeaving() && !gate.isPaused();
  }

  @Override
  public void line(byte[] bytes, int from, int to) {
    if (to - from >= maxFrameBytes) {
      tooLong();
      return;
    }
    String text = texts == null ? null : texts.read(bytes, from, to);
    if (text != null) {
      if (burst == null) {
        burst = new ArrayList<>(lastBurst + lastBurst / 4 + 1);
      }
      burst.add(text);
      burstBytes += to - from + 1;
    } else {
      giveOn();
      other(new String(bytes, from, to - from, StandardCharsets.UTF_8).stripTrailing());
    }
  }

  private void giveOn() {
    List<String> lines = burst;
    if (owner != null && lines != null) {
      burst = null;
      lastBurst = lines.size();
      long bytes = burstBytes;
      burstBytes = 0;
      counters.linesReceived.add(lines.size());
      owner.chat(link, lines, bytes);
      gate.taken(lines.size());
    }
  }

  private void other(String line) {
    if (line.startsWith(CHAT_KEY)) {
      broken(
          texts == null
              ? "a chat line before the session was open"
              : Header.read(line) == null
                  ? "a chat line with a broken header"
                  : "a chat line with another header than the one that was agreed");
      return;
    }
    Message message = ControlLineParser.parse(line);
    if (message instanceof MalformedLine malformed) {
      broken("a malformed control line, " + malformed.problem());
    } else if (!(message instanceof ControlLine control)) {
      counters.linesIgnored.increment();
    } else if (owner != null) {
      owner.control(link, control);
    } else if (control instanceof Hello hello) {
      inbound.hello(link, hello);
    } else {
      broken("a control line before HELLO");
    }
  }

  private void tooLong() {
    drop();
    broken("a line of more than " + maxFrameBytes + " bytes");
  }

  private void broken(String description) {
    if (owner != null) {
      owner.broken(link, description);
    } else {
      inbound.broken(link, description);
    }
  }
}
