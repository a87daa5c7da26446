package io.p2pchat.cli.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.p2pchat.Delivery;
import io.p2pchat.Fingerprint;
import io.p2pchat.KnownPeer;
import io.p2pchat.PeerAddress;
import io.p2pchat.TrustException;
import io.p2pchat.TrustException.Reason;
import io.p2pchat.TrustException.Refusal;
import io.p2pchat.TrustStore;
import io.p2pchat.cli.output.Events;
import io.p2pchat.cli.output.KeyText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AddressConsentTest {
  private static final PeerAddress ADDRESS = PeerAddress.parse("10.0.0.1:7001");
  private static final Fingerprint BOB = Events.KEY;
  private static final Fingerprint CAROL = Events.OTHER_KEY;
  private static final Fingerprint DAN = Fingerprint.parse("fedcba98".repeat(8));

  @TempDir private Path directory;

  private final List<String> sent = new ArrayList<>();
  private TrustStore store;
  private AddressConsent consent;
  private Optional<Fingerprint> there = Optional.of(CAROL);
  private Optional<String> team = Optional.of("Carol");

  @BeforeEach
  void knowBobAndCarol() {
    store = TrustStore.open(directory.resolve("keys"));
    store.accept("Bob", ADDRESS, BOB);
    store.accept("Carol", PeerAddress.parse("10.0.0.2:7001"), CAROL);
    consent = new AddressConsent(() -> store);
  }

  /** Sends as a node does: to the holder of the address only. */
  private CompletableFuture<Delivery> send(String text, boolean typed) {
    return consent.send(ADDRESS, text, typed, () -> deliver(text));
  }

  private CompletableFuture<Delivery> deliver(String text) {
    if (Optional.of(holder()).equals(there)) {
      sent.add(text);
      return CompletableFuture.completedFuture(Delivery.ACKNOWLEDGED);
    }
    return CompletableFuture.failedFuture(new TrustException("changed hands", refusal()));
  }

  private Fingerprint holder() {
    return store.knownPeers().stream()
        .filter(peer -> peer.address().equals(ADDRESS))
        .map(KnownPeer::fingerprint)
        .findFirst()
        .orElseThrow();
  }

  private Refusal refusal() {
    return Refusal.of(
        ADDRESS,
        Optional.of("Bob"),
        Optional.of(BOB),
        there,
        Reason.ADDRESS_CHANGED_HANDS,
        false,
        team);
  }

  /** Sends, and is told that somebody else is there. */
  private void isNotSent(String text, boolean typed) {
    assertThatThrownBy(() -> send(text, typed).join()).hasCauseInstanceOf(TrustException.class);
    consent.told(ADDRESS, text, refusal());
    assertThat(sent).isEmpty();
  }

  @Test
  void toSendTheSameAgainAcceptsTheKey() {
    isNotSent("hello", true);
    assertThat(send("hello", true).join()).isEqualTo(Delivery.ACKNOWLEDGED);
    assertThat(sent).containsExactly("hello");
    assertThat(holder()).isEqualTo(CAROL);
    assertThat(store.knownPeers()).extracting(KnownPeer::fingerprint).contains(BOB);
  }

  /** The user was told of Carol, whatever other names the key had elsewhere. */
  @Test
  void theKeyIsAcceptedUnderTheNameThatTheUserWasTold() {
    store.accept("Bob", PeerAddress.parse("10.0.0.3:7001"), CAROL);
    isNotSent("hello", true);
    send("hello", true).join();
    assertThat(store.knownPeers())
        .filteredOn(peer -> peer.address().equals(ADDRESS))
        .extracting(KnownPeer::teamName, KnownPeer::fingerprint)
        .containsExactly(tuple("Carol", CAROL), tuple("Bob", BOB));
  }

  @Test
  void anotherTextOrAPastedOneAcceptsNothing() {
    isNotSent("hello", true);
    isNotSent("hello?", true);
    isNotSent("hello", false);
    assertThat(holder()).isEqualTo(BOB);
  }

  @Test
  void whatTheUserWasNotToldAcceptsNothing() {
    assertThatThrownBy(() -> send("hello", true).join()).hasCauseInstanceOf(TrustException.class);
    assertThatThrownBy(() -> send("hello", true).join()).hasCauseInstanceOf(TrustException.class);
    assertThat(holder()).isEqualTo(BOB);
  }

  @Test
  void consentIsForOneKeyOnly() {
    isNotSent("hello", true);
    there = Optional.of(DAN);
    isNotSent("hello", true);
    assertThat(holder()).isEqualTo(BOB);
  }

  @Test
  void nothingIsAcceptedIfTheKnownPeerIsBack() {
    isNotSent("hello", true);
    there = Optional.of(BOB);
    send("hello", true).join();
    assertThat(sent).containsExactly("hello");
    assertThat(holder()).isEqualTo(BOB);
  }

  @Test
  void whoeverDoesNotEncryptIsNotAccepted() {
    there = Optional.empty();
    isNotSent("hello", true);
    isNotSent("hello", true);
    assertThat(holder()).isEqualTo(BOB);
  }

  /** The peer has a new key at each start, so the file has none of it. */
  @Test
  void anUnknownKeyIsAcceptedUnderItsTeam() {
    there = Optional.of(DAN);
    isNotSent("hello", true);
    send("hello", true).join();
    assertThat(store.knownPeers())
        .filteredOn(peer -> peer.fingerprint().equals(DAN))
        .extracting(KnownPeer::teamName)
        .containsExactly("Carol");
    assertThat(holder()).isEqualTo(DAN);
  }

  /** The dial ended at a key that nobody has met, before its peer said its name. */
  @Test
  void anUnknownKeyWithoutATeamIsAcceptedUnderItsDigits() {
    there = Optional.of(DAN);
    team = Optional.empty();
    isNotSent("hello", true);
    assertThat(send("hello", true).join()).isEqualTo(Delivery.ACKNOWLEDGED);
    assertThat(store.knownPeers())
        .filteredOn(peer -> peer.address().equals(ADDRESS))
        .extracting(KnownPeer::teamName, KnownPeer::fingerprint)
        .containsExactly(tuple(KeyText.of(DAN), DAN), tuple("Bob", BOB));
  }

  @Test
  void anAcceptedKeyIsInPlaceOfTheOldOneAtEachAddressOfThePeer() {
    PeerAddress other = PeerAddress.parse("[fe80::1]:7001");
    store.accept("bob", other, BOB);
    store.accept("Carol", other, CAROL);
    store.accept("Robert", other, BOB);
    Refusal refused =
        Refusal.of(
            ADDRESS,
            Optional.of("Bob"),
            Optional.of(BOB),
            Optional.of(DAN),
            Reason.KEY,
            false,
            Optional.of("Bob"));
    consent.accept(refused).join();
    assertThat(holder()).isEqualTo(DAN);
    assertThat(store.knownPeers())
        .filteredOn(peer -> peer.address().equals(other))
        .extracting(KnownPeer::teamName, KnownPeer::fingerprint)
        .containsExactly(tuple("Robert", BOB), tuple("Carol", CAROL), tuple("bob", DAN));
  }

  @Test
  void furtherMessagesGoAfterTheAcceptedOne() {
    isNotSent("first", true);
    CompletableFuture<Delivery> first = new CompletableFuture<>();
    CompletableFuture<Delivery> again =
        consent.send(ADDRESS, "first", true, () -> first.whenComplete((d, f) -> sent.add("first")));
    CompletableFuture<Delivery> second = send("second", true);
    CompletableFuture<Delivery> third = send("third", true);
    assertThat(sent).isEmpty();
    there = Optional.of(BOB);
    first.complete(Delivery.ACKNOWLEDGED);
    CompletableFuture.allOf(again, second, third).join();
    assertThat(sent).containsExactly("first", "second", "third");
  }
}
