package io.p2pchat.discovery;

import static io.p2pchat.testing.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Peers behind a name in the DNS. The server is one of the test, on loopback. */
@Execution(ExecutionMode.CONCURRENT) // its tests mostly wait, each for a server of its own
class DnsDiscoveryTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final CollectingSink sink = new CollectingSink();
  private DnsServer server;

  @BeforeEach
  void startServer() throws IOException {
    server = DnsServer.start();
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  private DnsDiscovery start(DnsDiscovery.Builder builder) {
    DnsDiscovery source = builder.server(server.address()).interval(SECOND).build();
    source.start(CollectingSink.self(1, "One").build(), sink);
    return source;
  }

  @Test
  void eachAddressOfANameIsAPeer() throws IOException {
    server.setAddresses("chat.example", "192.0.2.1", "192.0.2.2", "2001:db8::1");
    try (DnsDiscovery source = start(DnsDiscovery.addresses("chat.example", 7001))) {
      sink.await("192.0.2.1:7001", "192.0.2.2:7001", "[2001:db8::1]:7001");
      assertThat(sink.all()).hasSize(3).noneMatch(PeerCandidate::chosen);
      server.setAddresses("chat.example", "192.0.2.2", "192.0.2.3", "0.0.0.0", "224.0.0.1");
      sink.await("192.0.2.2:7001", "192.0.2.3:7001");
      server.code = 3;
      server.setAddresses("chat.example");
      sink.await();
      assertThat(source.name()).isEqualTo("dns");
    }
  }

  @Test
  void peersStayWhileNoServerAnswers() throws IOException {
    server.setAddresses("chat.example", "192.0.2.1");
    try (DnsDiscovery source = start(DnsDiscovery.addresses("chat.example", 7001))) {
      sink.await("192.0.2.1:7001");
      server.code = 2;
      server.setAddresses("chat.example");
      int asked = server.asked.get();
      until("it asks again", () -> server.asked.get() > asked + 3);
      sink.await("192.0.2.1:7001");
      server.code = 0;
      sink.await();
      assertThat(source.name()).isEqualTo("dns");
    }
  }

  @Test
  void longAnswerComesOverTcp() throws IOException {
    List<String> ips = new ArrayList<>();
    for (int i = 1; i <= 200; i++) {
      ips.add("192.0.2." + i);
    }
    server.setAddresses("chat.example", ips.toArray(String[]::new));
    try (DnsDiscovery source = start(DnsDiscovery.addresses("chat.example.", 7001))) {
      sink.await(ips.stream().map(ip -> ip + ":7001").toList());
      assertThat(server.overTcp).hasPositiveValue();
      assertThat(source.name()).isEqualTo("dns");
    }
  }

  @Test
  void serversOfSrvRecordsArePeersWithTheirPorts() throws IOException {
    List<String> targets = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    for (int i = 1; i <= 30; i++) {
      String host = "node-" + i + ".chat.example";
      targets.add(host + ":" + (7000 + i));
      server.setAddresses(host, "192.0.2." + i, "2001:db8::" + i);
      expected.add("192.0.2." + i + ":" + (7000 + i));
      expected.add("[2001:db8::" + i + "]:" + (7000 + i));
    }
    server.setServers("_p2pchat._tcp.chat.example", targets);
    try (DnsDiscovery source = start(DnsDiscovery.srv("_p2pchat._tcp.chat.example"))) {
      sink.await(expected);
      assertThat(sink.all()).hasSize(30).allMatch(peer -> peer.addresses().size() == 2);
      server.setServers("_p2pchat._tcp.chat.example", targets.subList(0, 2));
      sink.await(expected.subList(0, 4));
      assertThat(source.name()).isEqualTo("dns");
    }
  }

  @Test
  void namesPortsAndTimesAreChecked() {
    assertThatThrownBy(() -> DnsDiscovery.addresses("no name", 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> DnsDiscovery.addresses("chat.example", 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> DnsDiscovery.srv("chat.example").interval(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
