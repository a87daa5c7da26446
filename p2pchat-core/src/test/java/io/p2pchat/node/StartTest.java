package io.p2pchat.node;

import static io.p2pchat.testing.Eventually.eventually;
import static io.p2pchat.testing.Eventually.result;
import static io.p2pchat.testing.peers.BareConnection.line;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.p2pchat.BindFailedException;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNode;
import io.p2pchat.PeerNodeBuilder;
import io.p2pchat.Security;
import io.p2pchat.Trust;
import io.p2pchat.TrustStore;
import io.p2pchat.TrustStoreException;
import io.p2pchat.UnsupportedRuntimeException;
import io.p2pchat.testing.peers.BareConnection;
import io.p2pchat.testing.peers.RunningNodeThreads;
import io.p2pchat.testing.peers.TestNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Provider;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Isolated("it counts the threads of all nodes of this JVM, and removes a provider of keys")
class StartTest {

  @Test
  void portThatIsInUseIsNamed() {
    RunningNodeThreads threads = new RunningNodeThreads();
    try (TestNode one = TestNode.start("One")) {
      PeerNodeBuilder second = PeerNode.builder().teamName("Two").port(one.port());
      assertThatThrownBy(second::start)
          .isInstanceOf(BindFailedException.class)
          .hasMessageContaining("" + one.port())
          .hasMessageContaining("in use")
          .extracting(failure -> ((BindFailedException) failure).reason())
          .isEqualTo(BindFailedException.Reason.PORT);
      BareConnection.sendAndClose(one.port(), line(1000, "A", "still served"));
      assertThat(one.log().awaitTexts(1)).containsExactly("still served");
    }
    eventually(() -> assertThat(threads.now()).isEmpty());
  }

  @Test
  void trustStoreThatCannotBeUsedIsNamedBeforeThePortIsTaken(@TempDir Path directory)
      throws IOException {
    Path trusted = directory.resolve("p2pchat");
    TrustStore.open(trusted);
    Files.writeString(trusted.resolve("known_peers"), "no peer\n");
    try (TestNode one = TestNode.start("One")) {
      PeerNodeBuilder second =
          PeerNode.builder()
              .teamName("Two")
              .port(one.port())
              .security(Security.opportunistic().with(Trust.pinned(trusted)));
      assertThatThrownBy(second::start).isInstanceOf(TrustStoreException.class);
    }
  }

  @Test
  void addressThatIsNotThisMachinesIsNamed() {
    RunningNodeThreads threads = new RunningNodeThreads();
    PeerNodeBuilder builder = PeerNode.builder().teamName("One").bindAddress("203.0.113.1");
    assertThatThrownBy(builder::start)
        .isInstanceOf(BindFailedException.class)
        .hasMessageContaining("203.0.113.1");
    eventually(() -> assertThat(threads.now()).isEmpty());
  }

  /** As in an image of Java 17 that was made without the module jdk.crypto.ec. */
  @Test
  void javaWithoutEllipticCurvesSaysWhatIsMissing(@TempDir Path directory) {
    RunningNodeThreads threads = new RunningNodeThreads();
    Trust pinned = Trust.pinned(directory.resolve("p2pchat"));
    TestNode.start("One", b -> b.security(Security.opportunistic().with(pinned))).close();
    List<Provider> all = List.of(java.security.Security.getProviders());
    Provider curves = java.security.Security.getProvider("SunEC");
    java.security.Security.removeProvider("SunEC");
    try {
      for (Trust trust : List.of(Trust.any(), pinned)) {
        PeerNodeBuilder builder =
            PeerNode.builder().teamName("One").security(Security.opportunistic().with(trust));
        assertThatThrownBy(builder::start)
            .isInstanceOf(UnsupportedRuntimeException.class)
            .hasMessageContaining("P-256")
            .hasMessageContaining("jlink --add-modules jdk.crypto.ec");
      }
    } finally {
      java.security.Security.insertProviderAt(curves, all.indexOf(curves) + 1);
    }
    TestNode.start("One").close();
    eventually(() -> assertThat(threads.now()).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"unknown_team", " unknown_team "})
  void nameOfThoseWithoutANameIsNoTeamName(String name) {
    assertThatThrownBy(() -> PeerNode.builder().teamName(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "not a team name: unknown_team stands for peers that have sent no name; choose another");
  }

  @Test
  void nodeWithoutATeamNameIsRefused() {
    assertThatThrownBy(PeerNode.builder()::start).isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.2", "::1"})
  void nodeIsKnownByTheAddressItIsBoundTo(String host) {
    try (TestNode bound = TestNode.start("One", builder -> builder.bindAddress(host));
        TestNode other = TestNode.start("Two")) {
      assertThat(bound.node().localAddress().getAddress().isLoopbackAddress()).isTrue();
      assertThat(bound.node().localAddress().getPort()).isEqualTo(bound.port());
      result(bound.node().connect(new PeerAddress(host, other.port())));
      eventually(
          () -> assertThat(other.connected()).containsExactly(new PeerAddress(host, bound.port())));
      result(other.node().broadcast("back"));
      assertThat(bound.log().awaitTexts(1)).containsExactly("back");
    }
  }

  @Test
  void nodesOnDifferentAddressesMayHaveTheSamePort() {
    try (TestNode one = TestNode.start("One", builder -> builder.bindAddress("127.0.0.2"));
        TestNode two =
            TestNode.start("Two", builder -> builder.bindAddress("127.0.0.3").port(one.port()))) {
      result(one.node().send(new PeerAddress("127.0.0.3", two.port()), "x"));
      assertThat(two.log().awaitTexts(1)).containsExactly("x");
      assertThat(two.log().messages().get(0).raw()).isFalse();
      assertThat(two.active()).containsExactly(new PeerAddress("127.0.0.2", one.port()));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.2", "::1"})
  void nodeCanBeDialedAtTheAddressItIsBoundTo(String host) {
    try (TestNode node = TestNode.start("One", builder -> builder.bindAddress(host))) {
      assertThat(node.node().addresses()).containsExactly(new PeerAddress(host, node.port()));
    }
  }

  @Test
  void nodeThatIsBoundToAllAddressesCanBeDialedAtEachOfThisMachine() {
    try (TestNode one = TestNode.start("One");
        TestNode two = TestNode.start("Two")) {
      List<PeerAddress> addresses = one.node().addresses();
      assertThat(addresses).contains(one.address()).doesNotHaveDuplicates().isUnmodifiable();
      assertThat(addresses)
          .allMatch(address -> address.port() == one.port())
          .noneMatch(address -> address.host().contains("%"));
      assertThat(addresses.get(addresses.size() - 1).ip().orElseThrow().isLoopbackAddress())
          .isTrue();
      List<PeerAddress> loopback =
          addresses.stream().filter(at -> at.ip().orElseThrow().isLoopbackAddress()).toList();
      for (PeerAddress address : loopback) {
        result(two.node().send(address, "at " + address));
      }
      assertThat(one.log().awaitTexts(loopback.size()))
          .containsExactlyElementsOf(loopback.stream().map(at -> "at " + at).toList());
    }
  }
}
