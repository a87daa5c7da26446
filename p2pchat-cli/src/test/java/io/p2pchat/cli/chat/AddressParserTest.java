package io.p2pchat.cli.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.p2pchat.PeerAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressParserTest {
  @ParameterizedTest
  @ValueSource(strings = {"192.168.1.20", "::1", "fe80::1", "localhost", "my-laptop.local"})
  void aHostIsAnAddressOrAName(String host) {
    assertThat(PeerAddress.requireHost(host)).isEqualTo(host);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "999.1.1.1",
        "1",
        "1.2.3",
        "",
        "256.0.0.1",
        "1.2.3.4.5",
        "host.1",
        "a b",
        ":",
        "::g"
      })
  void anythingElseIsNoHost(String host) {
    assertThatThrownBy(() -> PeerAddress.requireHost(host))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"" + host + "\"")
        .hasMessageContaining("accepted are");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 80, 65535})
  void aPortIsANumberInRange(int port) {
    assertThat(AddressParser.port("" + port)).isEqualTo(port);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "0", "-1", "+1", "65536", "99999999999", "abc", "1.5", "0x50", "８０", "8 0"})
  void anythingElseIsNoPort(String port) {
    assertThatThrownBy(() -> AddressParser.port(port))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("not a port: \"" + port + "\"; accepted are 1 to 65535");
  }
}
