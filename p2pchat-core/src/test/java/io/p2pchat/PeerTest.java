package io.p2pchat;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Peer.Level;
import io.p2pchat.Peer.State;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PeerTest {
  private static final PeerAddress ADDRESS = new PeerAddress("10.0.0.1", 7001);
  private static final Fingerprint KEY = Fingerprint.parse("01234567".repeat(8));

  @Test
  void aPeerHasWhatItWasBuiltWith() {
    Peer peer = full().build();
    assertThat(peer.address()).isEqualTo(ADDRESS);
    assertThat(peer.teamName()).isEqualTo("One");
    assertThat(peer.connected()).isTrue();
    assertThat(peer.state()).isEqualTo(State.UNREACHABLE);
    assertThat(peer.lastHeard()).contains(Instant.EPOCH);
    assertThat(peer.level()).isEqualTo(Level.SESSION);
    assertThat(peer.fingerprint()).contains(KEY);
    assertThat(peer.encrypted()).isTrue();
    assertThat(peer.roundTrip()).contains(Duration.ofMillis(3));
    assertThat(peer.unacknowledged()).isEqualTo(2);
  }

  @Test
  void ofAPeerNothingIsKnownThatWasNotSaid() {
    Peer peer = Peer.builder(ADDRESS).build();
    assertThat(peer.teamName()).isEqualTo(Peer.UNKNOWN_TEAM);
    assertThat(peer.named()).isFalse();
    assertThat(peer.connected()).isFalse();
    assertThat(peer.state()).isEqualTo(State.REACHABLE);
    assertThat(peer.lastHeard()).isEmpty();
    assertThat(peer.level()).isEqualTo(Level.PLAIN);
    assertThat(peer.fingerprint()).isEmpty();
    assertThat(peer.encrypted()).isFalse();
    assertThat(peer.roundTrip()).isEmpty();
    assertThat(peer.unacknowledged()).isZero();
  }

  @Test
  void peersAreEqualByTheirAddressWhateverTheirState() {
    Peer peer = Peer.builder(ADDRESS).build();
    assertThat(peer).isEqualTo(full().build()).hasSameHashCodeAs(full().build());
    assertThat(peer).isNotEqualTo(Peer.builder(new PeerAddress("10.0.0.1", 7002)).build());
    assertThat(peer).isNotEqualTo(ADDRESS);
  }

  @Test
  void aPeerDoesNotChangeWithItsBuilder() {
    Peer.Builder builder = Peer.builder(ADDRESS).teamName("Before");
    Peer peer = builder.build();
    assertThat(builder.teamName("After").build().teamName()).isEqualTo("After");
    assertThat(peer.teamName()).isEqualTo("Before");
  }

  @Test
  void theTextOfAPeerSaysWhoItIs() {
    assertThat(full().build()).asString().contains("10.0.0.1:7001", "One", "UNREACHABLE");
  }

  private static Peer.Builder full() {
    return Peer.builder(ADDRESS)
        .teamName("One")
        .connected(true)
        .state(State.UNREACHABLE)
        .lastHeard(Instant.EPOCH)
        .level(Level.SESSION)
        .fingerprint(KEY)
        .roundTrip(Duration.ofMillis(3))
        .unacknowledged(2);
  }
}
