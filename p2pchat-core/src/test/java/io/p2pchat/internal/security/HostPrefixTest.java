package io.p2pchat.internal.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.p2pchat.PeerAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostPrefixTest {
  @ParameterizedTest
  @CsvSource({
    "10.0.0.1, 10.0.0.1, true",
    "10.0.0.1, 10.0.0.2, false",
    "::ffff:10.0.0.1, 10.0.0.1, true",
    "2001:db8::1, 2001:db8::2, true",
    "2001:db8::1, 2001:db8:0:0:ffff:ffff:ffff:ffff, true",
    "2001:db8::1, 2001:db8:0:1::1, false",
    "2001:db8:1:2:3:4:5:6, 2001:db8:1:2::, true",
    "2001:db8:1:2:3:4:5:6, 2001:db8:1:3:3:4:5:6, false",
    "1::, 1:0:0:0:1:1:1:1, true",
    "::1, ::2, true",
    "::1, 0:0:0:1::1, false",
    "::1, 1::1, false",
    "fe80::1%1, fe80::2, true"
  })
  void ofAnIpv6AddressItIsTheNetwork(String one, String other, boolean same) {
    HostPrefix first = HostPrefix.of(new PeerAddress(one, 1));
    assertThat(first.equals(HostPrefix.of(new PeerAddress(other, 2)))).isEqualTo(same);
  }

  @Test
  void hostNameIsNone() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HostPrefix.of(new PeerAddress("localhost", 1)));
  }
}
