package io.p2pchat.bench;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.p2pchat.DiscoveredPeer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerEvent.PeerDiscovered;
import io.p2pchat.PeerNode;
import io.p2pchat.discovery.StaticDiscovery;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** The end of a contender that looks for peers in a {@link BenchCrowd}. */
abstract class Seeker implements BenchRole {
  /**
   * Finds the peers that listen apart on these ports; answers the nanoseconds until all are found.
   */
  static final String FIND = "find";

  private static final int PATIENCE_SECONDS = 60;

  @Override
  public final long[] answer(String command, long[] args) throws Exception {
    if (!command.equals(FIND)) {
      throw BenchRole.unknown(command);
    }
    CountDownLatch missing = new CountDownLatch(args.length);
    long start = System.nanoTime();
    try (AutoCloseable search = find(args, missing)) {
      if (!missing.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException(missing.getCount() + " were not found by " + search);
      }
      return new long[] {System.nanoTime() - start};
    }
  }

  /** Begins to look, and counts each peer once. */
  abstract AutoCloseable find(long[] ports, CountDownLatch missing) throws Exception;

  /** Bare Netty: each connection is found when its first line has come. */
  static final class OfBare extends Seeker {
    private final Bare bare = new Bare();

    @Override
    AutoCloseable find(long[] ports, CountDownLatch missing) {
      List<Channel> channels = new ArrayList<>();
      for (int i = 0; i < ports.length; i++) {
        channels.add(
            bare.dial(BenchCrowd.host(i), (int) ports[i], new FirstLine(missing)).channel());
      }
      return () -> {
        for (Channel channel : channels) {
          channel.close().sync();
        }
      };
    }
  }

  private static final class FirstLine extends SimpleChannelInboundHandler<String> {
    private final CountDownLatch missing;

    FirstLine(CountDownLatch missing) {
      this.missing = missing;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, String line) {
      missing.countDown();
    }
  }

  /** A node: each peer is found when its name is known. */
  static final class OfChat extends Seeker {
    @Override
    AutoCloseable find(long[] ports, CountDownLatch missing) {
      List<PeerAddress> list =
          IntStream.range(0, ports.length)
              .mapToObj(i -> new PeerAddress(BenchCrowd.host(i), (int) ports[i]))
              .toList();
      Set<PeerAddress> named = ConcurrentHashMap.newKeySet();
      PeerNode node =
          ChatNodes.node("Seeker")
              .discovery(StaticDiscovery.of(list))
              .on(PeerDiscovered.class, (self, event) -> found(event, named, missing))
              .start();
      return node;
    }

    /** An address of the list is announced at once, and again when the peer there has a name. */
    private static void found(
        PeerDiscovered event, Set<PeerAddress> named, CountDownLatch missing) {
      DiscoveredPeer peer = event.discovered();
      if (peer.teamName().isPresent() && named.add(peer.addresses().get(0))) {
        missing.countDown();
      }
    }
  }
}
