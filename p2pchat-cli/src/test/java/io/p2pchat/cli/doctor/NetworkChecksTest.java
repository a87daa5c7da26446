package io.p2pchat.cli.doctor;

import static java.net.StandardProtocolFamily.INET;
import static java.net.StandardProtocolFamily.INET6;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.p2pchat.cli.doctor.Finding.Result;
import io.p2pchat.cli.doctor.LocalNetwork.PortUse;
import io.p2pchat.cli.doctor.LocalSystem.Platform;
import org.junit.jupiter.api.Test;

/** Interfaces, multicast, and the port of multicast DNS. */
class NetworkChecksTest {
  private final FakeNetwork network = new FakeNetwork();

  @Test
  void interfacesInUseAreNamedWithTheirAddresses() {
    String linkLocal = LocalInterface.shown(FakeNetwork.ip("fe80::1%1"));
    assertThat(linkLocal).startsWith("fe80::1%");
    network.with("eth0", "192.0.2.1", "fe80::1%1").with("lo", true, true, false, "127.0.0.1");
    assertThat(new InterfacesCheck(network).run())
        .containsExactly(
            Finding.ok("interfaces", "eth0 is used: 192.0.2.1, " + linkLocal + "."),
            Finding.ok("interfaces", "Not used: lo (loopback)."));
  }

  @Test
  void aVpnIsAWarningAndInterfacesThatAreDownAreNot() {
    network
        .with("eth0", "192.0.2.1")
        .with("wlan0", false, false, false)
        .with("eth1", false, false, false)
        .with("tun0", true, false, true, "10.8.0.2");
    assertThat(new InterfacesCheck(network).run())
        .extracting(Finding::result, Finding::text)
        .contains(
            tuple(Result.OK, "Not used: wlan0, eth1 (down)."),
            tuple(Result.WARNING, "Not used: tun0 (point-to-point, as most VPNs are)."));
  }

  @Test
  void withoutAnInterfaceNobodyCanAppear() {
    network.with("lo", true, true, false, "127.0.0.1").with("eth0", false, false, false);
    assertThat(new InterfacesCheck(network).run()).anyMatch(Finding::isProblem);
    assertThat(multicast(FakeSystem.linux())).isEqualTo(Result.PROBLEM);
  }

  private Result multicast(LocalSystem system) {
    return new MulticastCheck(network, system, Runnable::run).run().get(0).result();
  }

  @Test
  void multicastIsTriedOnEachInterfaceAndFamily() {
    network.with("eth0", "192.0.2.1", "2001:db8::1").with("eth1", "198.51.100.1");
    assertThat(new MulticastCheck(network, FakeSystem.linux(), Runnable::run).run())
        .containsExactly(
            Finding.ok("multicast", "eth0: IPv4 and IPv6 multicast was sent and heard."),
            Finding.ok("multicast", "eth1: IPv4 multicast was sent and heard."));
  }

  @Test
  void multicastThatIsNotHeardIsAProblemOfTheFirewall() {
    network.with("eth0", "192.0.2.1").failing("eth0", INET, "");
    Finding finding = new MulticastCheck(network, FakeSystem.linux(), Runnable::run).run().get(0);
    assertThat(finding.result()).isEqualTo(Result.PROBLEM);
    assertThat(finding.text()).isEqualTo("eth0: IPv4 multicast was sent and not heard.");
    assertThat(finding.next()).contains("firewall", "5353");
  }

  @Test
  void oneFamilyIsEnough() {
    network.with("eth0", "192.0.2.1", "2001:db8::1").failing("eth0", INET6, "Permission denied");
    assertThat(multicast(FakeSystem.linux())).isEqualTo(Result.WARNING);
  }

  @Test
  void noRouteToHostOnMacosIsThePrivacyOfTheLocalNetwork() {
    network.with("en0", "192.0.2.1").failing("en0", INET, "No route to host");
    assertThat(
            new MulticastCheck(network, new FakeSystem(Platform.MACOS, 15), Runnable::run)
                .run()
                .get(0)
                .next())
        .contains("Local Network");
    assertThat(new MulticastCheck(network, FakeSystem.linux(), Runnable::run).run().get(0).next())
        .doesNotContain("Local Network");
  }

  @Test
  void theUseOfThePortIsTold() {
    assertThat(port(PortUse.FREE).text()).contains("No other program");
    assertThat(port(PortUse.SHARED).text()).contains("shared with another program");
    Finding taken = port(PortUse.TAKEN);
    assertThat(taken.result()).isEqualTo(Result.PROBLEM);
    assertThat(taken.next()).contains("ss -ulpn");
  }

  private static Finding port(PortUse use) {
    return new MdnsPortCheck(use, FakeSystem.linux()).run().get(0);
  }

  @Test
  void aKnownResponderIsNamed() {
    LocalSystem system = FakeSystem.linux().running("avahi-daemon").running("bash");
    assertThat(new MdnsPortCheck(PortUse.SHARED, system).run().get(0).text())
        .isEqualTo("UDP port 5353 is shared with avahi-daemon.");
  }
}
