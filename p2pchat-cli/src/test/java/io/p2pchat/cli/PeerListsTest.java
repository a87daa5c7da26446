package io.p2pchat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Peer;
import io.p2pchat.Peer.Level;
import io.p2pchat.Peer.State;
import io.p2pchat.PeerAddress;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PeerListsTest {
  @Test
  void aPeerHasAddressTeamAndState() {
    assertThat(PeerLists.line(peer(State.REACHABLE, Level.PLAIN, 0)))
        .isEqualTo("127.0.0.1:7070 (Two), reachable");
    assertThat(PeerLists.line(peer(State.UNREACHABLE, Level.PLAIN, 0)))
        .isEqualTo("127.0.0.1:7070 (Two), unreachable");
  }

  @Test
  void aSessionIsMarkedWithItsRoundTripTime() {
    assertThat(PeerLists.line(peer(State.REACHABLE, Level.SESSION, 0)))
        .isEqualTo("127.0.0.1:7070 (Two), reachable, in session");
    assertThat(withRoundTrip(Duration.ofNanos(449_999))).endsWith(", in session, 0.4 ms");
    assertThat(withRoundTrip(Duration.ofMillis(9))).endsWith(", in session, 9.0 ms");
    assertThat(withRoundTrip(Duration.ofMillis(1234))).endsWith(", in session, 1234 ms");
  }

  @Test
  void messagesThatWaitAreCounted() {
    assertThat(PeerLists.line(peer(State.REACHABLE, Level.SESSION, 1)))
        .endsWith(", in session, 1 message waiting");
    assertThat(PeerLists.line(peer(State.UNREACHABLE, Level.PLAIN, 3)))
        .endsWith(", unreachable, 3 messages waiting");
  }

  private static String withRoundTrip(Duration time) {
    return PeerLists.line(peer(State.REACHABLE, Level.SESSION, Optional.of(time), 0));
  }

  private static Peer peer(State state, Level level, int unacknowledged) {
    return peer(state, level, Optional.empty(), unacknowledged);
  }

  private static Peer peer(
      State state, Level level, Optional<Duration> roundTrip, int unacknowledged) {
    return new Peer(
        PeerAddress.parse("127.0.0.1:7070"),
        "Two",
        false,
        state,
        Optional.empty(),
        level,
        roundTrip,
        unacknowledged);
  }
}
