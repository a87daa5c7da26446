package io.p2pchat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.testing.netns.HostProcess;
import io.p2pchat.testing.netns.NamespaceLan;
import io.p2pchat.testing.netns.NamespaceLan.Host;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands on a network of their own, so that no packet leaves the machine. Needs root. */
class DiscoveryIT {
  private static final String NODE = "\"node\":\"[a-z2-7]{26}\",\"keyHint\":\"[0-9a-f]{16}\"";

  @TempDir private Path temp;
  private NamespaceLan lan;
  private Host one;
  private Host two;

  @BeforeEach
  void setUp() {
    lan = new NamespaceLan();
    one = lan.host(1, true, "10.93.0.1/24");
    two = lan.host(2, true, "10.93.0.2/24");
  }

  @AfterEach
  void tearDown() {
    if (lan != null) {
      lan.close();
    }
  }

  @Test
  void discoverListsThoseWhoAnnounceThemselvesAndAnnouncesNothing() {
    HostProcess bob = listen(two, "bob", "-t", "Bob", "-p", "7001", "--json");
    Map<String, String> history = Map.of("P2PCHAT_HISTORY", "true");
    HostProcess table =
        end(0, start(history, one, "ann", "discover", "-t", "Ann", "--timeout", "4"));
    assertThat(temp.resolve("ann/p2pchat/history")).doesNotExist();
    assertThat(table.texts().get(0)).matches("TEAM +ADDRESS +KNOWN AS +SOURCE");
    assertThat(table.texts().get(1)).matches("Bob +10\\.93\\.0\\.2:7001.* +- +mdns");
    HostProcess json = end(0, start(one, "ann", "discover", "--json", "--timeout", "4"));
    assertThat(json.texts()).hasSize(2);
    assertThat(json.texts().get(0))
        .matches(
            "\\{\"type\":\"peer-discovered\",\"time\":\"[^\"]*\",\"team\":\"Bob\","
                + "\"addresses\":\\[\\{\"host\":\"10\\.93\\.0\\.2\",\"port\":7001}.*],"
                + NODE
                + ",\"source\":\"mdns\"}");
    assertThat(bob.texts()).noneMatch(line -> line.contains("peer-discovered"));
  }

  @Test
  void aNameReachesItsPeerWhichIsKnownThenAndFoundWithoutDiscovery() {
    HostProcess bob = listen(two, "bob", "-t", "Bob", "-p", "7001");
    end(0, start(one, "ann", "send", "bob", "hello")).await("delivered to 10.93.0.2:7001 (Bob)");
    bob.await(": hello");
    HostProcess json = end(0, start(one, "ann", "discover", "--json", "--timeout", "4"));
    json.await("\"known\":{\"host\":\"10.93.0.2\",\"port\":7001,\"team\":\"Bob\"");
    end(0, start(one, "ann", "send", "--no-discovery", "Bob", "again")).await("delivered to ");
    bob.await(": again");
    // Another Bob is a stranger. The known one comes first.
    listen(one, "other", "-t", "Bob", "-p", "7002");
    end(0, start(one, "ann", "send", "bob", "still you")).await("10.93.0.2:7001 (Bob)");
    bob.await(": still you");
  }

  @Test
  void aNameOfSeveralStrangersSendsNothingAndListsThem() {
    HostProcess bob = listen(two, "bob", "-t", "Bob", "-p", "7001");
    HostProcess other = listen(two, "other", "-t", "BOB", "-p", "7002");
    // A peer that is still starting would not be found beside the other one.
    HostProcess eve = listen(one, "eve", "-t", "Eve", "--json");
    eve.await("\"peer-discovered\"", "\"team\":\"Bob\"");
    eve.await("\"peer-discovered\"", "\"team\":\"BOB\"");
    HostProcess send = end(1, start(one, "ann", "send", "bob", "hello"));
    send.await("Several peers are named \"bob\". Use one of these instead of the name:");
    send.await("  10.93.0.2:7001 (Bob)");
    send.await("  10.93.0.2:7002 (BOB)");
    assertThat(bob.texts()).noneMatch(line -> line.contains("hello"));
    assertThat(other.texts()).noneMatch(line -> line.contains("hello"));
  }

  @Test
  void nobodyIsFoundWhereNobodyAnnounces() {
    listen(two, "bob", "-t", "Bob", "-p", "7001", "--no-discovery");
    HostProcess off = listen(Map.of("P2PCHAT_DISCOVERY", "false"), two, "carol", "-t", "Carol");
    HostProcess discover = end(1, start(one, "ann", "discover"));
    discover.await("No peer was found in 3 s. 'p2pchat doctor' looks for the reason.");
    end(1, start(one, "ann", "send", "bob", "hello"))
        .await("Nobody named \"bob\" is known, and nobody of this name was found.");
    end(1, start(one, "ann", "send", "--no-discovery", "bob", "hello"))
        .await("Nobody named \"bob\" is known, and discovery is off.");
    end(2, start(one, "ann", "discover", "--no-discovery")).await("All discovery is off");
    // The environment of all tests is like that of this one.
    Map<String, String> environment = new HashMap<>();
    PackagedCli.setUp(environment);
    assertThat(environment).containsEntry("P2PCHAT_DISCOVERY", "false");
    assertThat(off.texts()).noneMatch(line -> line.contains("Bob"));
  }

  @Test
  void addressesOfTheUserAreDialedWhereMulticastIsDropped() {
    one.ip("link set eth0 multicast off");
    HostProcess bob = listen(two, "bob", "-t", "Bob", "-p", "7001");
    HostProcess ann = listen(one, "ann", "-t", "Ann", "--json", "--peer", "10.93.0.2:7001");
    // By the address of the user, or by the visit there, whichever is told first.
    ann.await("\"peer-discovered\"", "\"team\":\"Bob\"", "10.93.0.2");
    end(0, start(one, "eve", "send", "--peer", "10.93.0.2:7001", "bob", "hello"));
    bob.await(": hello");
    end(2, start(one, "ann", "listen", "--peer", "nowhere"))
        .await("Invalid value for option '--peer'");
    end(2, start(one, "ann", "listen", "--dns", "a b")).await("Invalid value for option '--dns'");
  }

  @Test
  void aSweepFindsAPeerThatDoesNotAnnounceItself() {
    listen(two, "bob", "-t", "Bob", "-p", "7003", "--no-discovery");
    one.ip("addr del 10.93.0.1/24 dev eth0");
    one.ip("addr add 10.93.0.1/30 dev eth0");
    HostProcess sweep =
        end(0, start(one, "ann", "discover", "--no-discovery", "--sweep", "--timeout", "15"));
    sweep.await("10.93.0.2:7003", "sweep");
  }

  private HostProcess listen(Host host, String user, String... arguments) {
    return listen(Map.of(), host, user, arguments);
  }

  private HostProcess listen(
      Map<String, String> variables, Host host, String user, String... arguments) {
    List<String> all = new ArrayList<>(List.of("listen"));
    all.addAll(List.of(arguments));
    HostProcess process = start(variables, host, user, all.toArray(String[]::new));
    process.await("Listening on port ");
    return process;
  }

  private HostProcess start(Host host, String user, String... arguments) {
    return start(Map.of(), host, user, arguments);
  }

  private HostProcess start(
      Map<String, String> variables, Host host, String user, String... arguments) {
    return PackagedCli.start(host, temp.resolve(user), variables, arguments);
  }

  private static HostProcess end(int status, HostProcess process) {
    process.await("status " + status);
    return process;
  }
}
