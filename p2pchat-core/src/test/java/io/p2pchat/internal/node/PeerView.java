package io.p2pchat.internal.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.p2pchat.internal.protocol.Ack;
import io.p2pchat.internal.protocol.Bye;
import io.p2pchat.internal.protocol.ChatLine;
import io.p2pchat.internal.protocol.ControlLine;
import io.p2pchat.internal.protocol.ControlLineParser;
import io.p2pchat.internal.protocol.ControlLineParser.MalformedLine;
import io.p2pchat.internal.protocol.Greeting;
import io.p2pchat.internal.protocol.Hello;
import io.p2pchat.internal.protocol.Message;
import io.p2pchat.internal.protocol.NodeInfo;
import io.p2pchat.internal.protocol.Ping;
import io.p2pchat.internal.protocol.Pong;
import io.p2pchat.internal.protocol.Welcome;
import io.p2pchat.testing.netty.MemoryChannel;
import java.io.ByteArrayOutputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One connection as the peer sees it: what it has sent, and what the node may answer to that. The
 * peer may have sent anything, so the limits are the widest that honest counts can have.
 */
final class PeerView {
  private static final String CHAT = "LISTENING_PORT:";
  private static final String NODE_HEADER =
      CHAT + MemoryNode.LOCAL.getPort() + "|TEAM_NAME:" + MemoryNode.TEAM + "|";
  private static final long CLOSING_NANOS = TimeUnit.MILLISECONDS.toNanos(1100);
  private static final long MOST_UNSENT = 80 * 1024;

  final MemoryChannel channel;
  final int host;
  private final boolean dialed;
  private final Counts counts;
  private final int maxFrameBytes;
  private final ByteArrayOutputStream sending = new ByteArrayOutputStream();
  private final ByteArrayOutputStream receiving = new ByteArrayOutputStream();
  private final Set<String> pings = new HashSet<>();
  private boolean stuck;
  private boolean everStuck;
  private boolean firstLineSent;
  private boolean level1;
  private boolean broken;
  private boolean greeted;
  private @Nullable Hello hello;
  private @Nullable Welcome welcome;
  private boolean welcomed;
  private long byeAt = Long.MAX_VALUE;
  private int limit;

  /** The session on this connection, and how many lines of each direction it had before. */
  private @Nullable String session;

  private long sentBefore;
  private long gotBefore;
  private long sentLines;
  private long reservedLines;
  private long gotLines;
  private long lastAck;

  /**
   * What is known of each session over all its connections.
   *
   * @param sent how many chat lines the peer may have sent in it
   * @param got how many it got
   * @param acked how many of those it sent are acknowledged
   * @param views all connections
   * @param sends how many lines the node has been given to send, to anyone
   */
  record Counts(
      Map<String, Long> sent,
      Map<String, Long> got,
      Map<String, Long> acked,
      List<PeerView> views,
      LongSupplier sends) {

    long allAcked() {
      return acked.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  PeerView(MemoryChannel channel, int host, boolean dialed, int maxFrameBytes, Counts counts) {
    this.channel = channel;
    this.host = host;
    this.dialed = dialed;
    this.maxFrameBytes = maxFrameBytes;
    this.counts = counts;
  }

  /** Whether there is or was a session here. */
  boolean hasSession() {
    return welcomed;
  }

  /** Whether there may be one: the peer does not see it if it does not read, or ends too soon. */
  boolean mayHaveSession() {
    return welcomed || (level1 && (everStuck || !channel.isOpen()));
  }

  /** Lines in this session that the peer sent where it may have been opened unseen. */
  private long unseen(String id) {
    boolean names =
        (hello != null && (hello.session() == null || id.equals(hello.session())))
            || (welcome != null && id.equals(welcome.session()));
    return names && !welcomed && mayHaveSession() ? sentLines : 0;
  }

  long sentLines() {
    return sentLines;
  }

  /** Those of them that command: the application sees no message. */
  long reservedLines() {
    return reservedLines;
  }

  long gotLines() {
    return gotLines;
  }

  /** The session on this connection, or the one that the node wants to resume here. */
  @Nullable String session() {
    return session == null && hello != null ? hello.session() : session;
  }

  /** All lines that it got in this session. */
  long got() {
    return gotBefore + gotLines;
  }

  void setStuck(boolean nowStuck) {
    stuck = nowStuck;
    everStuck |= stuck;
    channel.setStuck(nowStuck);
  }

  // ---- what the peer sends

  void send(byte[] bytes) {
    if (!channel.isOpen()) {
      return;
    }
    channel.arrive(bytes);
    for (byte b : bytes) {
      if (b == '\n') {
        sent(sending.toString(UTF_8), sending.size() + 1);
        sending.reset();
      } else {
        sending.write(b);
      }
    }
    broken |= level1 && sending.size() >= maxFrameBytes;
  }

  private void sent(String line, int bytes) {
    if (!firstLineSent) {
      firstLineSent = true;
      level1 = dialed ? line.startsWith("GREETING:") : line.startsWith("HELLO:");
    }
    broken |= level1 && bytes > maxFrameBytes;
    if (line.startsWith(CHAT)) {
      sentLines++;
      reservedLines += ChatLine.parse(line) instanceof ChatLine it && it.reserved() != null ? 1 : 0;
      count();
    }
    Message message = ControlLineParser.parse(line.stripTrailing());
    broken |= level1 && breaks(message);
    if (message instanceof Ping ping) {
      pings.add(ping.token());
    } else if (message instanceof Hello its && !dialed) {
      allow(its.from());
      if (hello == null) {
        hello = its;
      }
    } else if (message instanceof Welcome its && dialed && welcome == null) {
      allow(its.from());
      welcome = its;
      beginIfBothAgree();
    }
  }

  /** Whether a line breaks the protocol, whatever the node has done. */
  private boolean breaks(Message message) {
    return message instanceof MalformedLine
        || (message instanceof Hello && (dialed || hello != null))
        || (message instanceof Welcome && (!dialed || welcome != null))
        || (message instanceof Greeting && !dialed)
        || (message instanceof Ack ack && ack.count() > counts.sends.getAsLong());
  }

  /** A peer may send its {@code WELCOME} before it has seen the {@code HELLO}. */
  private void beginIfBothAgree() {
    if (hello != null && welcome != null) {
      boolean resumed = welcome.session().equals(hello.session());
      begin(welcome.session(), resumed ? hello.received() : 0, resumed ? welcome.received() : 0);
    }
  }

  private void allow(NodeInfo from) {
    limit = Math.max(limit, from.limit());
  }

  private void begin(String id, long itSays, long peerSays) {
    welcomed = true;
    session = id;
    sentBefore = itSays;
    gotBefore = peerSays;
    count();
  }

  private void count() {
    if (session != null) {
      counts.sent.merge(session, sentBefore + sentLines, Math::max);
      counts.got.put(session, got());
    }
  }

  // ---- what the node writes

  /** Takes what the node has written, and looks whether it may. */
  void look(long now) {
    for (byte b : channel.takeWritten()) {
      receiving.write(b);
      if (b == '\n') {
        String line = receiving.toString(UTF_8);
        got(line.substring(0, line.length() - 1), receiving.size(), now);
        receiving.reset();
      }
    }
    if (receiving.size() > 0) {
      must(dialed && hello == null, "only a line of level 0 has no end");
      must(receiving.toString(UTF_8).startsWith(NODE_HEADER), "a chat line has the node's header");
    }
    must(channel.unsent() < MOST_UNSENT, "what waits for a peer that does not read is bounded");
    if (broken && (welcomed || !dialed) && !channel.isReadable() && !stuck) {
      must(channel.isOutputShutdown(), "a breach of the protocol closes the connection");
    }
    if (byeAt != Long.MAX_VALUE && now - byeAt > CLOSING_NANOS) {
      must(!channel.isOpen(), "BYE closes the connection");
    }
  }

  private void got(String line, int bytes, long now) {
    must(byeAt == Long.MAX_VALUE, "nothing follows BYE");
    if (line.startsWith(CHAT)) {
      must(welcomed, "WELCOME comes before a chat line");
      must(line.startsWith(NODE_HEADER), "a chat line has the node's header");
      must(bytes <= limit, "no line is over the peer's limit");
      gotLines++;
      count();
    } else if (ControlLineParser.parse(line) instanceof ControlLine control) {
      must(control.format().equals(line), "a control line is as the protocol has it");
      got(control, now);
    } else {
      throw new AssertionError("not a line of the protocol: " + line);
    }
  }

  private void got(ControlLine line, long now) {
    if (line instanceof Bye) {
      byeAt = now;
    } else if (line instanceof Greeting) {
      boolean silent = !firstLineSent && sending.size() == 0;
      must(!greeted && !dialed && (silent || everStuck), "silence is greeted once");
      greeted = true;
    } else if (line instanceof Hello its) {
      must(dialed && hello == null, "HELLO is sent once");
      hello = its;
      checkReceived(its.session(), its.received());
      beginIfBothAgree();
    } else if (line instanceof Welcome its) {
      must(!dialed && hello != null && !welcomed, "HELLO is answered by one WELCOME");
      welcomed(its);
    } else {
      must(welcomed, "WELCOME comes before an ACK, a PING and a PONG");
      if (line instanceof Ack ack) {
        must(ack.count() >= lastAck, "ACKs do not fall");
        must(ack.count() <= sentBefore + sentLines, "an ACK is of lines that were sent");
        lastAck = ack.count();
        counts.acked.merge(String.valueOf(session), lastAck, Math::max);
      } else if (line instanceof Pong pong) {
        must(pings.contains(pong.token()), "a PONG answers a PING");
      }
    }
  }

  private void welcomed(Welcome its) {
    checkReceived(its.session(), its.received());
    String named = hello == null ? null : hello.session();
    boolean resumed = its.session().equals(named);
    if (its.ended() != Welcome.NONE) {
      must(!resumed, "a session that has ended is not resumed");
      checkReceived(named, its.ended());
    }
    must(resumed || !counts.sent.containsKey(its.session()), "a new session has a new name");
    begin(its.session(), its.received(), resumed && hello != null ? hello.received() : 0);
  }

  private void checkReceived(@Nullable String id, long count) {
    long most = 0;
    if (id != null) {
      most = counts.sent.getOrDefault(id, 0L);
      for (PeerView view : counts.views) {
        most += view.unseen(id);
      }
    }
    must(count >= 0 && count <= most, "RECEIVED and ENDED are of lines that were sent");
  }

  static void must(boolean holds, String law) {
    if (!holds) {
      throw new AssertionError("must hold: " + law);
    }
  }
}
