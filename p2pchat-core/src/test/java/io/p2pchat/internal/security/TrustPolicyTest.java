package io.p2pchat.internal.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Fingerprint;
import io.p2pchat.KnownPeer;
import io.p2pchat.PeerAddress;
import io.p2pchat.TrustException;
import io.p2pchat.internal.security.TrustDecision.AcceptedNew;
import io.p2pchat.internal.security.TrustDecision.Refused;
import io.p2pchat.internal.security.TrustDecision.RefusedCrowded;
import io.p2pchat.internal.security.TrustDecision.RefusedInPlaceOfHolder;
import io.p2pchat.internal.security.TrustDecision.RefusedMismatch;
import io.p2pchat.internal.security.TrustDecision.RefusedPlain;
import io.p2pchat.internal.security.TrustDecision.RefusedStrict;
import io.p2pchat.internal.security.TrustDecision.Verified;
import io.p2pchat.internal.security.TrustDecision.VerifiedNewAddress;
import io.p2pchat.internal.security.TrustDecision.VerifiedRenamed;
import io.p2pchat.testing.Fingerprints;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/PROTOCOL.md, section 7, row by row. */
class TrustPolicyTest {
  private static final Fingerprint KEY = Fingerprints.random(new Random(1));
  private static final Fingerprint OTHER = Fingerprints.random(new Random(2));
  private static final Fingerprint THIRD = Fingerprints.random(new Random(3));
  private static final PeerAddress HERE = PeerAddress.parse("10.0.0.1:7070");
  private static final PeerAddress THERE = PeerAddress.parse("10.0.0.2:7070");
  private static final PeerAddress OTHER_PORT = PeerAddress.parse("10.0.0.1:7071");
  private static final Instant SINCE = Instant.parse("2026-01-31T09:30:00Z");
  private static final KnownPeer PIN = KnownPeersFormat.known("Netech", HERE, KEY, SINCE);
  private static final KnownPeerSet PINS = KnownPeerSet.NONE.with(PIN);

  private static TrustDecision judge(
      boolean strict, String team, PeerAddress address, Fingerprint key) {
    return new TrustPolicy(PINS, strict).judge(new PeerClaim(team, address, key));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void thisTeamHereByThisKeyIsVerified(boolean strict) {
    assertThat(judge(strict, "Netech", HERE, KEY)).isEqualTo(new Verified(PIN));
    assertThat(judge(strict, " Netech ", HERE, KEY)).isEqualTo(new Verified(PIN));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void thisTeamHereByAnotherKeyIsRefusedWithBothFingerprints(boolean strict) {
    TrustDecision decision = judge(strict, "Netech", HERE, OTHER);
    assertThat(decision).isEqualTo(new RefusedMismatch(PIN, OTHER));
    assertThat(decision.isAccepted()).isFalse();
    assertThat(((Refused) decision).reason())
        .contains("Netech", HERE.toString(), KEY.toString(), OTHER.toString(), SINCE.toString());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void thisTeamByThisKeyFromElsewhereIsVerified(boolean strict) {
    assertThat(judge(strict, "Netech", THERE, KEY)).isEqualTo(new VerifiedNewAddress());
    assertThat(judge(strict, "Netech", OTHER_PORT, KEY)).isInstanceOf(VerifiedNewAddress.class);
  }

  /** The key is right, but where it appears, its team is known by another. */
  @Test
  void aKeyFromElsewhereDoesNotReplaceTheOneKnownHere() {
    KnownPeer there = KnownPeersFormat.known("Netech", THERE, OTHER, SINCE);
    TrustDecision decision =
        new TrustPolicy(PINS.with(there), false).judge(new PeerClaim("Netech", THERE, KEY));
    assertThat(decision).isEqualTo(new RefusedMismatch(there, KEY));
  }

  /** Somebody who takes a name at a free address does not keep its owner from there. */
  @Test
  void keyThatHadTheNameFirstIsVerifiedWhereAnotherTookIt() {
    KnownPeer later = KnownPeersFormat.known("Netech", THERE, OTHER, SINCE.plusSeconds(1));
    KnownPeer moved = KnownPeersFormat.known("Netech", OTHER_PORT, KEY, SINCE.plusSeconds(2));
    TrustPolicy table = new TrustPolicy(PINS.with(later).with(moved), false);
    assertThat(table.judge(new PeerClaim("NETECH", THERE, KEY))).isEqualTo(new Verified(PIN));
    assertThat(table.judge(new PeerClaim("Netech", OTHER_PORT, OTHER)))
        .isEqualTo(new RefusedMismatch(moved, OTHER));
  }

  @Test
  void noneOfTheseIsNew() {
    TrustDecision decision = judge(false, "Other", THERE, OTHER);
    assertThat(decision).isEqualTo(new AcceptedNew(NameWarnings.NONE));
  }

  @Test
  void aNameKnownByOtherKeysElsewhereIsFlagged() {
    TrustDecision decision = judge(false, "Netech", THERE, OTHER);
    assertThat(decision)
        .isEqualTo(new AcceptedNew(new NameWarnings(List.of(PIN), List.of(), false)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"netech", "NETECH", "\uff2e\uff45\uff54\uff45\uff43\uff48", "\ud835\udc0detech"})
  void formsOfANameAreOneName(String form) {
    assertThat(judge(true, form, HERE, KEY)).isEqualTo(new Verified(PIN));
    assertThat(judge(true, form, THERE, KEY)).isEqualTo(new VerifiedNewAddress());
    assertThat(judge(false, form, HERE, OTHER)).isEqualTo(new RefusedMismatch(PIN, OTHER));
    assertThat(judge(false, form, THERE, OTHER))
        .isEqualTo(new AcceptedNew(new NameWarnings(List.of(PIN), List.of(), false)));
  }

  /** The place of a team is where it was too, not only where it was last. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void keyThatIsKnownUnderAnyNameDoesNotTakeThePlaceOfATeam(boolean strict) {
    KnownPeerSet pins =
        PINS.with(KnownPeersFormat.known("Netech", THERE, KEY, SINCE))
            .with(KnownPeersFormat.known("Other", HERE, OTHER, SINCE))
            .with(KnownPeersFormat.known("Netech", OTHER_PORT, THIRD, SINCE));
    TrustPolicy table = new TrustPolicy(pins, strict);
    for (Fingerprint key : List.of(OTHER, THIRD)) {
      assertThat(table.judge(new PeerClaim("Netech", HERE, key)))
          .isEqualTo(new RefusedMismatch(PIN, key));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void keyThatIsKnownUnderAnotherNameIsVerifiedAsRenamed(boolean strict) {
    KnownPeerSet pins = PINS.with(KnownPeersFormat.known("Old", THERE, KEY, SINCE));
    TrustPolicy table = new TrustPolicy(pins, strict);
    for (PeerAddress address : List.of(HERE, THERE, OTHER_PORT)) {
      assertThat(table.judge(new PeerClaim("New", address, KEY)))
          .isEqualTo(new VerifiedRenamed(List.of("Old", "Netech"), NameWarnings.NONE));
    }
  }

  @Test
  void keyThatTakesTheNameOfAnotherIsFlagged() {
    KnownPeer other = KnownPeersFormat.known("Other", THERE, OTHER, SINCE);
    TrustPolicy table = new TrustPolicy(PINS.with(other), true);
    assertThat(table.judge(new PeerClaim("other", OTHER_PORT, KEY)))
        .isEqualTo(
            new VerifiedRenamed(
                List.of("Netech"), new NameWarnings(List.of(other), List.of(), false)));
    assertThat(table.judge(new PeerClaim("0ther", OTHER_PORT, KEY)))
        .isEqualTo(
            new VerifiedRenamed(
                List.of("Netech"), new NameWarnings(List.of(), List.of(other), false)));
  }

  /** After DHCP, or when somebody else sits down at a machine. */
  @Test
  void anotherTeamAtAKnownAddressIsNewByAnotherKey() {
    assertThat(judge(false, "Other", HERE, OTHER)).isEqualTo(new AcceptedNew(NameWarnings.NONE));
    assertThat(judge(true, "Other", HERE, OTHER)).isInstanceOf(RefusedStrict.class);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aTeamKnownElsewhereMayComeToTheAddressOfAnother(boolean strict) {
    KnownPeerSet pins = PINS.with(KnownPeersFormat.known("Other", THERE, OTHER, SINCE));
    assertThat(new TrustPolicy(pins, strict).judge(new PeerClaim("Other", HERE, OTHER)))
        .isEqualTo(new VerifiedNewAddress());
  }

  @ParameterizedTest
  @CsvSource({
    "Net\u0435ch, true",
    "N3tech, false",
    "Net\u200btech, true",
    "\u039detech, true",
    "Netech\u200d, true",
    "Netecl\u0131, false"
  })
  void nameOfAStrangerThatLooksLikeAKnownOneIsFlagged(String name, boolean suspicious) {
    AcceptedNew decision = (AcceptedNew) judge(false, name, THERE, OTHER);
    assertThat(decision.warnings().otherKeys()).isEmpty();
    assertThat(decision.warnings().suspicious()).isEqualTo(suspicious);
  }

  @Test
  void lookAlikesAreThoseOfOtherKeysOnly() {
    AcceptedNew stranger = (AcceptedNew) judge(false, "N\u0435tech", THERE, OTHER);
    assertThat(stranger.warnings()).isEqualTo(new NameWarnings(List.of(), List.of(PIN), true));
    VerifiedRenamed itself = (VerifiedRenamed) judge(false, "N\u0435tech", THERE, KEY);
    assertThat(itself.warnings()).isEqualTo(new NameWarnings(List.of(), List.of(), true));
  }

  @Test
  void listsForTheUserAreBounded() {
    KnownPeerSet pins = KnownPeerSet.NONE;
    for (int i = 1; i <= 100; i++) {
      PeerAddress address = new PeerAddress("10.1.0." + i, 1);
      pins =
          pins.with(KnownPeersFormat.known("Bob", address, OTHER, SINCE))
              .with(KnownPeersFormat.known("B0b", address, OTHER, SINCE));
    }
    NameWarnings warnings = pins.warnings("bob", KEY);
    assertThat(warnings.otherKeys()).hasSize(KnownPeerSet.MOST_NAMED);
    assertThat(warnings.lookAlikes()).hasSize(KnownPeerSet.MOST_NAMED);
  }

  @Test
  void holderOfAnAddressIsTheFirstOfTheFile() {
    KnownPeerSet pins = PINS.with(KnownPeersFormat.known("Other", HERE, OTHER, SINCE));
    TrustPolicy table = new TrustPolicy(pins, false);
    assertThat(pins.holder(HERE)).contains(PIN);
    assertThat(pins.holder(THERE)).isEmpty();
    assertThat(table.refusesInPlaceOfHolder(HERE, KEY, "Netech")).isEmpty();
    assertThat(table.refusesInPlaceOfHolder(THERE, OTHER, "Other")).isEmpty();
    Refused refused = table.refusesInPlaceOfHolder(HERE, OTHER, "Other").orElseThrow();
    assertThat(refused.kind()).isEqualTo(TrustException.Reason.ADDRESS_CHANGED_HANDS);
    assertThat(refused.pin()).contains(PIN);
    assertThat(refused.reason())
        .contains("Netech", "Other", HERE.toString(), KEY.toString(), OTHER.toString());
    assertThat(table.refusesInPlaceOfHolder(HERE, null, null).orElseThrow().reason())
        .contains("Netech", "somebody else", "without a key");
  }

  @Test
  void addressesAndNamesOfAKeyAreTheLastRecordedFirst() {
    KnownPeerSet pins = PINS;
    for (int port = 1; port <= 10; port++) {
      PeerAddress address = new PeerAddress("10.0.0.9", port);
      pins = pins.with(KnownPeersFormat.known("Team " + port % 2, address, KEY, SINCE));
    }
    assertThat(pins.addresses(KEY))
        .extracting(PeerAddress::port)
        .containsExactly(10, 9, 8, 7, 6, 5, 4, 3);
    assertThat(pins.names(KEY)).containsExactly("Team 0", "Team 1", "Netech");
    assertThat(pins.addresses(OTHER)).isEmpty();
  }

  @Test
  void strictTrustTakesNobodyNew() {
    TrustDecision decision = judge(true, "Other", THERE, OTHER);
    assertThat(decision)
        .isEqualTo(new RefusedStrict(new PeerClaim("Other", THERE, OTHER)))
        .matches(refused -> !refused.isAccepted());
    assertThat(((Refused) decision).reason()).contains("Other", OTHER.toString(), THERE.toString());
    assertThat(judge(true, "Netech", THERE, OTHER)).isInstanceOf(RefusedStrict.class);
  }

  /** Whoever has one address of an IPv6 network has them all. */
  @Test
  void oneIpv6NetworkIsOneHost() {
    KnownPeerSet pins = KnownPeerSet.NONE;
    for (int i = 0; i < TrustPolicy.MOST_FROM_ONE_HOST; i++) {
      pins =
          pins.with(
              KnownPeersFormat.known(
                  "Team " + i, new PeerAddress("2001:db8::" + i, 7070), KEY, SINCE));
    }
    TrustPolicy table = new TrustPolicy(pins, false);
    assertThat(
            table.judge(new PeerClaim("Other", PeerAddress.parse("[2001:db8::9:9:9:9]:1"), OTHER)))
        .isInstanceOf(RefusedCrowded.class);
    assertThat(table.judge(new PeerClaim("Other", PeerAddress.parse("[2001:db8:0:1::1]:1"), OTHER)))
        .isInstanceOf(AcceptedNew.class);
  }

  @Test
  void aZoneMakesNoOtherAddress() {
    KnownPeer pin =
        KnownPeersFormat.known("Netech", PeerAddress.parse("[fe80::1]:7070"), KEY, SINCE);
    TrustPolicy table = new TrustPolicy(KnownPeerSet.NONE.with(pin), false);
    PeerAddress zoned = PeerAddress.parse("[fe80::1%1]:7070");
    assertThat(table.judge(new PeerClaim("Netech", zoned, OTHER)))
        .isEqualTo(new RefusedMismatch(pin, OTHER));
    assertThat(table.refusesPlain("Netech", zoned)).isPresent();
    assertThat(table.refusesInPlaceOfHolder(zoned, null, null)).isPresent();
  }

  @Test
  void messagesForWhoeverIsThereAreForTheFirstWhoWasKnownThere() {
    TrustPolicy table =
        new TrustPolicy(PINS.with(KnownPeersFormat.known("Other", HERE, OTHER, SINCE)), false);
    assertThat(table.refusesInPlaceOfHolder(HERE, KEY, null)).isEmpty();
    assertThat(table.refusesInPlaceOfHolder(HERE, OTHER, "Other"))
        .contains(new RefusedInPlaceOfHolder(PIN, Optional.of("Other"), Optional.of(OTHER)));
    assertThat(table.refusesInPlaceOfHolder(HERE, THIRD, null))
        .contains(new RefusedInPlaceOfHolder(PIN, Optional.empty(), Optional.of(THIRD)));
    assertThat(table.refusesInPlaceOfHolder(THERE, THIRD, null)).isEmpty();
  }

  /** As a person that takes the other's place would be: a person has to accept it. */
  @Test
  void ofTwoPeersOfOneNameThatSwapAddressesTheLaterIsRefused() {
    KnownPeer later = KnownPeersFormat.known("Netech", THERE, OTHER, SINCE.plusSeconds(1));
    KnownPeerSet pins = PINS.with(later);
    TrustPolicy table = new TrustPolicy(pins, false);
    assertThat(table.judge(new PeerClaim("Netech", THERE, KEY))).isEqualTo(new Verified(PIN));
    assertThat(table.judge(new PeerClaim("Netech", HERE, OTHER)))
        .isEqualTo(new RefusedMismatch(PIN, OTHER));
    KnownPeer accepted = KnownPeersFormat.known("Netech", HERE, OTHER, SINCE.plusSeconds(2));
    table = new TrustPolicy(pins.withHolder(accepted), false);
    assertThat(table.judge(new PeerClaim("Netech", HERE, OTHER))).isEqualTo(new Verified(accepted));
  }

  @Test
  void whereATeamIsKnownNothingGoesOutInPlain() {
    TrustPolicy table = new TrustPolicy(PINS, false);
    assertThat(table.refusesInPlaceOfHolder(HERE, null, null))
        .contains(new RefusedInPlaceOfHolder(PIN, Optional.empty(), Optional.empty()));
    assertThat(table.refusesInPlaceOfHolder(THERE, null, null)).isEmpty();
    assertThat(table.refusesInPlaceOfHolder(OTHER_PORT, null, null)).isEmpty();
  }

  @Test
  void whereATeamIsKnownItIsNotHeardInPlain() {
    TrustPolicy table = new TrustPolicy(PINS, false);
    assertThat(table.refusesPlain("Netech", HERE)).contains(new RefusedPlain(PIN));
    assertThat(table.refusesPlain("Netech", HERE).orElseThrow().reason())
        .contains("does not encrypt", KEY.toString());
    assertThat(table.refusesPlain("Netech", THERE)).isEmpty();
    assertThat(table.refusesPlain("Other", HERE)).isEmpty();
  }
}
