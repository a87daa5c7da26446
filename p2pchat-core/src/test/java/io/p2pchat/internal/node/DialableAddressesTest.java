package io.p2pchat.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.PeerAddress;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DialableAddressesTest {
  private static InetAddress ip(String literal) {
    try {
      return InetAddress.getByName(literal);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void ipv4ComesFirstAndLoopbackLastAfterWhatIsOfOneCable() {
    assertThat(
            DialableAddresses.inOrder(
                Stream.of(
                        "::1",
                        "127.0.0.1",
                        "fe80::1",
                        "169.254.0.1",
                        "2001:db8::1",
                        "224.0.0.1",
                        "10.0.0.1")
                    .map(DialableAddressesTest::ip),
                Optional.empty()))
        .containsExactly(ip("10.0.0.1"), ip("2001:db8::1"), ip("169.254.0.1"), ip("127.0.0.1"));
  }

  @Test
  void theAddressOfTheDefaultRouteComesFirst() {
    assertThat(
            DialableAddresses.inOrder(
                Stream.of("172.17.0.1", "192.168.1.21", "10.8.0.2").map(DialableAddressesTest::ip),
                Optional.of(ip("192.168.1.21"))))
        .containsExactly(ip("192.168.1.21"), ip("172.17.0.1"), ip("10.8.0.2"));
  }

  @Test
  void theNetworkCardIsLeftOut() throws UnknownHostException {
    InetAddress zoned = Inet6Address.getByAddress("", ip("2001:db8::1").getAddress(), 1);
    assertThat(
            DialableAddresses.inOrder(Stream.of(zoned), Optional.empty())
                .map(InetAddress::getHostAddress))
        .containsExactly("2001:db8:0:0:0:0:0:1");
  }

  @Test
  void theIpv4WildcardHasNoIpv6() {
    assertThat(DialableAddresses.of(new InetSocketAddress("0.0.0.0", 7001)))
        .allMatch(address -> !address.host().contains(":"))
        .extracting(address -> address.port())
        .containsOnly(7001);
  }

  @Test
  void linkLocalAddressesAreAnnouncedAfterAllOthers() {
    InetSocketAddress any = new InetSocketAddress("::", 7001);
    List<PeerAddress> all = DialableAddresses.withLinkLocal(any);
    List<PeerAddress> others = DialableAddresses.of(any);
    assertThat(all).startsWith(others.toArray(PeerAddress[]::new));
    assertThat(all.subList(others.size(), all.size()))
        .allMatch(address -> address.ip().orElseThrow().isLinkLocalAddress());
  }
}
