package io.p2pchat.internal.net.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TlsHandshakeLimiterTest {
  private static final int MOST = 6;
  private static final int MOST_OF_ONE_HOST = 4;
  private static final int MOST_WAITING = 5;
  private static final int MOST_WAITING_OF_ONE_HOST = 3;

  private final Queue<Runnable> thread = new ArrayDeque<>();
  private final TlsHandshakeLimiter handshakes =
      new TlsHandshakeLimiter(
          thread::add,
          new TlsHandshakeLimiter.Limits(
              MOST, MOST_OF_ONE_HOST, MOST_WAITING, MOST_WAITING_OF_ONE_HOST));
  private final List<EmbeddedChannel> channels = new ArrayList<>();
  private final Set<Channel> begun = new HashSet<>();
  private final List<String> computed = new ArrayList<>();

  @AfterEach
  void close() {
    channels.forEach(EmbeddedChannel::finishAndReleaseAll);
  }

  private EmbeddedChannel channel() {
    EmbeddedChannel channel = new EmbeddedChannel();
    channels.add(channel);
    return channel;
  }

  private static InetAddress ip(String text) {
    return NetUtil.createInetAddressFromIpAddressString(text);
  }

  private boolean begins(String ip) {
    EmbeddedChannel channel = channel();
    assertThat(awaits(channel, ip)).isTrue();
    passes(1);
    return begun.contains(channel);
  }

  private boolean awaits(Channel channel, String ip) {
    return handshakes.await(channel, ip(ip), () -> begun.add(channel), channel::close);
  }

  private void passes(int count) {
    for (int i = 0; i < count; i++) {
      List.copyOf(channels).forEach(EmbeddedChannel::runScheduledPendingTasks);
    }
  }

  /** Which connections have begun their handshake, by number. */
  private List<Integer> begun() {
    return IntStream.range(0, channels.size())
        .filter(i -> begun.contains(channels.get(i)))
        .boxed()
        .toList();
  }

  /** Which connections are closed, by number. */
  private List<Integer> closed() {
    return IntStream.range(0, channels.size())
        .filter(i -> !channels.get(i).isOpen())
        .boxed()
        .toList();
  }

  private void compute(Channel channel, String ip, boolean dialed, String what) {
    handshakes.work(channel, ip(ip), dialed).execute(() -> computed.add(what));
  }

  private void runThread() {
    for (Runnable next = thread.poll(); next != null; next = thread.poll()) {
      next.run();
    }
  }

  @Test
  void oneHostHasAFewAtATimeAndTheOthersWait() {
    for (int i = 0; i < MOST_OF_ONE_HOST; i++) {
      assertThat(begins("10.0.0.1")).isTrue();
    }
    assertThat(begins("10.0.0.1")).isFalse();
    assertThat(begins("10.0.0.2")).isTrue();
    assertThat(begins("10.0.0.1")).isFalse();
    handshakes.end(channels.get(0), ip("10.0.0.1"));
    handshakes.end(channels.get(0), ip("10.0.0.1"));
    passes(1);
    assertThat(begun()).containsExactly(0, 1, 2, 3, 4, 5);
    channels.get(1).close();
    passes(1);
    assertThat(begun()).containsExactly(0, 1, 2, 3, 4, 5, 6);
  }

  @Test
  void atTheBoundOnThoseThatWaitTheNewestIsRefused() {
    for (int i = 0; i < MOST_OF_ONE_HOST; i++) {
      assertThat(begins("10.0.0.1")).isTrue();
    }
    for (int i = 0; i < MOST_WAITING_OF_ONE_HOST; i++) {
      assertThat(awaits(channel(), "10.0.0.1")).isTrue();
    }
    assertThat(awaits(channel(), "10.0.0.1")).isFalse();
    assertThat(awaits(channel(), "10.0.0.2")).isTrue();
    assertThat(awaits(channel(), "10.0.0.2")).isTrue();
    assertThat(awaits(channel(), "10.0.0.2")).isFalse();
    assertThat(closed()).isEmpty();
    passes(1);
    channels.get(MOST_OF_ONE_HOST).close();
    assertThat(awaits(channel(), "10.0.0.1")).isTrue();
    assertThat(awaits(channel(), "10.0.0.1")).isFalse();
  }

  @Test
  void atTheBoundOnThoseThatWaitTheNewestOfTheHostWithMostGivesWay() {
    for (int i = 0; i < MOST_OF_ONE_HOST; i++) {
      assertThat(begins("10.0.0.1")).isTrue();
    }
    for (int i = 0; i < MOST_WAITING_OF_ONE_HOST; i++) {
      assertThat(awaits(channel(), "10.0.0.1")).isTrue();
    }
    assertThat(awaits(channel(), "10.0.0.2")).isTrue();
    assertThat(awaits(channel(), "10.0.0.3")).isTrue();
    assertThat(awaits(channel(), "10.0.0.4")).isTrue();
    assertThat(closed()).containsExactly(6);
    // Nobody would have more than those who ask.
    assertThat(awaits(channel(), "10.0.0.4")).isFalse();
    assertThat(awaits(channel(), "10.0.0.1")).isFalse();
    assertThat(awaits(channel(), "10.0.0.5")).isTrue();
    assertThat(awaits(channel(), "10.0.0.6")).isFalse();
    assertThat(closed()).containsExactly(5, 6);
    passes(4);
    assertThat(begun()).containsExactly(0, 1, 2, 3, 7, 8, 9, 12);
  }

  @Test
  void addressesOfOneIpv6NetworkAreOneHost() {
    for (int i = 0; i < MOST_OF_ONE_HOST; i++) {
      assertThat(begins("2001:db8::" + i)).isTrue();
    }
    assertThat(begins("2001:db8::ffff:0:0:1")).isFalse();
    assertThat(begins("2001:db8:0:1::1")).isTrue();
  }

  @Test
  void whereAllAreTakenOneOfTheHostWithMostGivesWay() {
    for (String ip : List.of("10.0.0.1", "10.0.0.1", "10.0.0.1", "10.0.0.1")) {
      assertThat(begins(ip)).isTrue();
    }
    assertThat(begins("10.0.0.2")).isTrue();
    assertThat(begins("10.0.0.3")).isTrue();
    assertThat(begins("10.0.0.4")).isTrue();
    assertThat(channels.stream().map(Channel::isOpen))
        .containsExactly(false, true, true, true, true, true, true);
    assertThat(begins("10.0.0.2")).isTrue();
    assertThat(channels.get(1).isOpen()).isFalse();
    // Now nobody would have more than those who ask.
    assertThat(begins("10.0.0.3")).isFalse();
    assertThat(begins("10.0.0.1")).isFalse();
    assertThat(begins("10.0.0.2")).isFalse();
    channels.get(2).close();
    passes(1);
    assertThat(begun()).contains(8).doesNotContain(9, 10);
  }

  @Test
  void hostsTakeTurnsToBegin() {
    List<Integer> order = new ArrayList<>();
    for (String ip : List.of("10.0.0.1", "10.0.0.1", "10.0.0.1", "10.0.0.2", "10.0.0.3")) {
      Channel channel = channel();
      handshakes.await(channel, ip(ip), () -> order.add(channels.indexOf(channel)), channel::close);
    }
    passes(5);
    assertThat(order).containsExactly(0, 3, 4, 1, 2);
  }

  @Test
  void hostsHaveTurnsAndSoHasWhatThisNodeDials() {
    for (int i = 0; i < 3; i++) {
      compute(channel(), "10.0.0.1", false, "accepted " + i);
    }
    compute(channel(), "10.0.0.2", false, "another");
    compute(channel(), "10.0.0.1", true, "dialed");
    runThread();
    assertThat(computed)
        .containsExactly("accepted 0", "another", "dialed", "accepted 1", "accepted 2");
  }

  @Test
  void workIsUnderWayUntilItsTaskHasEndedAndTheNextOne() {
    TlsHandshakeLimiter.Work work = handshakes.work(channel(), ip("10.0.0.1"), false);
    Runnable next = () -> computed.add("next " + work.isUnderWay());
    work.execute(
        () -> {
          computed.add("first " + work.isUnderWay());
          work.execute(next);
        });
    assertThat(work.isUnderWay()).isTrue();
    runThread();
    assertThat(computed).containsExactly("first true", "next true");
    assertThat(work.isUnderWay()).isFalse();
  }

  @Test
  void nothingIsComputedForAConnectionThatIsClosed() {
    for (int i = 0; i < 1000; i++) {
      EmbeddedChannel channel = channel();
      compute(channel, "10.0.0.1", false, "never");
      channel.close();
    }
    compute(channel(), "10.0.0.1", false, "open");
    assertThat(thread).hasSize(1);
    runThread();
    assertThat(computed).containsExactly("open");
  }
}
