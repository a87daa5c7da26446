package io.p2pchat.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.p2pchat.Fingerprint;
import io.p2pchat.PeerAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a source says about a peer, and what of it counts. */
class PeerCandidateTest {
  private static final String NODE = "abcdefghijklmnopqrstuvwxyz";
  private static final PeerAddress ADDRESS = new PeerAddress("192.0.2.1", 7001);

  @Test
  void aHintIsTheDigestOfTheKeyAndTheNode() {
    // (head -c 32 /dev/zero; printf %s $NODE) | sha256sum | cut -c 1-16
    assertThat(PeerCandidate.keyHint(Fingerprint.parse("00".repeat(32)), NODE))
        .isEqualTo("29d3479d585fc963");
  }

  @Test
  void theSameKeyHasAnotherHintWithEachNode() {
    Fingerprint key = Fingerprint.parse("ab".repeat(32));
    assertThat(PeerCandidate.keyHint(key, NODE))
        .isNotEqualTo(PeerCandidate.keyHint(key, NODE.replace('a', 'b')));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a|b", " a", "a ", "\u0007", "a\nb"})
  void aTeamNameThatIsNoneIsDropped(String team) {
    assertThat(PeerCandidate.builder("1").address(ADDRESS).teamName(team).build().teamName())
        .isEmpty();
  }

  @Test
  void moreThanEightAddressesAndRepeatedOnesAreIgnored() {
    PeerCandidate.Builder builder = PeerCandidate.builder("1");
    for (int i = 1; i < 20; i++) {
      builder.address(new PeerAddress("192.0.2." + i, 7001)).address(ADDRESS);
    }
    assertThat(builder.build().addresses())
        .hasSize(PeerCandidate.MAX_ADDRESSES)
        .startsWith(ADDRESS)
        .doesNotHaveDuplicates();
  }

  @Test
  void aCandidateWithoutAnAddressIsRefused() {
    assertThatIllegalStateException()
        .isThrownBy(() -> PeerCandidate.builder("1").build())
        .withMessageContaining("address");
  }

  @Test
  void wrongValuesAreRefusedWithWhatIsAccepted() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PeerCandidate.builder("1").node("ABC"))
        .withMessageContaining("26 characters");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PeerCandidate.builder("1").keyHint("0123"))
        .withMessageContaining("16 hexadecimal digits");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PeerCandidate.builder("1").level(-1))
        .withMessageContaining("0 and more");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PeerCandidate.builder("x".repeat(1025)))
        .withMessageContaining("1 to 1024");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Advertisement.builder(NODE, "team", 0))
        .withMessageContaining("1 to 65535");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Advertisement.builder(NODE, " team", 1))
        .withMessageContaining("team name");
  }

  @Test
  void candidatesAreEqualByAllTheirValues() {
    assertThat(full("Bob")).isEqualTo(full("Bob")).hasSameHashCodeAs(full("Bob"));
    assertThat(full("Bob")).isNotEqualTo(full("Carol"));
  }

  private static PeerCandidate full(String team) {
    return PeerCandidate.builder("1")
        .address(ADDRESS)
        .node(NODE)
        .teamName(team)
        .keyHint("0123456789abcdef")
        .level(1)
        .build();
  }
}
