package io.p2pchat.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Fingerprint;
import io.p2pchat.PeerAddress;
import io.p2pchat.Security.Policy;
import io.p2pchat.TrustStore;
import io.p2pchat.cli.doctor.Finding.Result;
import io.p2pchat.cli.doctor.LocalSystem.Platform;
import io.p2pchat.cli.doctor.PeerCheck.Rules;
import io.p2pchat.discovery.PeerCandidate;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeerCheckTest {
  private static final Fingerprint BOB = Fingerprint.parse("b0".repeat(32));
  private static final Fingerprint CAROL = Fingerprint.parse("ca".repeat(32));
  private static final PeerAddress ADDRESS = PeerAddress.parse("192.0.2.2:7001");
  private static final String NODE = "b".repeat(26);

  @TempDir private Path temp;
  private final FakeNetwork network = new FakeNetwork();
  private final FakeTcp tcp = new FakeTcp();
  private final List<PeerCandidate> seen = new ArrayList<>();
  private FakeSystem system = FakeSystem.linux();
  private Rules rules = new Rules(Policy.OPPORTUNISTIC, false, Optional.empty());
  private TrustStore store;

  @BeforeEach
  void open() {
    store = TrustStore.open(temp.resolve("p2pchat"));
  }

  private List<Finding> run(String peer) {
    return run(peer, Optional.empty());
  }

  private List<Finding> run(String peer, Optional<Fingerprint> key) {
    KeyCheck keys = new KeyCheck(() -> temp.resolve("p2pchat"));
    return new PeerCheck(network, tcp, keys, () -> seen, rules, system, Runnable::run)
        .run(new PeerGoal(peer, key));
  }

  private Finding last(String peer) {
    List<Finding> found = run(peer);
    return found.get(found.size() - 1);
  }

  private void bobListens(Fingerprint key) {
    tcp.program("192.0.2.2", 7001, FakeTcp.GREETING, key);
  }

  @Test
  void aNewPeerThatAnswersPassesEveryStep() {
    bobListens(BOB);
    assertThat(run("192.0.2.2:7001"))
        .containsExactly(
            Finding.ok("peer-name", "192.0.2.2:7001 is an IP address and a port."),
            Finding.ok("peer-tcp", "192.0.2.2:7001 accepts connections."),
            Finding.ok(
                "peer-greeting", "A p2pchat greets at 192.0.2.2:7001 (protocol 1, TLS offered)."),
            Finding.ok("peer-tls", "192.0.2.2:7001 proves its key b0b0b0b0-b0b0b0b0 by TLS 1.3."),
            Finding.ok(
                "peer-trust",
                "The key at 192.0.2.2:7001 is new. The first message makes it known."));
  }

  @Test
  void aKnownKeyIsNamed() {
    store.accept("Bob", PeerAddress.parse("192.0.2.77:7001"), BOB);
    bobListens(BOB);
    assertThat(last("192.0.2.2:7001"))
        .isEqualTo(Finding.ok("peer-trust", "The key at 192.0.2.2:7001 is known as Bob."));
  }

  @Test
  void aHostNameIsResolvedOrUnknown() {
    bobListens(BOB);
    tcp.name("bobs.example", "192.0.2.2");
    assertThat(run("bobs.example:7001").get(0).text())
        .isEqualTo("The host name bobs.example stands for 192.0.2.2:7001.");
    assertThat(run("nowhere.example:7001"))
        .singleElement()
        .satisfies(
            it -> {
              assertThat(it.result()).isEqualTo(Result.PROBLEM);
              assertThat(it.text()).contains("cannot find the host name nowhere.example");
            });
  }

  @Test
  void aTeamNameIsOneOfTheKnownPeersInAnyCase() {
    store.accept("Bob", ADDRESS, BOB);
    bobListens(BOB);
    assertThat(run("bOB").get(0).text()).isEqualTo("\"bOB\" was last at 192.0.2.2:7001.");
    assertThat(last("bOB").result()).isEqualTo(Result.OK);
  }

  @Test
  void aKnownLinkLocalAddressIsTriedInEachZoneOfThisMachine() {
    network.with("eth0", "192.0.2.1", "fe80::1%1").with("wlan0", "192.0.2.3");
    store.accept("Bob", PeerAddress.parse("[fe80::b0b]:7001"), BOB);
    String zoned = LocalInterface.shown(FakeNetwork.ip("fe80::b0b%1"));
    assertThat(zoned).contains("%");
    assertThat(run("Bob").get(0).text()).isEqualTo("\"Bob\" was last at [" + zoned + "]:7001.");
  }

  @Test
  void aKnownPeerIsFoundWhereItIsNowByTheHintOfItsKey() {
    store.accept("Bob", PeerAddress.parse("192.0.2.77:7001"), BOB);
    seen.add(
        PeerCandidate.builder("1")
            .node(NODE)
            .teamName("Robert")
            .keyHint(PeerCandidate.keyHint(BOB, NODE))
            .address(ADDRESS)
            .build());
    bobListens(BOB);
    assertThat(run("Bob").get(0).text())
        .isEqualTo("\"Bob\" is at 192.0.2.2:7001, 192.0.2.77:7001.");
    // The old address does not answer, which is no problem any more.
    assertThat(run("Bob")).noneMatch(Finding::isProblem);
  }

  @Test
  void aStrangerThatWasSeenIsFoundByItsName() {
    seen.add(PeerCandidate.builder("1").teamName("Bob").address(ADDRESS).build());
    bobListens(BOB);
    assertThat(run("bob").get(0).text()).isEqualTo("\"bob\" was seen now at 192.0.2.2:7001.");
    assertThat(run("carol")).singleElement().matches(Finding::isProblem);
  }

  @Test
  void eachFailureToConnectHasItsMeaning() {
    assertThat(last("192.0.2.2:7001").text()).contains("no program listens on that port");
    tcp.failing("192.0.2.2", new SocketTimeoutException("Connect timed out"));
    assertThat(last("192.0.2.2:7001").text()).contains("did not answer in 5 s");
    assertThat(last("192.0.2.2:7001").next()).contains("firewall");
    tcp.failing("192.0.2.2", new NoRouteToHostException("No route to host"));
    assertThat(last("192.0.2.2:7001").text()).contains("There is no route to 192.0.2.2:7001");
    assertThat(last("192.0.2.2:7001").next()).doesNotContain("System Settings");
    system = new FakeSystem(Platform.MACOS, 15);
    assertThat(last("192.0.2.2:7001").next()).contains("System Settings");
    assertThat(last("192.0.2.2:7001").result()).isEqualTo(Result.PROBLEM);
  }

  @Test
  void silenceIsAPlainProgram() {
    tcp.program("192.0.2.2", 7001, "", null);
    Finding finding = last("192.0.2.2:7001");
    assertThat(finding.name()).isEqualTo("peer-greeting");
    assertThat(finding.result()).isEqualTo(Result.WARNING);
    assertThat(finding.text()).contains("plain-format program", "not encrypted");
  }

  @Test
  void silenceAtAnAddressOfAKnownPeerIsRefused() {
    store.accept("Bob", ADDRESS, BOB);
    tcp.program("192.0.2.2", 7001, "", null);
    Finding finding = last("192.0.2.2:7001");
    assertThat(finding.result()).isEqualTo(Result.PROBLEM);
    assertThat(finding.text()).contains("\"Bob\" (key b0b0b0b0-b0b0b0b0)");
    assertThat(finding.next()).contains("p2pchat trust remove 'Bob' 192.0.2.2:7001");
  }

  @Test
  void silenceIsRefusedWhereEncryptionIsRequired() {
    rules = new Rules(Policy.REQUIRED, false, Optional.empty());
    tcp.program("192.0.2.2", 7001, "", null);
    assertThat(last("192.0.2.2:7001").text()).contains("--security required refuses it");
    assertThat(last("192.0.2.2:7001").result()).isEqualTo(Result.PROBLEM);
  }

  @Test
  void aConnectionThatIsClosedAtOnceMayBeNotAllowed() {
    tcp.program("192.0.2.2", 7001, null, null);
    assertThat(last("192.0.2.2:7001").next()).contains("--allow");
  }

  @Test
  void aPeerThatDoesNotEncryptIsAWarning() {
    tcp.program("192.0.2.2", 7001, "GREETING:1|TLS:no|NODE:" + NODE, null);
    Finding finding = last("192.0.2.2:7001");
    assertThat(finding.name()).isEqualTo("peer-tls");
    assertThat(finding.result()).isEqualTo(Result.WARNING);
  }

  @Test
  void ownPlaintextIsRefusedByThoseWhoMustEncrypt() {
    rules = new Rules(Policy.PLAINTEXT, false, Optional.empty());
    bobListens(BOB);
    assertThat(last("192.0.2.2:7001").result()).isEqualTo(Result.WARNING);
    tcp.program("192.0.2.2", 7001, "GREETING:1|TLS:required|NODE:" + NODE, BOB);
    assertThat(last("192.0.2.2:7001").result()).isEqualTo(Result.PROBLEM);
  }

  @Test
  void aFailureOfTlsIsAProblem() {
    tcp.program("192.0.2.2", 7001, FakeTcp.GREETING, null);
    Finding finding = last("192.0.2.2:7001");
    assertThat(finding.name()).isEqualTo("peer-tls");
    assertThat(finding.text()).contains("handshake_failure");
    assertThat(finding.result()).isEqualTo(Result.PROBLEM);
  }

  @Test
  void anotherKeyAtAKnownAddressIsAProblemWithTheCommand() {
    store.accept("Bob", ADDRESS, BOB);
    seen.add(PeerCandidate.builder("1").teamName("Carol").address(ADDRESS).build());
    bobListens(CAROL);
    Finding finding = last("192.0.2.2:7001");
    assertThat(finding.result()).isEqualTo(Result.PROBLEM);
    assertThat(finding.text()).contains("is known as \"Bob\"", "Messages to it are not sent.");
    assertThat(finding.next())
        .contains("p2pchat identity")
        .endsWith("p2pchat trust accept 'Carol' 192.0.2.2:7001 " + CAROL);
  }

  @Test
  void theCommandForAKnownKeyNeedsNoTeam() {
    store.accept("Bob", ADDRESS, BOB);
    store.accept("Carol", PeerAddress.parse("192.0.2.3:7001"), CAROL);
    rules = new Rules(Policy.OPPORTUNISTIC, false, Optional.of(Path.of("/d d")));
    bobListens(CAROL);
    assertThat(last("192.0.2.2:7001").next())
        .endsWith("p2pchat trust accept --data-dir '/d d' 192.0.2.2:7001 " + CAROL);
  }

  @Test
  void aNameMeansItsKey() {
    store.accept("Bob", ADDRESS, BOB);
    bobListens(CAROL);
    assertThat(last("Bob").text()).contains("Another peer than the one you named");
    assertThat(last("Bob").result()).isEqualTo(Result.PROBLEM);
    List<Finding> ofChat = run("192.0.2.2:7001", Optional.of(BOB));
    assertThat(ofChat.get(ofChat.size() - 1).result()).isEqualTo(Result.PROBLEM);
  }

  @Test
  void strictRefusesANewKey() {
    rules = new Rules(Policy.OPPORTUNISTIC, true, Optional.empty());
    bobListens(BOB);
    assertThat(last("192.0.2.2:7001").result()).isEqualTo(Result.PROBLEM);
    assertThat(last("192.0.2.2:7001").next()).contains("trust accept 'TEAM' 192.0.2.2:7001");
  }

  @Test
  void theOwnKeyIsNoPeer() {
    bobListens(store.fingerprint());
    assertThat(last("192.0.2.2:7001").text()).contains("is your own");
    assertThat(last("192.0.2.2:7001").result()).isEqualTo(Result.WARNING);
  }
}
