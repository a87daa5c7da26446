package io.p2pchat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.p2pchat.Peer.Level;
import io.p2pchat.Peer.State;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class PeerTest {
  private static final PeerAddress ADDRESS = new PeerAddress("10.0.0.1", 7001);
  private static final PeerAddress OTHER = new PeerAddress("10.0.0.1", 7002);
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
  void plainPeersAreEqualByTheirAddressWhateverTheirState() {
    Peer peer = Peer.builder(ADDRESS).build();
    Peer same = full().fingerprint(null).build();
    assertThat(peer).isEqualTo(same).hasSameHashCodeAs(same);
    assertThat(peer).isNotEqualTo(Peer.builder(OTHER).build());
    assertThat(peer).isNotEqualTo(ADDRESS);
  }

  @Test
  void peersWithAKeyAreEqualByItAndTheirTeamWhereverTheyAre() {
    Peer moved = Peer.builder(OTHER).teamName("One").fingerprint(KEY).build();
    assertThat(full().build()).isEqualTo(moved).hasSameHashCodeAs(moved);
    assertThat(full().build())
        .isNotEqualTo(full().teamName("Two").build())
        .isNotEqualTo(full().fingerprint(Fingerprint.parse("89abcdef".repeat(8))).build())
        .isNotEqualTo(full().fingerprint(null).build());
  }

  @Test
  void theFirstAddressOfAPeerIsTheNewest() {
    assertThat(full().build().addresses()).containsExactly(ADDRESS);
    Peer peer = full().addresses(List.of(OTHER, ADDRESS)).build();
    assertThat(peer.address()).isEqualTo(OTHER);
    assertThat(peer.addresses()).containsExactly(OTHER, ADDRESS);
    assertThatIllegalArgumentException().isThrownBy(() -> full().addresses(List.of()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> full().addresses(Collections.nCopies(9, ADDRESS)))
        .withMessageContaining("1 to 8");
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
