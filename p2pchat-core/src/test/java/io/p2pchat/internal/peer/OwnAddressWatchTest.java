package io.p2pchat.internal.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.testing.netty.ManualLoop;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class OwnAddressWatchTest {
  private static final int SECOND = 1000;

  private final InetAddress wired = address(1);
  private final InetAddress wireless = address(2);
  private final ManualLoop loop = new ManualLoop();
  private final Set<InetAddress> lost = new HashSet<>();
  private final List<InetAddress> probes = new ArrayList<>();
  private final List<OneSession> sessions = new ArrayList<>();
  private final OwnAddressWatch watch =
      new OwnAddressWatch(
          new NodeExecutors(loop, Runnable::run),
          sessions,
          own -> {
            probes.add(own);
            return lost.contains(own);
          });

  private static InetAddress address(int host) {
    try {
      return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) host});
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A session at an address. It leaves the table when it leaves the address. */
  private final class OneSession implements OwnAddressWatch.Watched {
    private final InetAddress own;

    OneSession(InetAddress own) {
      this.own = own;
    }

    @Override
    public void leaveLostAddress(Predicate<InetAddress> isLost) {
      if (isLost.test(own)) {
        sessions.remove(this);
      }
    }
  }

  private void open(int count, InetAddress own) {
    for (int i = 0; i < count; i++) {
      sessions.add(new OneSession(own));
      watch.begin();
    }
  }

  @Test
  void eachAddressIsProbedOnceHoweverManySessionsUseIt() {
    open(500, wired);
    open(500, wireless);
    loop.pass(4 * SECOND);
    assertThat(probes).isEmpty();
    loop.pass(SECOND);
    assertThat(probes).containsExactly(wired, wireless);
    loop.pass(10 * SECOND);
    assertThat(probes).hasSize(6);
    assertThat(sessions).hasSize(1000);
  }

  @Test
  void sessionsLeaveALostAddressWithinFiveSeconds() {
    open(500, wired);
    open(500, wireless);
    loop.pass(12 * SECOND);
    lost.add(wired);
    loop.pass(5 * SECOND);
    assertThat(sessions).hasSize(500).allMatch(session -> session.own.equals(wireless));
  }

  @Test
  void nothingIsProbedWhileThereAreNoSessions() {
    open(1, wired);
    lost.add(wired);
    loop.pass(10 * SECOND);
    assertThat(probes).containsExactly(wired);
    assertThat(loop.isIdle()).isTrue();
    open(1, wireless);
    loop.pass(5 * SECOND);
    assertThat(probes).containsExactly(wired, wireless);
  }

  @Test
  void nothingIsProbedAfterTheEnd() {
    open(1, wired);
    watch.end();
    loop.pass(10 * SECOND);
    assertThat(probes).isEmpty();
    assertThat(loop.isIdle()).isTrue();
  }
}
