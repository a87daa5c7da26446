package io.p2pchat.internal.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.PeerAddress;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocalIdentityTest {
  @ParameterizedTest
  @CsvSource({"192.0.2.1, true", "127.0.0.1, false", "127.0.0.9, false"})
  void addressThatNoInterfaceHasSeemsLost(String own, boolean isLost) {
    assertThat(LocalIdentity.seemsLost(new PeerAddress(own, 1).ip().orElseThrow()))
        .isEqualTo(isLost);
  }

  @ParameterizedTest
  @CsvSource({"192.0.2.1, false", "127.0.0.1, true"})
  void addressOfAnInterfaceIsOfThisMachine(String own, boolean isOfThisMachine) {
    assertThat(LocalIdentity.isOfThisMachine(new PeerAddress(own, 1).ip().orElseThrow()))
        .isEqualTo(isOfThisMachine);
  }

  @Test
  void addressOfThisMachineIsNotLost() {
    assertThat(LocalIdentity.seemsLost(InetAddress.getLoopbackAddress())).isFalse();
  }
}
