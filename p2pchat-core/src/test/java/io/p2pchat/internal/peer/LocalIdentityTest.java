package io.p2pchat.internal.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class LocalIdentityTest {
  @Test
  void addressThatNoInterfaceHasIsLost() throws UnknownHostException {
    assertThat(LocalIdentity.isLost(InetAddress.getByName("192.0.2.1"))).isTrue();
    assertThat(LocalIdentity.isLost(InetAddress.getByName("127.0.0.1"))).isFalse();
    assertThat(LocalIdentity.isLost(InetAddress.getLoopbackAddress())).isFalse();
  }
}
