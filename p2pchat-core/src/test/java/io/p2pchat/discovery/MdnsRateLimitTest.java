package io.p2pchat.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How often a host may do something. */
class MdnsRateLimitTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final MdnsRateLimit limit = new MdnsRateLimit(10, 5, 3, 0);

  private int taken(String host, long now) {
    InetAddress ip = FakeLan.ip(host);
    int count = 0;
    while (limit.take(ip, now)) {
      count++;
    }
    return count;
  }

  @Test
  void aHostHasAStoreThatFillsUpAgain() {
    assertThat(taken("192.0.2.1", 0)).isEqualTo(10);
    assertThat(taken("192.0.2.1", SECOND)).isEqualTo(5);
    assertThat(taken("192.0.2.1", 100 * SECOND)).isEqualTo(10);
  }

  @Test
  void oneHostDoesNotTakeWhatIsForAnother() {
    assertThat(taken("192.0.2.1", 0)).isEqualTo(10);
    assertThat(taken("192.0.2.2", 0)).isEqualTo(10);
  }

  @Test
  void allTogetherHaveABoundToo() {
    int all = 0;
    for (int i = 1; i <= 200; i++) {
      all += taken("192.0.2." + i, 0);
    }
    assertThat(all).isEqualTo(30);
  }
}
