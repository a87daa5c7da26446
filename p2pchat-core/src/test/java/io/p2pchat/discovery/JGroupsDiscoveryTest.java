package io.p2pchat.discovery;

import static io.p2pchat.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.p2pchat.PeerAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The members of a JGroups cluster, over TCP on loopback and a shared directory. */
class JGroupsDiscoveryTest {
  private static final String HINT = "0123456789abcdef";

  /** With 100 the test takes about seven seconds of processor time, nearly all of it in JGroups. */
  private static final int MANY = Integer.getInteger("p2pchat.clusterMembers", 20);

  @TempDir private Path directory;

  private String configuration() throws IOException {
    Path file = directory.resolve("jgroups.xml");
    Files.writeString(
        file,
        """
        <config xmlns="urn:org:jgroups">
          <TCP bind_addr="127.0.0.1" bind_port="0" diag.enabled="false"/>
          <FILE_PING location="%s"/>
          <MERGE3 min_interval="500" max_interval="1000"/>
          <FD_ALL3/>
          <VERIFY_SUSPECT2 timeout="500"/>
          <pbcast.NAKACK2 use_mcast_xmit="false"/>
          <UNICAST3/>
          <pbcast.STABLE/>
          <pbcast.GMS print_local_addr="false" join_timeout="500"/>
          <UFC/>
          <MFC/>
          <FRAG2/>
        </config>
        """
            .formatted(directory.resolve("members")));
    return file.toString();
  }

  private static Advertisement self(int number, boolean announces) {
    return CollectingSink.self(number, "Team" + number)
        .addresses(
            () ->
                List.of(
                    new PeerAddress("192.0.2." + number, 7001), new PeerAddress("fe80::1", 7001)))
        .keyHint(HINT)
        .announces(announces)
        .build();
  }

  @Test
  void membersFindEachOtherAndLoseWhoLeaves() throws IOException {
    String configuration = configuration();
    List<JGroupsDiscovery> sources = new ArrayList<>();
    List<CollectingSink> sinks = new ArrayList<>();
    for (int i = 1; i <= 3; i++) {
      JGroupsDiscovery source = JGroupsDiscovery.of("chat", configuration);
      CollectingSink sink = new CollectingSink();
      source.start(self(i, true), sink);
      sources.add(source);
      sinks.add(sink);
    }
    JGroupsDiscovery quiet = JGroupsDiscovery.of("chat", configuration);
    CollectingSink ofQuiet = new CollectingSink();
    quiet.start(self(4, false), ofQuiet);
    sinks.get(0).await("192.0.2.2:7001", "192.0.2.3:7001");
    sinks.get(1).await("192.0.2.1:7001", "192.0.2.3:7001");
    sinks.get(2).await("192.0.2.1:7001", "192.0.2.2:7001");
    ofQuiet.await("192.0.2.1:7001", "192.0.2.2:7001", "192.0.2.3:7001");
    PeerCandidate second =
        sinks.get(0).all().stream()
            .filter(peer -> peer.teamName().equals(Optional.of("Team2")))
            .findFirst()
            .orElseThrow();
    assertThat(second.keyHint()).contains(HINT);
    assertThat(second.node()).contains(self(2, true).node());
    assertThat(second.level()).isEqualTo(1);
    sources.get(1).close();
    sinks.get(0).await("192.0.2.3:7001");
    ofQuiet.await("192.0.2.1:7001", "192.0.2.3:7001");
    quiet.close();
    sources.forEach(JGroupsDiscovery::close);
    eventually(() -> assertThat(sinks.get(0).addresses()).hasSizeLessThanOrEqualTo(1));
  }

  /** In one JVM, without sockets: what is tested is what members say to each other. */
  @Test
  void manyMembersFindEachOther() throws IOException, InterruptedException {
    Path file = directory.resolve("shared.xml");
    Files.writeString(
        file,
        """
        <config xmlns="urn:org:jgroups">
          <SHARED_LOOPBACK bind_addr="127.0.0.1" diag.enabled="false"
              bundler_type="no-bundler" message_processing_policy="direct"/>
          <SHARED_LOOPBACK_PING/>
          <pbcast.NAKACK2 use_mcast_xmit="false" log_discard_msgs="false"/>
          <UNICAST3/>
          <pbcast.STABLE/>
          <pbcast.GMS print_local_addr="false" join_timeout="5000"/>
        </config>
        """);
    String cluster = "cluster of " + directory.getFileName();
    List<JGroupsDiscovery> sources = new ArrayList<>();
    List<CollectingSink> sinks = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      sources.add(JGroupsDiscovery.of(cluster, file.toString()));
      sinks.add(new CollectingSink());
    }
    sources.get(0).start(self(1, true), sinks.get(0));
    // All others at once, which takes less time: one view lets many in.
    List<Thread> joining = new ArrayList<>();
    for (int i = 1; i < MANY; i++) {
      JGroupsDiscovery source = sources.get(i);
      Advertisement self = self(i + 1, true);
      CollectingSink sink = sinks.get(i);
      Thread thread = new Thread(() -> source.start(self, sink));
      thread.start();
      joining.add(thread);
    }
    for (Thread each : joining) {
      each.join();
    }
    for (CollectingSink sink : sinks) {
      eventually(() -> assertThat(sink.all()).hasSize(MANY - 1));
    }
    sources.remove(MANY - 1).close();
    for (CollectingSink sink : sinks.subList(0, MANY - 1)) {
      eventually(() -> assertThat(sink.all()).hasSize(MANY - 2));
    }
    sources.parallelStream().forEach(JGroupsDiscovery::close);
  }

  @Test
  void clusterThatCannotBeJoinedIsAnError() {
    JGroupsDiscovery source = JGroupsDiscovery.of("chat", directory.resolve("none").toString());
    assertThatThrownBy(() -> source.start(self(1, true), new CollectingSink()))
        .isInstanceOf(DiscoveryException.class)
        .hasMessageContaining("chat");
    source.close();
  }

  @Test
  void whatAMemberSaysIsChecked() {
    String node = self(1, true).node();
    String good = "p2pchat/1\n" + node + "\nBob\n1\n" + HINT + "\n192.0.2.1:1,[::2]:3";
    PeerCandidate member = Objects.requireNonNull(JGroupsMember.candidate("id", good));
    assertThat(member.addresses()).hasSize(2);
    assertThat(JGroupsMember.candidate("id", good.replace("p2pchat/1", "p2pchat/2"))).isNull();
    assertThat(JGroupsMember.candidate("id", good.replace(node, "node"))).isNull();
    assertThat(JGroupsMember.candidate("id", good.replace("\n1\n", "\nx\n"))).isNull();
    assertThat(JGroupsMember.candidate("id", good.replace("[::2]:3", "no"))).isNull();
    assertThat(JGroupsMember.candidate("id", "p2pchat/1")).isNull();
    assertThat(JGroupsMember.candidate("id", good.replace(HINT, "key"))).isNull();
  }
}
