package io.p2pchat.internal.net.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TlsHandshakeLimiterTest {
  private static final int MOST = 6;
  private static final int MOST_OF_ONE_HOST = 4;

  private final Queue<Runnable> thread = new ArrayDeque<>();
  private final TlsHandshakeLimiter handshakes =
      new TlsHandshakeLimiter(thread::add, MOST, MOST_OF_ONE_HOST);
  private final List<EmbeddedChannel> channels = new ArrayList<>();
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
    return handshakes.begin(channel(), ip(ip));
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
  void oneHostHasAFewAtATime() {
    for (int i = 0; i < MOST_OF_ONE_HOST; i++) {
      assertThat(begins("10.0.0.1")).isTrue();
    }
    assertThat(begins("10.0.0.1")).isFalse();
    assertThat(begins("10.0.0.2")).isTrue();
    handshakes.end(channels.get(0), ip("10.0.0.1"));
    handshakes.end(channels.get(0), ip("10.0.0.1"));
    channels.get(1).close();
    assertThat(begins("10.0.0.1")).isTrue();
    assertThat(begins("10.0.0.1")).isTrue();
    assertThat(begins("10.0.0.1")).isFalse();
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
    // Now nobody has more than those who ask.
    assertThat(begins("10.0.0.1")).isFalse();
    assertThat(begins("10.0.0.2")).isFalse();
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
