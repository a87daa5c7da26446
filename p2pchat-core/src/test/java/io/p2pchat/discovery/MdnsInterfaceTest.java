package io.p2pchat.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.discovery.MdnsInterface.Network;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which addresses belong to an interface, and which can be dialed. */
class MdnsInterfaceTest {
  private final MdnsInterface network =
      network(new Network(FakeLan.ip("192.0.2.1"), 25), new Network(FakeLan.ip("2001:db8::1"), 64));

  /** An interface of these networks; the device is the loopback. */
  private static MdnsInterface network(Network... networks) {
    return new MdnsInterface(loopback(), Set.of(networks), List.of());
  }

  private static NetworkInterface loopback() {
    try {
      return Objects.requireNonNull(
          NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress()));
    } catch (SocketException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean isOnLink(String ip) {
    return network.isOnLink(FakeLan.ip(ip));
  }

  private boolean isDialable(String ip) {
    return network.dialable(FakeLan.ip(ip)) != null;
  }

  @Test
  void onlyAddressesOfTheNetworksAndLinkLocalOnesAreOnTheLink() {
    assertThat(isOnLink("192.0.2.127")).isTrue();
    assertThat(isOnLink("192.0.2.128")).isFalse();
    assertThat(isOnLink("8.8.8.8")).isFalse();
    assertThat(isOnLink("2001:db8::ffff")).isTrue();
    assertThat(isOnLink("2001:db8:0:1::1")).isFalse();
    assertThat(isOnLink("fe80::1")).isTrue();
    assertThat(isOnLink("169.254.1.1")).isTrue();
  }

  @Test
  void packetsFromBeyondTheLinkAndFromSimpleResolversDoNotCount() {
    FakeLan.FakeLink link = new FakeLan().link(1, "192.0.2.1", (on, source, packet) -> {});
    assertThat(MdnsSockets.counts(link, new InetSocketAddress("192.0.2.9", 5353))).isTrue();
    assertThat(MdnsSockets.counts(link, new InetSocketAddress("192.0.2.9", 5354))).isFalse();
    link.beyond.add(FakeLan.ip("8.8.8.8"));
    assertThat(MdnsSockets.counts(link, new InetSocketAddress("8.8.8.8", 5353))).isFalse();
  }

  @Test
  void addressesThatNoOtherMachineHasCannotBeDialed() {
    for (String ip :
        List.of(
            "127.0.0.1",
            "::1",
            "0.0.0.0",
            "::",
            "224.0.0.251",
            "ff02::fb",
            "255.255.255.255",
            "0.1.2.3",
            "::ffff:127.0.0.1")) {
      assertThat(isDialable(ip)).as(ip).isFalse();
    }
    assertThat(isDialable("192.0.2.9")).isTrue();
    assertThat(isDialable("2001:db8::9")).isTrue();
    // The loopback has no link.
    assertThat(isDialable("fe80::9")).isFalse();
  }

  @Test
  void aFamilyWithoutAnAddressIsNotUsed() {
    assertThat(network.has(StandardProtocolFamily.INET)).isTrue();
    assertThat(network.has(StandardProtocolFamily.INET6)).isTrue();
    assertThat(network().has(StandardProtocolFamily.INET6)).isFalse();
  }

  @Test
  void theLoopbackIsNotUsed() throws SocketException {
    assertThat(MdnsInterface.of(loopback(), Set.of(FakeLan.ip("127.0.0.1")))).isNull();
  }
}
