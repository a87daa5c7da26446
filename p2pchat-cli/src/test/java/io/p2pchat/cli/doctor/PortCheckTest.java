package io.p2pchat.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.cli.doctor.PortCheck.Listening;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PortCheckTest {
  private final FakeNetwork network =
      new FakeNetwork()
          .with("eth0", "192.0.2.1", "fe80::1%1")
          .with("tun0", true, false, true, "10.8.0.2")
          .with("lo", true, true, false, "127.0.0.1");
  private final FakeTcp tcp = new FakeTcp();

  private List<Finding> run(int port) {
    return run(new Listening(port, Optional.empty(), false));
  }

  private List<Finding> run(Listening listening) {
    return new PortCheck(network, tcp, listening, Runnable::run).run();
  }

  @Test
  void aFreePortIsReachableAtEachOwnAddress() {
    assertThat(run(9090))
        .containsExactly(
            Finding.ok("port", "Port 9090 is free."),
            Finding.ok(
                "port", "Port 9090 can be reached from this machine at 192.0.2.1, 10.8.0.2."));
    assertThat(tcp.isListening()).isFalse();
  }

  @Test
  void withoutAPortTheFirstFreeOneIsTaken() {
    tcp.program("127.0.0.1", 7001, "", null).program("127.0.0.1", 7002, "", null);
    assertThat(run(0).get(0).text()).isEqualTo("Port 7003 is free.");
  }

  @Test
  void anotherP2pchatIsKnownByItsGreeting() {
    tcp.program("127.0.0.1", 9090, FakeTcp.GREETING, null);
    tcp.program("192.0.2.1", 9090, FakeTcp.GREETING, null);
    tcp.program("10.8.0.2", 9090, FakeTcp.GREETING, null);
    assertThat(run(9090)).noneMatch(Finding::isProblem);
    assertThat(run(9090).get(0).text()).isEqualTo("A p2pchat listens on port 9090.");
    assertThat(run(9090).get(0).next()).contains("--port");
  }

  @Test
  void anotherProgramIsAProblem() {
    tcp.program("127.0.0.1", 9090, "220 ready", null);
    assertThat(run(9090))
        .containsExactly(
            Finding.problem(
                "port",
                "Port 9090 is in use by a program that is not a p2pchat.",
                "Choose another port with --port, or stop that program."));
  }

  @Test
  void aPortThatIsNotAllowedIsAProblemWithItsReason() {
    assertThat(run(80).get(0).text()).isEqualTo("Port 80 cannot be used: Permission denied.");
    assertThat(run(80)).allMatch(Finding::isProblem);
  }

  @Test
  void anAddressThatCannotBeReachedIsNamed() {
    tcp.failing("10.8.0.2", new SocketTimeoutException("Connect timed out"));
    assertThat(run(9090))
        .contains(
            Finding.problem(
                "port",
                "Port 9090 cannot be reached at 10.8.0.2: it did not answer in time.",
                "Allow TCP port 9090 in the firewall of this machine."))
        .contains(Finding.ok("port", "Port 9090 can be reached from this machine at 192.0.2.1."));
  }

  @Test
  void aBoundAddressIsTheOnlyOne() {
    tcp.name("192.0.2.1", "192.0.2.1");
    assertThat(run(new Listening(9090, Optional.of("192.0.2.1"), false)).get(1).text())
        .isEqualTo("Port 9090 can be reached from this machine at 192.0.2.1.");
    assertThat(run(new Listening(9090, Optional.of("nowhere"), false)))
        .singleElement()
        .matches(Finding::isProblem);
  }

  @Test
  void thePortOfTheRunningChatIsItsOwn() {
    tcp.program("192.0.2.1", 9090, FakeTcp.GREETING, null);
    tcp.program("10.8.0.2", 9090, FakeTcp.GREETING, null);
    assertThat(run(new Listening(9090, Optional.empty(), true)))
        .noneMatch(Finding::isProblem)
        .extracting(Finding::text)
        .contains("This chat listens on port 9090.");
  }
}
