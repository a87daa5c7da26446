package io.p2pchat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeerAddressTest {
  @Test
  void anUnresolvedSocketIsNamedPlainly() {
    InetSocketAddress unresolved = InetSocketAddress.createUnresolved("bob.example", 7);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PeerAddress.of(unresolved))
        .withMessage("not resolved: bob.example:7");
  }

  @ParameterizedTest
  @CsvSource({
    "192.168.1.20:7070, 192.168.1.20, 7070",
    "' 10.0.0.1:1 ', 10.0.0.1, 1",
    "[::1]:65535, ::1, 65535",
    "[0:0:0:0:0:0:0:1]:80, ::1, 80",
    "[2001:DB8::00ff]:80, 2001:db8::ff, 80",
    "[::ffff:192.168.1.20]:80, 192.168.1.20, 80",
    "Host-1.Local:80, host-1.local, 80",
    "my_host:80, my_host, 80",
    "bücher.example:80, xn--bcher-kva.example, 80"
  })
  void anAddressHasOneCanonicalForm(String text, String host, int port) {
    PeerAddress address = PeerAddress.parse(text);
    assertThat(address.host()).isEqualTo(host);
    assertThat(address.port()).isEqualTo(port);
    assertThat(PeerAddress.parse(address.toString())).isEqualTo(address);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "999.1.1.1",
        "1",
        "1.2.3",
        "",
        " ",
        "1.2.3.4.5",
        "256.1.1.1",
        "01.2.3.4",
        "1.2.3.4a.5",
        "0x7f.1",
        "0x10",
        "host.1",
        "a..b",
        ".a",
        "-a",
        "a-",
        "a b",
        "a|b",
        "::1::",
        "12345::",
        "1:2",
        "１",
        "１２７。１",
        "0.0.0.0",
        "::",
        "a\u001b[2J"
      })
  void whatIsNoHostIsRefusedByName(String host) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PeerAddress(host, 80))
        .withMessageContaining("\"" + host.strip());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "65536", "-1", "abc", "", "99999999999", "1.5", "٣"})
  void whatIsNoPortIsRefusedWithWhatIsAccepted(String port) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PeerAddress.parse("10.0.0.1:" + port))
        .withMessageContaining("not a port")
        .withMessageContaining("1 to 65535");
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.1", "::1:80", "[10.0.0.1]:80", "[::1]", "[]:80"})
  void whatIsNoHostAndPortIsRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> PeerAddress.parse(text));
  }

  @Test
  void onlyAnIpAddressHasAnIpAndNoNameIsLookedUp() throws UnknownHostException {
    assertThat(new PeerAddress("10.0.0.1", 80).ip()).contains(InetAddress.getByName("10.0.0.1"));
    assertThat(new PeerAddress("fe80::1", 80).ip()).contains(InetAddress.getByName("fe80::1"));
    assertThat(new PeerAddress("no-such-host.invalid", 80).ip()).isEmpty();
  }

  @Test
  void aSocketAddressBecomesTheSamePlace() throws UnknownHostException {
    InetAddress mapped =
        InetAddress.getByAddress(
            new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xff, (byte) 0xff, 10, 0, 0, 1});
    assertThat(PeerAddress.of(new InetSocketAddress(mapped, 80)))
        .isEqualTo(new PeerAddress("10.0.0.1", 80));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PeerAddress.of(InetSocketAddress.createUnresolved("a", 80)))
        .withMessageContaining("not resolved");
  }

  /** A socket tells the number of the interface, and a person types its name. */
  @Test
  void zoneHasOneForm() throws IOException {
    NetworkInterface loopback = NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress());
    PeerAddress typed = new PeerAddress("::1%" + loopback.getName(), 7);
    assertThat(typed.host()).isEqualTo("::1%" + loopback.getName());
    assertThat(new PeerAddress("::1%" + loopback.getIndex(), 7)).isEqualTo(typed);
    byte[] bytes = new byte[16];
    bytes[15] = 1;
    Inet6Address seen = Inet6Address.getByAddress(null, bytes, loopback.getIndex());
    assertThat(PeerAddress.of(new InetSocketAddress(seen, 7))).isEqualTo(typed);
    assertThat(new PeerAddress("fe80::1%999999", 7).host()).isEqualTo("fe80::1%999999");
    assertThat(typed.ip()).isPresent();
  }
}
