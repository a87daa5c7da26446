package io.p2pchat.cli.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Peer;
import io.p2pchat.Peer.State;
import io.p2pchat.PeerAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChatActionsTest {
  @Test
  void anAddressSaysWhoCanDialIt() {
    assertThat(reach("192.168.1.21:7001")).isEmpty();
    assertThat(reach("169.254.7.7:7001")).isEqualTo("  this network only");
    assertThat(reach("[fe80::1]:7001")).isEqualTo("  this network only");
    assertThat(reach("127.0.0.1:7001")).isEqualTo("  this machine only");
  }

  /** Of a message that fails at once, nothing is promised. */
  @Test
  void onlyToThoseWithASessionOrAKeyMessagesWait() {
    Peer away = Peer.builder(PeerAddress.parse("192.0.2.1:7001")).state(State.UNREACHABLE).build();
    Peer inSession =
        Peer.builder(PeerAddress.parse("192.0.2.2:7001"))
            .state(State.UNREACHABLE)
            .level(Peer.Level.SESSION)
            .build();
    Peer here = Peer.builder(PeerAddress.parse("192.0.2.3:7001")).build();
    List<Peer> connected = List.of(away, inSession, here);
    assertThat(ChatActions.unreachable(connected, peer -> false))
        .containsExactly(Map.entry(inSession, false));
    assertThat(ChatActions.unreachable(connected, away::equals))
        .containsOnly(Map.entry(inSession, false), Map.entry(away, true));
  }

  private static String reach(String address) {
    return ChatActions.reach(PeerAddress.parse(address));
  }
}
