package io.p2pchat.bench;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Many peers in one process, to be connected with and broadcast to: each a port on the one event
 * loop of a bare Netty. As many nodes would have a thread or two each, and the switching between
 * them would be measured. For p2pchat they hold sessions, see {@link CrowdMember}.
 */
final class BenchCrowd implements BenchRole {
  /**
   * So many more peers, 1 if they hold sessions, on one address; answers a port that tells when all
   * have got a text, and then theirs.
   */
  static final String LISTEN = "listen";

  /** So many peers with sessions, each on an address of its own; answers their ports. */
  static final String LISTEN_APART = "listen-apart";

  /** Begins a burst of texts of a size. */
  static final String EXPECT = "expect";

  private final Bare bare = new Bare();
  private Texts texts = Texts.of(16);
  private String text = "";
  private final List<CrowdMember> have = new ArrayList<>();
  private int size;
  private @Nullable Channel teller;

  @Override
  public synchronized long[] answer(String command, long[] args) throws InterruptedException {
    switch (command) {
      case LISTEN -> {
        return listen((int) args[0], args[1] == 1);
      }
      case LISTEN_APART -> {
        return listenApart((int) args[0]);
      }
      case EXPECT -> {
        texts = Texts.of((int) args[0]);
        text = texts.next();
        have.clear();
        return new long[0];
      }
      default -> throw BenchRole.unknown(command);
    }
  }

  /** A member has got this. Each has to get each text once, and all one before any the next. */
  synchronized void got(CrowdMember member, String itsText) {
    if (!itsText.equals(text)) {
      throw new IllegalStateException(itsText + " came and not " + text);
    }
    have.add(member);
    if (have.size() == size && teller != null) {
      text = texts.next();
      teller.writeAndFlush(Unpooled.copyLong(System.nanoTime()));
      have.forEach(CrowdMember::acknowledge);
      have.clear();
    }
  }

  private long[] listen(int members, boolean sessions) throws InterruptedException {
    long[] ports = new long[1 + members];
    ports[0] = Bare.port(bare.listen(Teller::new));
    for (int i = 1; i <= members; i++) {
      size++;
      CrowdMember.Identity identity = new CrowdMember.Identity(size, sessions);
      ports[i] = Bare.port(bare.listen(() -> new CrowdMember(this, identity)));
    }
    return ports;
  }

  private long[] listenApart(int members) throws InterruptedException {
    long[] ports = new long[members];
    for (int i = 0; i < members; i++) {
      CrowdMember.Identity identity = new CrowdMember.Identity(i, true);
      ports[i] = Bare.port(bare.listen(host(i), () -> new CrowdMember(this, identity)));
    }
    return ports;
  }

  /** Returns the address of a peer that listens apart. */
  static String host(int index) {
    return "127.0.1." + (index + 1);
  }

  /** The connection to who broadcasts. */
  private final class Teller extends ChannelInboundHandlerAdapter {
    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      synchronized (BenchCrowd.this) {
        teller = ctx.channel();
      }
    }
  }
}
