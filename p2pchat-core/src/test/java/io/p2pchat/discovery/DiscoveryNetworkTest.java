package io.p2pchat.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.p2pchat.testing.netns.HostProcess;
import io.p2pchat.testing.netns.HostProcess.Line;
import io.p2pchat.testing.netns.NamespaceLan;
import io.p2pchat.testing.netns.NamespaceLan.Host;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Nodes that find each other on a network of their own, each in a process on a host of its own.
 * Needs root. How fast they are is logged. {@link MdnsTimingTest} tests it, in virtual time.
 */
class DiscoveryNetworkTest {
  private static final Logger LOG = LoggerFactory.getLogger(DiscoveryNetworkTest.class);

  /** Drops what has crossed a router. A real network could do that too. */
  private static final String ONLY_THIS_NETWORK =
      """
      table inet hops {
        chain input {
          type filter hook input priority 0
          udp dport 5353 ip ttl != 255 drop
          udp dport 5353 ip6 hoplimit != 255 drop
        }
      }
      """;

  private static final String NO_MULTICAST =
      """
      table inet nomulticast {
        chain input {
          type filter hook input priority 0
          ip daddr 224.0.0.0/4 drop
          udp dport 5353 drop
        }
      }
      """;

  private static HostProcess start(Host host, String team, String... sources) {
    String[] arguments = new String[1 + sources.length];
    arguments[0] = team;
    System.arraycopy(sources, 0, arguments, 1, sources.length);
    return host.startJava(NodeProgram.class, arguments);
  }

  private static HostProcess startMdns(Host host, String team) {
    return start(host, team, "mdns");
  }

  private static void assertWrites(HostProcess from, String sender, HostProcess to, String team) {
    String text = "from " + sender;
    from.say(team + " " + text);
    to.await("received " + sender + ": " + text);
    from.await("delivered " + text + ": ACKNOWLEDGED");
  }

  private static void report(String what, Line from, Line to) {
    long millis = TimeUnit.NANOSECONDS.toMillis(to.nanos() - from.nanos());
    LOG.info("{} after {} ms", what, millis);
  }

  private static Line last(Line... lines) {
    return Arrays.stream(lines).max((a, b) -> Long.compare(a.nanos() - b.nanos(), 0)).orElseThrow();
  }

  @Test
  void threeNodesListEachOtherAndLoseOneThatLeaves() {
    try (NamespaceLan lan = new NamespaceLan()) {
      Host[] hosts = new Host[3];
      for (int i = 0; i < 3; i++) {
        hosts[i] = lan.host(i + 1, true, "10.92.0." + (i + 1) + "/24");
        if (NamespaceLan.isInstalled("nft")) {
          hosts[i].run("nft", ONLY_THIS_NETWORK);
        }
      }
      HostProcess alice = start(hosts[0], "Alice", "mdns", "exchange");
      HostProcess bob = start(hosts[1], "Bob", "mdns", "exchange");
      HostProcess carol = start(hosts[2], "Carol", "mdns", "exchange");
      Line found =
          last(
              alice.await("found Bob", "10.92.0.2:7001", "mdns"),
              alice.await("found Carol", "10.92.0.3:7001"),
              bob.await("found Alice", "10.92.0.1:7001"),
              bob.await("found Carol"),
              carol.await("found Alice"),
              carol.await("found Bob"));
      Line started = last(alice.await("started"), bob.await("started"), carol.await("started"));
      report("All three list each other", started, found);
      assertWrites(alice, "Alice", bob, "Bob");
      assertWrites(carol, "Carol", alice, "Alice");
      // By exchange alone it would stay for an hour.
      carol.await("found Bob", "[mdns, exchange]");

      bob.endInput();
      // It would stay for 118 s, which is longer than the test waits, if it had not said goodbye.
      Line lost = last(alice.await("lost Bob"), carol.await("lost Bob"));
      report("The two others have lost one", bob.await("closed"), lost);
      assertThat(alice.texts()).noneMatch(line -> line.startsWith("lost Carol"));
    }
  }

  @Test
  void byIpv4AloneTheyFindAndWriteToEachOtherAndOneThatOnlyLooksIsNotFound() {
    try (NamespaceLan lan = new NamespaceLan()) {
      HostProcess alice = startMdns(lan.host(1, false, "10.92.0.1/24"), "Alice");
      HostProcess bob = startMdns(lan.host(2, false, "10.92.0.2/24"), "Bob");
      HostProcess silent = start(lan.host(3, false, "10.92.0.3/24"), "Carol", "brief", "mdns");
      silent.await("found Alice");
      silent.await("found Bob");
      alice.await("found Bob", "[10.92.0.2:7001]");
      bob.await("found Alice", "[10.92.0.1:7001]");
      assertWrites(alice, "Alice", bob, "Bob");
      assertWrites(silent, "Carol", alice, "Alice");
      silent.endInput();
      silent.await("closed");
      assertThat(alice.texts()).noneMatch(line -> line.startsWith("found Carol"));
    }
  }

  @Test
  void byIpv6AloneTheyFindAndWriteToEachOther() {
    try (NamespaceLan lan = new NamespaceLan()) {
      HostProcess alice = startMdns(lan.host(1, true, "2001:db8::1/64"), "Alice");
      HostProcess bob = startMdns(lan.host(2, true), "Bob");
      // A link-local address is dialed on the interface where it was heard.
      alice.await("found Bob", "[[fe80:", "%eth0]:7001]");
      bob.await("found Alice", "[2001:db8::1]:7001", "%eth0]:7001");
      assertWrites(alice, "Alice", bob, "Bob");
    }
  }

  @Test
  void aNodeWithADeadVpnIsFoundOnItsOtherInterface() {
    try (NamespaceLan lan = new NamespaceLan()) {
      Host host = lan.host(1, true, "10.92.0.1/24");
      host.addDeadInterface("vpn0", "10.200.0.1/24");
      host.ip("route add default dev vpn0");
      host.ip("route add 224.0.0.0/4 dev vpn0");
      HostProcess alice = startMdns(host, "Alice");
      HostProcess bob = startMdns(lan.host(2, true, "10.92.0.2/24"), "Bob");
      alice.await("found Bob", "10.92.0.2:7001");
      assertThat(bob.await("found Alice", "10.92.0.1:7001").text()).doesNotContain("10.200.0.1");
      assertWrites(alice, "Alice", bob, "Bob");
    }
  }

  @Test
  void anInterfaceThatGoesDownAndUpIsUsedAgainAndSoIsANewAddress() {
    try (NamespaceLan lan = new NamespaceLan()) {
      HostProcess alice = startMdns(lan.host(1, true, "10.92.0.1/24"), "Alice");
      Host host = lan.host(2, true, "10.92.0.2/24");
      HostProcess bob = startMdns(host, "Bob");
      alice.await("found Bob");
      bob.await("found Alice");

      host.ip("link set eth0 down");
      bob.await("lost Alice");
      int before = bob.size();
      host.ip("link set eth0 up");
      bob.await(before, "found Alice", "10.92.0.1:7001");
      assertWrites(bob, "Bob", alice, "Alice");

      int known = alice.size();
      host.ip("addr del 10.92.0.2/24 dev eth0");
      host.ip("addr add 10.92.0.22/24 dev eth0");
      alice.await(known, "found Bob", "10.92.0.22:7001");
      assertWrites(alice, "Alice", bob, "Bob");
      assertThat(alice.texts()).noneMatch(line -> line.startsWith("lost"));
    }
  }

  @Test
  void withoutMulticastTheyFindEachOtherThroughTheAddressOfOne() {
    try (NamespaceLan lan = new NamespaceLan()) {
      assumeTrue(NamespaceLan.isInstalled("nft"), "NOT TESTED: there is no nft on the PATH");
      Host[] hosts = new Host[3];
      for (int i = 0; i < 3; i++) {
        hosts[i] = lan.host(i + 1, true, "10.92.0." + (i + 1) + "/24");
        hosts[i].run("nft", NO_MULTICAST);
      }
      HostProcess alice = start(hosts[0], "Alice", "mdns", "exchange");
      HostProcess bob = start(hosts[1], "Bob", "mdns", "exchange", "10.92.0.1:7001");
      HostProcess carol = start(hosts[2], "Carol", "mdns", "exchange", "10.92.0.1:7001");
      Line found =
          last(
              alice.await("found Bob", "10.92.0.2:7001", "exchange"),
              alice.await("found Carol", "10.92.0.3:7001", "exchange"),
              bob.await("found Alice", "10.92.0.1:7001", "static"),
              bob.await("found Carol", "10.92.0.3:7001", "exchange"),
              carol.await("found Alice", "10.92.0.1:7001", "static"),
              carol.await("found Bob", "10.92.0.2:7001", "exchange"));
      Line started = last(alice.await("started"), bob.await("started"), carol.await("started"));
      report("All three list each other through one", started, found);
      assertWrites(bob, "Bob", carol, "Carol");
      assertWrites(alice, "Alice", bob, "Bob");
      for (HostProcess each : List.of(alice, bob, carol)) {
        assertThat(each.texts()).noneMatch(line -> line.contains("mdns"));
      }
    }
  }
}
