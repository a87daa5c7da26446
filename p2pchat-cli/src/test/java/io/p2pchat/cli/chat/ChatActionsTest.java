package io.p2pchat.cli.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.PeerAddress;
import org.junit.jupiter.api.Test;

class ChatActionsTest {
  @Test
  void anAddressSaysWhoCanDialIt() {
    assertThat(reach("192.168.1.21:7001")).isEmpty();
    assertThat(reach("169.254.7.7:7001")).isEqualTo("  this network only");
    assertThat(reach("[fe80::1]:7001")).isEqualTo("  this network only");
    assertThat(reach("127.0.0.1:7001")).isEqualTo("  this machine only");
  }

  private static String reach(String address) {
    return ChatActions.reach(PeerAddress.parse(address));
  }
}
