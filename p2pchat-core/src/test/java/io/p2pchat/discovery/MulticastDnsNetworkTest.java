package io.p2pchat.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.testing.netns.HostProcess;
import io.p2pchat.testing.netns.HostProcess.Line;
import io.p2pchat.testing.netns.NamespaceLan;
import io.p2pchat.testing.netns.NamespaceLan.Host;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** Hosts that find each other by multicast DNS, on a network of their own. Needs root. */
class MulticastDnsNetworkTest {
  private static final String ALICE = "a".repeat(26);
  private static final String BOB = "b".repeat(26);
  private static final String CAROL = "c".repeat(26);
  private static final int ATTEMPTS = 3;

  private static HostProcess start(Host host, String node, String team, int port) {
    return host.startJava(DiscoveryProgram.class, node, team, Integer.toString(port));
  }

  private static boolean within(long seconds, Line from, Line to) {
    return to.nanos() - from.nanos() <= TimeUnit.SECONDS.toNanos(seconds);
  }

  /** On a machine that is busy, one attempt of three has to be in time. */
  private static void assertOnce(String what, BooleanSupplier attempt) {
    for (int i = 0; i < ATTEMPTS; i++) {
      if (attempt.getAsBoolean()) {
        return;
      }
    }
    throw new AssertionError(what);
  }

  private static void dropWhatHasCrossedARouter(Host host) {
    host.run(
        "nft",
        """
        table inet hops {
          chain input {
            type filter hook input priority 0
            udp dport 5353 ip ttl != 255 drop
            udp dport 5353 ip6 hoplimit != 255 drop
          }
        }
        """);
  }

  @Test
  void threeNodesFindEachOtherWithinThreeSecondsAndLoseOneWithinTwo() {
    assertOnce(
        "within three and two seconds",
        () -> {
          try (NamespaceLan lan = new NamespaceLan()) {
            Host[] hosts = new Host[3];
            for (int i = 0; i < 3; i++) {
              hosts[i] = lan.host(i + 1, true, "10.92.0." + (i + 1) + "/24");
              if (NamespaceLan.isInstalled("nft")) {
                dropWhatHasCrossedARouter(hosts[i]);
              }
            }
            HostProcess alice = start(hosts[0], ALICE, "Alice", 7001);
            HostProcess bob = start(hosts[1], BOB, "Bob", 7002);
            HostProcess carol = start(hosts[2], CAROL, "Carol", 7003);
            List<Line> found = new ArrayList<>();
            found.add(alice.await("found Bob " + BOB, "10.92.0.2:7002"));
            found.add(alice.await("found Carol " + CAROL, "10.92.0.3:7003"));
            found.add(bob.await("found Alice " + ALICE, "10.92.0.1:7001"));
            found.add(bob.await("found Carol"));
            found.add(carol.await("found Alice"));
            found.add(carol.await("found Bob"));
            Line last = last(alice.await("started"), bob.await("started"), carol.await("started"));
            bob.endInput();
            Line closed = bob.await("closed");
            boolean fromAlice = within(2, closed, alice.await("lost " + BOB));
            boolean fromCarol = within(2, closed, carol.await("lost " + BOB));
            return fromAlice && fromCarol && found.stream().allMatch(line -> within(3, last, line));
          }
        });
  }

  private static Line last(Line... lines) {
    Line last = lines[0];
    for (Line line : lines) {
      last = line.nanos() > last.nanos() ? line : last;
    }
    return last;
  }

  @Test
  void theyFindEachOtherByIpv4Alone() {
    try (NamespaceLan lan = new NamespaceLan()) {
      HostProcess alice = start(lan.host(1, false, "10.92.0.1/24"), ALICE, "Alice", 7001);
      HostProcess bob = start(lan.host(2, false, "10.92.0.2/24"), BOB, "Bob", 7002);
      alice.await("found Bob", "[10.92.0.2:7002]");
      bob.await("found Alice", "[10.92.0.1:7001]");
    }
  }

  @Test
  void theyFindEachOtherByIpv6Alone() {
    try (NamespaceLan lan = new NamespaceLan()) {
      HostProcess alice = start(lan.host(1, true, "2001:db8::1/64"), ALICE, "Alice", 7001);
      HostProcess bob = start(lan.host(2, true), BOB, "Bob", 7002);
      // A link-local address is dialed on the interface where it was heard.
      alice.await("found Bob", "[fe80:", "%eth0]:7002");
      bob.await("found Alice", "[2001:db8::1]:7001", "%eth0]:7001");
    }
  }

  @Test
  void aNodeWithADeadVpnIsFoundOnItsOtherInterface() {
    try (NamespaceLan lan = new NamespaceLan()) {
      Host host = lan.host(1, true, "10.92.0.1/24");
      host.addDeadInterface("vpn0", "10.200.0.1/24");
      host.ip("route add default dev vpn0");
      host.ip("route add 224.0.0.0/4 dev vpn0");
      HostProcess alice = start(host, ALICE, "Alice", 7001);
      HostProcess bob = start(lan.host(2, true, "10.92.0.2/24"), BOB, "Bob", 7002);
      alice.await("found Bob", "10.92.0.2:7002");
      assertThat(bob.await("found Alice", "10.92.0.1:7001").text()).doesNotContain("10.200.0.1");
    }
  }

  @Test
  void anInterfaceThatGoesDownAndUpIsUsedAgainAndSoIsANewAddress() {
    try (NamespaceLan lan = new NamespaceLan()) {
      HostProcess alice = start(lan.host(1, true, "10.92.0.1/24"), ALICE, "Alice", 7001);
      Host host = lan.host(2, true, "10.92.0.2/24");
      HostProcess bob = start(host, BOB, "Bob", 7002);
      alice.await("found Bob");
      bob.await("found Alice");

      host.ip("link set eth0 down");
      bob.await("lost " + ALICE);
      int before = bob.size();
      host.ip("link set eth0 up");
      bob.await(before, "found Alice", "10.92.0.1:7001");

      int known = alice.size();
      host.ip("addr del 10.92.0.2/24 dev eth0");
      host.ip("addr add 10.92.0.22/24 dev eth0");
      alice.await(known, "found Bob", "10.92.0.22:7002");
      assertThat(alice.texts()).noneMatch(line -> line.startsWith("lost"));
    }
  }

  @Test
  void aNodeThatOnlyLooksFindsOthersAndIsNotFound() {
    try (NamespaceLan lan = new NamespaceLan()) {
      HostProcess alice = start(lan.host(1, true, "10.92.0.1/24"), ALICE, "Alice", 7001);
      HostProcess bob = start(lan.host(2, true, "10.92.0.2/24"), BOB, "Bob", 7002);
      HostProcess silent = start(lan.host(3, true, "10.92.0.3/24"), CAROL, "Carol", 0);
      silent.await("found Alice");
      silent.await("found Bob");
      alice.await("found Bob");
      bob.await("found Alice");
      silent.endInput();
      silent.await("closed");
      assertThat(alice.texts()).noneMatch(line -> line.contains("Carol"));
    }
  }
}
