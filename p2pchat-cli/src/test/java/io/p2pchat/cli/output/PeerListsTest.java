package io.p2pchat.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Fingerprint;
import io.p2pchat.Peer;
import io.p2pchat.Peer.Level;
import io.p2pchat.Peer.State;
import io.p2pchat.PeerAddress;
import java.time.Duration;
import java.time.Instant;
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
  void aPeerWithoutASessionThatHasSpokenIsNotEncrypted() {
    assertThat(PeerLists.line(heard(State.REACHABLE)))
        .isEqualTo("127.0.0.1:7070 (Two), reachable, not encrypted");
    assertThat(PeerLists.line(heard(State.UNREACHABLE)))
        .isEqualTo("127.0.0.1:7070 (Two), unreachable");
  }

  @Test
  void anEncryptedSessionBetweenTwoConnectionsIsNotCalledUnencrypted() {
    Peer waiting =
        peer(
            State.REACHABLE,
            Optional.of(Instant.EPOCH),
            Level.PLAIN,
            Optional.of(Events.KEY),
            Optional.empty(),
            0);
    assertThat(PeerLists.line(waiting)).isEqualTo("127.0.0.1:7070 (Two), reachable");
  }

  @Test
  void aSessionIsEncryptedOrNot() {
    assertThat(PeerLists.line(peer(State.REACHABLE, Level.SESSION, 0)))
        .isEqualTo("127.0.0.1:7070 (Two), reachable, in session, not encrypted");
    assertThat(withRoundTrip(Duration.ofNanos(449_999)))
        .isEqualTo("127.0.0.1:7070 (Two), reachable, in session, encrypted, 0.4 ms");
  }

  @Test
  void aSessionHasItsRoundTripTime() {
    assertThat(withRoundTrip(Duration.ofMillis(9))).endsWith(", encrypted, 9.0 ms");
    assertThat(withRoundTrip(Duration.ofMillis(1234))).endsWith(", encrypted, 1234 ms");
  }

  @Test
  void messagesThatWaitAreCounted() {
    assertThat(PeerLists.line(peer(State.REACHABLE, Level.SESSION, 1)))
        .endsWith(", not encrypted, 1 message waiting");
    assertThat(PeerLists.line(peer(State.UNREACHABLE, Level.PLAIN, 3)))
        .endsWith(", unreachable, 3 messages waiting");
  }

  @Test
  void peopleReadWhoIsOnlineAndWhatWaits() {
    assertThat(PeerState.forPeople(peer(State.REACHABLE, Level.PLAIN, 0))).isEqualTo("online");
    assertThat(PeerState.forPeople(peer(State.UNREACHABLE, Level.PLAIN, 0))).isEqualTo("offline");
    assertThat(PeerState.forPeople(peer(State.UNREACHABLE, Level.PLAIN, 2)))
        .isEqualTo("offline, 2 waiting");
    assertThat(PeerState.forPeople(heard(State.REACHABLE))).isEqualTo("online, not encrypted");
  }

  private static String withRoundTrip(Duration time) {
    return PeerLists.line(
        peer(
            State.REACHABLE,
            Optional.empty(),
            Level.SESSION,
            Optional.of(Events.KEY),
            Optional.of(time),
            0));
  }

  private static Peer heard(State state) {
    return peer(
        state, Optional.of(Instant.EPOCH), Level.PLAIN, Optional.empty(), Optional.empty(), 0);
  }

  private static Peer peer(State state, Level level, int unacknowledged) {
    return peer(state, Optional.empty(), level, Optional.empty(), Optional.empty(), unacknowledged);
  }

  private static Peer peer(
      State state,
      Optional<Instant> lastHeard,
      Level level,
      Optional<Fingerprint> fingerprint,
      Optional<Duration> roundTrip,
      int unacknowledged) {
    return Peer.builder(PeerAddress.parse("127.0.0.1:7070"))
        .teamName("Two")
        .state(state)
        .lastHeard(lastHeard.orElse(null))
        .level(level)
        .fingerprint(fingerprint.orElse(null))
        .roundTrip(roundTrip.orElse(null))
        .unacknowledged(unacknowledged)
        .build();
  }
}
