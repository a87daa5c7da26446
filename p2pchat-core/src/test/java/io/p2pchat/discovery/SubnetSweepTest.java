package io.p2pchat.discovery;

import static io.p2pchat.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.p2pchat.PeerAddress;
import io.p2pchat.testing.peers.SilentServer;
import io.p2pchat.testing.peers.TestNode;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Knocking at the addresses of a network. Only at 127.0.0.0/8 here. */
@Execution(ExecutionMode.CONCURRENT) // its tests mostly wait
class SubnetSweepTest {
  private final CollectingSink sink = new CollectingSink();

  private static InetAddress ip(String host) throws IOException {
    return InetAddress.getByName(host);
  }

  private SubnetSweep start(int port, String... hosts) throws IOException {
    List<InetAddress> all = List.of(ip(hosts[0]), ip(hosts[hosts.length - 1]));
    SubnetSweep sweep = SubnetSweep.of(all, port, port);
    sweep.start(CollectingSink.self(1, "One").build(), sink);
    return sweep;
  }

  @Test
  void nodeThatGreetsIsFound() throws IOException {
    try (TestNode node = TestNode.start("Bob");
        SubnetSweep sweep = start(node.port(), "127.0.0.1", "127.0.0.2")) {
      eventually(() -> assertThat(sink.all()).hasSize(2));
      assertThat(sink.all())
          .extracting(found -> found.addresses().get(0).host())
          .containsExactlyInAnyOrder("127.0.0.1", "127.0.0.2");
      assertThat(sink.all())
          .allSatisfy(
              found -> {
                assertThat(found.node()).isPresent();
                assertThat(found.level()).isEqualTo(1);
                assertThat(found.addresses().get(0).port()).isEqualTo(node.port());
                assertThat(found.chosen()).isFalse();
              });
      // Nothing was said to it.
      eventually(() -> assertThat(node.node().metrics().bytesReceived()).isZero());
      assertThat(node.log().all()).isEmpty();
      assertThat(sweep.name()).isEqualTo("sweep");
    }
  }

  @Test
  void silentProgramIsFoundWithoutANode() throws IOException {
    try (SilentServer server = SilentServer.open();
        SubnetSweep sweep = start(server.address().port(), "127.0.0.1")) {
      sink.await(server.address().toString());
      assertThat(sink.all().get(0).node()).isEmpty();
      assertThat(sink.all().get(0).level()).isZero();
      assertThat(sweep.name()).isEqualTo("sweep");
    }
  }

  @Test
  void programsOfOtherProtocolsAreNotReported() throws Exception {
    try (ServerSocket other = new ServerSocket();
        TestNode node = TestNode.start("Bob", builder -> builder.bindAddress("127.0.0.1"))) {
      other.bind(new InetSocketAddress("127.0.0.3", node.port()));
      SubnetSweep sweep = start(node.port(), "127.0.0.3", "127.0.0.1");
      try (Socket taken = other.accept()) {
        taken.getOutputStream().write("SSH-2.0-x\r\n".getBytes(StandardCharsets.US_ASCII));
        sink.await("127.0.0.1:" + node.port());
        // It waits, and then leaves.
        assertThat(taken.getInputStream().read()).isEqualTo(-1);
      }
      sweep.close();
      sink.await("127.0.0.1:" + node.port());
    }
  }

  @Test
  void ownNetworkIsAtMostTheOneOf256Addresses() throws IOException {
    Inet4Address own = (Inet4Address) ip("10.1.2.77");
    assertThat(SubnetSweep.network(own, 16))
        .hasSize(254)
        .contains(ip("10.1.2.1"), ip("10.1.2.254"))
        .doesNotContain(ip("10.1.2.0"), ip("10.1.2.255"));
    assertThat(SubnetSweep.network(own, 28)).hasSize(14).contains(ip("10.1.2.65"), ip("10.1.2.78"));
    assertThat(SubnetSweep.network(own, 32)).hasSize(2);
  }

  @Test
  void sizeOfASweepIsBounded() throws IOException {
    List<InetAddress> one = List.of(ip("127.0.0.1"));
    assertThatThrownBy(() -> SubnetSweep.of(one, 1, 17))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("16");
    assertThatThrownBy(() -> SubnetSweep.of(List.of(), 1, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SubnetSweep.of(one, 0, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(new PeerAddress("127.0.0.1", SubnetSweep.LAST_PORT).port()).isEqualTo(7016);
  }
}
