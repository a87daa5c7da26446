package io.p2pchat.internal.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.p2pchat.Fingerprint;
import io.p2pchat.KnownPeer;
import io.p2pchat.PeerAddress;
import io.p2pchat.TrustStoreException;
import io.p2pchat.internal.security.TrustDecision.AcceptedAgain;
import io.p2pchat.internal.security.TrustDecision.AcceptedNew;
import io.p2pchat.internal.security.TrustDecision.RefusedFull;
import io.p2pchat.internal.security.TrustDecision.RefusedMismatch;
import io.p2pchat.internal.security.TrustDecision.RefusedStrict;
import io.p2pchat.internal.security.TrustDecision.Verified;
import io.p2pchat.internal.security.TrustDecision.VerifiedNewAddress;
import io.p2pchat.internal.security.TrustDecision.VerifiedRenamed;
import io.p2pchat.testing.Fingerprints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KnownPeersFileTest {
  private static final Instant NOW = Instant.parse("2026-01-31T09:30:00Z");
  private static final Fingerprint KEY = Fingerprints.random(new Random(1));
  private static final Fingerprint OTHER = Fingerprints.random(new Random(2));
  private static final PeerAddress HERE = PeerAddress.parse("10.0.0.1:7070");
  private static final PeerAddress THERE = PeerAddress.parse("[2001:db8::2]:7070");

  @TempDir Path parent;
  private Path file;
  private KnownPeersFile peers;
  private Instant now = NOW;

  @BeforeEach
  void open() throws IOException {
    PrivateDirectory.open(parent.resolve("data"));
    file = parent.resolve("data").toRealPath().resolve("known_peers");
    peers = another();
  }

  private KnownPeersFile another() {
    return new KnownPeersFile(PrivateDirectory.open(parent.resolve("data")), () -> now);
  }

  private void aMinuteLater() {
    now = now.plus(KnownPeersFile.BETWEEN_LINES);
  }

  private static PeerClaim claim(String team, PeerAddress address, Fingerprint key) {
    return new PeerClaim(team, address, key);
  }

  /** As the owner writes it who has made it private. */
  private void write(String content) throws IOException {
    Files.createFile(file, PrivateFiles.file(file));
    Files.writeString(file, content);
  }

  @Test
  void noFileIsNoPins() {
    assertThat(peers.peers().all()).isEmpty();
    assertThat(peers.remove("Netech", HERE)).isFalse();
    assertThat(file).doesNotExist();
  }

  @Test
  void whoUsesANewPortEachTimeIsKnownByAFewOfThem() {
    for (int port = 1; port <= 100; port++) {
      aMinuteLater();
      PeerAddress address = new PeerAddress("10.0.0.1", port);
      assertThat(peers.admit(claim("Netech", address, KEY), false).isAccepted()).isTrue();
    }
    assertThat(peers.peers().all())
        .extracting(pin -> pin.address().port())
        .containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
    assertThat(peers.admit(claim("Other", HERE, OTHER), false)).isInstanceOf(AcceptedNew.class);
  }

  @Test
  void whoUsesANewAddressOfItsNetworkEachTimeIsKnownByAFewOfThem() {
    for (int i = 1; i <= 20; i++) {
      aMinuteLater();
      PeerAddress address = new PeerAddress("2001:db8::" + i, 7070);
      assertThat(peers.admit(claim("Netech", address, KEY), false).isAccepted()).isTrue();
    }
    assertThat(peers.peers().all()).hasSize(KnownPeersFile.MOST_LINES_OF_HOST);
  }

  @Test
  void someoneNewIsRecordedAndKnownFromThenOn() throws IOException {
    assertThat(peers.admit(claim("Netech", HERE, KEY), false)).isInstanceOf(AcceptedNew.class);
    KnownPeer pin = KnownPeersFormat.known("Netech", HERE, KEY, NOW);
    assertThat(Files.readAllLines(file))
        .containsExactly(
            "# Known peers, a line each: address | fingerprint | first seen | team",
            KnownPeersFormat.format(pin));
    assertThat(another().admit(claim("Netech", HERE, KEY), true)).isEqualTo(new Verified(pin));
    assertThat(another().admit(claim("Netech", HERE, OTHER), false))
        .isEqualTo(new RefusedMismatch(pin, OTHER));
    assertThat(another().peers().all()).containsExactly(pin);
  }

  /** Otherwise whoever sets the clock back, or hurries, could take the place of a peer. */
  @ParameterizedTest
  @CsvSource({"-3600, false", "-3600, true", "0, false", "0, true"})
  void whoComesLaterIsNotFirstWhateverTheClockSays(int seconds, boolean temporary) {
    peers.admit(claim("Bob", HERE, KEY), false);
    now = NOW.plusSeconds(seconds);
    PeerAddress free = PeerAddress.parse("10.0.0.3:7070");
    PeerClaim elsewhere = new PeerClaim("bob", free, OTHER, temporary, false);
    assertThat(peers.admit(elsewhere, false)).isInstanceOf(AcceptedNew.class);
    assertThat(peers.admit(new PeerClaim("Bob", HERE, OTHER, temporary, false), false))
        .isInstanceOf(RefusedMismatch.class);
    assertThat(peers.admit(claim("Bob", free, KEY), false)).isInstanceOf(Verified.class);
  }

  @Test
  void aNewAddressIsRecordedAndTheOldOneStaysPinned() {
    peers.admit(claim("Netech", HERE, KEY), false);
    aMinuteLater();
    assertThat(peers.admit(claim("Netech", THERE, KEY), true))
        .isInstanceOf(VerifiedNewAddress.class);
    assertThat(peers.peers().byFingerprint("Netech", KEY))
        .extracting(KnownPeer::address)
        .containsExactly(HERE, THERE);
  }

  @Test
  void whoIsRefusedIsNotRecorded() {
    assertThat(peers.admit(claim("Netech", HERE, KEY), true)).isInstanceOf(RefusedStrict.class);
    assertThat(file).doesNotExist();
  }

  @Test
  void aPersonAcceptsAndRemoves() {
    assertThat(peers.add(KnownPeersFormat.known("Netech", HERE, KEY, Instant.EPOCH))).isTrue();
    assertThat(peers.add(KnownPeersFormat.known("Netech", HERE, OTHER, NOW))).isFalse();
    peers.accept(claim("Netech", HERE, KEY));
    assertThat(peers.peers().all())
        .containsExactly(KnownPeersFormat.known("Netech", HERE, KEY, Instant.EPOCH));
    peers.accept(claim("Netech", HERE, OTHER));
    assertThat(peers.peers().all())
        .containsExactly(KnownPeersFormat.known("Netech", HERE, OTHER, NOW));
    assertThat(peers.remove("Netech", HERE)).isTrue();
    assertThat(another().peers().all()).isEmpty();
  }

  @Test
  void whatAPersonWritesMeanwhileCounts() throws IOException {
    peers.add(KnownPeersFormat.known("Netech", HERE, KEY, NOW));
    assertThat(peers.peers().all()).hasSize(1);
    Files.writeString(
        file,
        "# by hand\n" + KnownPeersFormat.format(KnownPeersFormat.known("Mine", THERE, OTHER, NOW)));
    assertThat(peers.peers().all()).extracting(KnownPeer::teamName).containsExactly("Mine");
    peers.add(KnownPeersFormat.known("Netech", HERE, KEY, NOW));
    assertThat(Files.readAllLines(file)).hasSize(3).startsWith("# by hand");
    Files.delete(file);
    assertThat(peers.peers().all()).isEmpty();
  }

  @Test
  void anUnchangedFileIsNotReadAgain() {
    peers.add(KnownPeersFormat.known("Netech", HERE, KEY, NOW));
    assertThat(peers.peers()).isSameAs(peers.peers());
  }

  @Test
  void aBrokenFileIsNamedWithItsLineAndNeverWrittenTo() throws IOException {
    String broken =
        "#\n"
            + KnownPeersFormat.format(KnownPeersFormat.known("a", HERE, KEY, NOW))
            + "\n10.0.0.1:7070 Netech\n";
    write(broken);
    List<Runnable> uses =
        List.of(
            () -> peers.peers(),
            () -> peers.add(KnownPeersFormat.known("Netech", THERE, KEY, NOW)),
            () -> peers.remove("a", HERE),
            () -> peers.accept(claim("a", HERE, KEY)),
            () -> peers.admit(claim("a", HERE, KEY), false));
    for (Runnable use : uses) {
      assertThatExceptionOfType(TrustStoreException.class)
          .isThrownBy(use::run)
          .withMessageStartingWith(file + ": line 3: it has 1 fields");
    }
    assertThat(file).hasContent(broken);
  }

  @Test
  void aFullFileTakesNobodyNew() throws IOException {
    String pin = KnownPeersFormat.format(KnownPeersFormat.known("Netech", HERE, KEY, NOW));
    write(pin + "\n" + "#\n".repeat(KnownPeerSet.MAX_LINES - 1));
    assertThatExceptionOfType(TrustStoreException.class)
        .isThrownBy(() -> peers.admit(claim("Other", THERE, OTHER), false))
        .withMessageStartingWith(file + ": it has 65536 lines");
    assertThat(peers.admit(claim("Netech", HERE, KEY), false).isAccepted()).isTrue();
    peers.accept(claim("Netech", HERE, OTHER));
    assertThat(peers.peers().find("Netech", HERE).orElseThrow().fingerprint()).isEqualTo(OTHER);
  }

  @Test
  void fileWithManyPinsTakesOnlyThoseThatAPersonAdds() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 1; i < KnownPeerSet.MOST_UNASKED; i++) {
      PeerAddress address = new PeerAddress("10.1." + i / 256 + "." + i % 256, 1);
      text.append(KnownPeersFormat.format(KnownPeersFormat.known("Team " + i, address, OTHER, NOW)))
          .append('\n');
    }
    write(text.toString());
    assertThat(peers.admit(claim("Netech", HERE, KEY), false)).isInstanceOf(AcceptedNew.class);
    List<String> lines = Files.readAllLines(file);
    PeerClaim newcomer = claim("Other", THERE, key(3));
    assertThat(peers.judge(newcomer, false))
        .contains(new RefusedFull(newcomer, KnownPeerSet.MOST_UNASKED));
    assertThat(peers.admit(newcomer, false)).isInstanceOf(RefusedFull.class);
    aMinuteLater();
    // Known by its key elsewhere, so taken, and not recorded here.
    assertThat(peers.judge(claim("Netech", THERE, KEY), false).orElseThrow().isAccepted()).isTrue();
    assertThat(Files.readAllLines(file)).isEqualTo(lines);
    peers.accept(newcomer);
    assertThat(peers.admit(newcomer, true).isAccepted()).isTrue();
    assertThat(Files.readAllLines(file)).hasSize(lines.size() + 1);
  }

  @Test
  void temporaryKeysAreKnownInMemoryAndTheOldestOfAHostMakesRoom() {
    peers.add(KnownPeersFormat.known("Netech", HERE, KEY, NOW));
    PeerAddress elsewhere = PeerAddress.parse("10.0.0.2:1");
    assertThat(peers.judge(temporary(elsewhere, OTHER), false))
        .contains(new AcceptedNew(NameWarnings.NONE));
    for (int port = 1; port <= 100; port++) {
      assertThat(peers.judge(temporary(new PeerAddress("10.0.0.1", port), key(port)), false))
          .get()
          .isInstanceOf(AcceptedNew.class);
    }
    assertThat(peers.peers().all()).hasSize(1);
    KnownPeerSet current = peers.current();
    assertThat(current.find("Any", new PeerAddress("10.0.0.1", 36))).isEmpty();
    assertThat(current.find("Any", new PeerAddress("10.0.0.1", 37))).isPresent();
    assertThat(current.find("Any", elsewhere)).isPresent();
    assertThat(peers.judge(temporary(new PeerAddress("10.0.0.1", 99), key(100)), false))
        .get()
        .isInstanceOf(RefusedMismatch.class);
    assertThat(peers.judge(new PeerClaim("Netech", HERE, OTHER, true, false), false))
        .get()
        .isInstanceOf(RefusedMismatch.class);
    assertThat(peers.judge(temporary(THERE, key(0)), true)).get().isInstanceOf(RefusedStrict.class);
    // They keep nobody out who is to be recorded.
    assertThat(peers.admit(claim("Other", new PeerAddress("10.0.0.1", 1000), key(1000)), false))
        .isInstanceOf(AcceptedNew.class);
    assertThat(peers.peers().all()).hasSize(2);
  }

  @Test
  void temporaryKeysAreBoundedInAll() {
    List<PeerAddress> addresses = new ArrayList<>();
    for (int i = 0; i < KnownPeersFile.MOST_TEMPORARY + 10; i++) {
      PeerAddress address = new PeerAddress("10.0." + i / 256 + "." + i % 256, 1);
      addresses.add(address);
      peers.judge(temporary(address, key(i)), false);
    }
    KnownPeerSet current = peers.current();
    assertThat(addresses)
        .filteredOn(current::isPinned)
        .hasSize(KnownPeersFile.MOST_TEMPORARY)
        .doesNotContain(addresses.get(9));
    assertThat(file).doesNotExist();
  }

  @Test
  void temporaryKeyAtManyAddressesIsBounded() {
    for (int i = 0; i < 100; i++) {
      PeerAddress address = new PeerAddress("10.0.1." + i, 1);
      assertThat(peers.judge(temporary(address, OTHER), false).orElseThrow().isAccepted()).isTrue();
    }
    assertThat(peers.current().byFingerprint(OTHER)).hasSize(KnownPeersFile.MOST_LINES);
  }

  // ---- known keys at new addresses and under new names

  @Test
  void oneLineAMinuteIsRecordedForAKey() {
    peers.admit(claim("Netech", HERE, KEY), false);
    assertThat(peers.judge(claim("Netech", THERE, KEY), true)).contains(new VerifiedNewAddress());
    assertThat(peers.judge(claim("New", THERE, KEY), true))
        .get()
        .isInstanceOf(VerifiedRenamed.class);
    assertThat(peers.peers().all()).hasSize(1);
    // Another process, or the same one after a restart, counts with it.
    now = NOW.plusSeconds(59);
    assertThat(another().judge(claim("Netech", THERE, KEY), true)).isPresent();
    now = NOW.plusSeconds(60);
    assertThat(peers.admit(claim("New", THERE, KEY), true)).isInstanceOf(VerifiedRenamed.class);
    assertThat(peers.judge(claim("New", THERE, KEY), true)).get().isInstanceOf(Verified.class);
    assertThat(peers.judge(claim("Netech", THERE, KEY), true)).contains(new VerifiedNewAddress());
    assertThat(peers.peers().all()).hasSize(2);
  }

  /** Without a line it is no less the peer that is there. */
  @Test
  void placeOfAKnownKeyIsItsOwnAlsoWithoutALine() {
    PeerAddress elsewhere = new PeerAddress("10.0.0.8", 1);
    peers.admit(claim("Bob", HERE, KEY), false);
    peers.judge(claim("Bob", elsewhere, KEY), false);
    peers.judge(claim("Bob", THERE, KEY), false);
    peers.judge(claim("Rob", HERE, KEY), false);
    for (PeerClaim imposture : List.of(claim("BOB", THERE, OTHER), claim("Rob", HERE, OTHER))) {
      assertThat(peers.judge(imposture, false)).get().isInstanceOf(RefusedMismatch.class);
      assertThat(peers.admit(imposture, false)).isInstanceOf(RefusedMismatch.class);
    }
    assertThat(peers.places().holder(THERE).orElseThrow().fingerprint()).isEqualTo(KEY);
    assertThat(peers.admit(claim("Zed", THERE, OTHER), false)).isInstanceOf(AcceptedNew.class);
    assertThat(peers.peers().at(THERE))
        .extracting(KnownPeer::teamName)
        .containsExactly("Bob", "Zed");
    // Who uses many addresses has a place at the last ones. Who is forgotten has none.
    for (int port = 1; port <= KnownPeerSet.MOST_ADDRESSES; port++) {
      peers.judge(claim("Bob", new PeerAddress("10.0.0.9", port), KEY), false);
    }
    assertThat(peers.judge(claim("Bob", new PeerAddress("10.0.0.9", 8), OTHER), false))
        .get()
        .isInstanceOf(RefusedMismatch.class);
    assertThat(peers.judge(claim("Bob", elsewhere, OTHER), false).orElseThrow().isAccepted())
        .isTrue();
    peers.remove("Bob", HERE);
    peers.remove("Bob", THERE);
    assertThat(peers.places().isPinned(new PeerAddress("10.0.0.9", 8))).isFalse();
    assertThat(peers.admit(claim("Bob", new PeerAddress("10.0.0.9", 8), key(3)), false))
        .isInstanceOf(AcceptedNew.class);
  }

  /** Keys at the host of a peer, or at many hosts, do not make this node forget its place. */
  @ParameterizedTest
  @CsvSource({"1, 8", "1, 1", "40, 8"})
  void placeWithoutALineIsNotPushedOutByOtherKeys(int hosts, int names) {
    PeerAddress place = new PeerAddress("10.0.0.1", 9);
    peers.admit(claim("Bob", HERE, KEY), false);
    peers.judge(claim("Bob", place, KEY), false);
    for (int i = 0; i < 160; i++) {
      PeerAddress address = new PeerAddress("10.0.0." + (1 + i % hosts), 1000 + i);
      peers.admit(claim("Team " + i, new PeerAddress("10.1.0." + i, 1), key(i)), false);
      for (int name = 0; name < names; name++) {
        peers.judge(claim("Name " + name, address, key(i)), false);
      }
    }
    assertThat(peers.judge(claim("Bob", place, OTHER), false))
        .get()
        .isInstanceOf(RefusedMismatch.class);
  }

  /** A clock that was wrong does not keep a key from being recorded. */
  @Test
  void lineOfTheFutureIsNotARecentOne() {
    peers.add(KnownPeersFormat.known("Netech", HERE, KEY, NOW.plusSeconds(3600)));
    peers.admit(claim("Netech", THERE, KEY), true);
    assertThat(peers.peers().all()).hasSize(2);
  }

  @Test
  void addressesAndNamesOfAKeyAreBounded() {
    for (int i = 0; i < 200; i++) {
      aMinuteLater();
      PeerAddress address = new PeerAddress("10.0." + i / 8 + ".1", 1 + i % 8);
      assertThat(peers.admit(claim("Team " + i % 3, address, KEY), false).isAccepted()).isTrue();
    }
    assertThat(peers.peers().all()).hasSize(KnownPeersFile.MOST_LINES);
    for (int i = 0; i < 20; i++) {
      aMinuteLater();
      PeerAddress address = new PeerAddress("10.9.0.1", 1);
      assertThat(peers.admit(claim("Team " + i, address, OTHER), false).isAccepted()).isTrue();
    }
    assertThat(peers.peers().byFingerprint(OTHER)).hasSize(KnownPeersFile.MOST_LINES_OF_HOST);
  }

  @Test
  void linkLocalAddressOfAKeyIsLastHoweverNewItIs() {
    PeerAddress linkLocal = PeerAddress.parse("[fe80::1]:7000");
    for (PeerAddress address : List.of(HERE, THERE, linkLocal)) {
      aMinuteLater();
      peers.admit(claim("Netech", address, KEY), false);
    }
    assertThat(peers.peers().addresses(KEY)).containsExactly(THERE, HERE, linkLocal);
  }

  /** The names of one host are bounded, and renaming is no way around. */
  @Test
  void newNamesOfKnownKeysDoNotCrowdAHost() {
    for (int i = 0; i < TrustPolicy.MOST_FROM_ONE_HOST; i++) {
      peers.add(
          KnownPeersFormat.known("Team " + i, new PeerAddress("10.0.0.1", 1 + i), key(i), NOW));
    }
    aMinuteLater();
    assertThat(peers.judge(claim("Again", new PeerAddress("10.0.0.1", 1), key(0)), true))
        .get()
        .isInstanceOf(VerifiedRenamed.class);
  }

  @Test
  void claimTakesTheAddressFromNoHolder() {
    peers.admit(claim("Bob", HERE, KEY), false);
    peers.admit(claim("Carol", HERE, OTHER), false);
    peers.admit(claim("Dave", THERE, key(3)), false);
    aMinuteLater();
    peers.admit(claim("Dave", HERE, key(3)), false);
    assertThat(peers.peers().at(HERE))
        .extracting(KnownPeer::teamName)
        .containsExactly("Bob", "Carol", "Dave");
    assertThat(peers.peers().holder(HERE).orElseThrow().fingerprint()).isEqualTo(KEY);
  }

  // ---- peers that stay for a few messages only

  @Test
  void briefPeerIsRecordedNowhereAndIsNewOnce() {
    PeerClaim first = new PeerClaim("Bob", HERE, KEY, false, true);
    assertThat(peers.judge(first, false)).contains(new AcceptedNew(NameWarnings.NONE));
    assertThat(peers.judge(new PeerClaim("BOB", THERE, KEY, false, true), false))
        .contains(new AcceptedAgain());
    assertThat(peers.current().isPinned(HERE)).isFalse();
    assertThat(file).doesNotExist();
    assertThat(peers.judge(first, true)).get().isInstanceOf(RefusedStrict.class);
    // It does not keep anybody from its address.
    assertThat(peers.admit(claim("Bob", HERE, OTHER), false)).isInstanceOf(AcceptedNew.class);
    // It is recorded when it stays.
    assertThat(peers.admit(claim("Bob", THERE, KEY), false)).isInstanceOf(AcceptedNew.class);
    assertThat(peers.peers().all()).hasSize(2);
  }

  @Test
  void briefVisitsOfAKnownKeyChangeNothing() throws IOException {
    peers.admit(claim("Bob", HERE, KEY), false);
    byte[] before = Files.readAllBytes(file);
    for (int port = 1; port <= 20; port++) {
      aMinuteLater();
      PeerAddress address = new PeerAddress("10.0.0.1", port);
      assertThat(peers.judge(new PeerClaim("Bob", address, KEY, false, true), true))
          .contains(new VerifiedNewAddress());
      assertThat(peers.judge(new PeerClaim("Bobby", address, KEY, false, true), true))
          .get()
          .isInstanceOf(VerifiedRenamed.class);
    }
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
    assertThat(peers.judge(new PeerClaim("Bob", HERE, OTHER, false, true), false))
        .get()
        .isInstanceOf(RefusedMismatch.class);
  }

  @Test
  void briefPeersAreBoundedByHost() {
    for (int i = 0; i <= TrustPolicy.MOST_FROM_ONE_HOST; i++) {
      assertThat(peers.judge(new PeerClaim("Bob", HERE, key(i), false, true), false))
          .get()
          .isInstanceOf(AcceptedNew.class);
    }
    assertThat(peers.judge(new PeerClaim("Bob", HERE, key(0), false, true), false))
        .get()
        .isInstanceOf(AcceptedNew.class);
    assertThat(peers.judge(new PeerClaim("Bob", HERE, key(9), false, true), false))
        .contains(new AcceptedAgain());
  }

  // ---- accepted by a person

  @Test
  void acceptedKeyIsTheHolder() {
    peers.add(KnownPeersFormat.known("Ann", THERE, key(3), NOW));
    peers.add(KnownPeersFormat.known("Bob", HERE, KEY, NOW));
    peers.add(KnownPeersFormat.known("Carol", HERE, OTHER, NOW));
    aMinuteLater();
    peers.accept(claim("Carol", HERE, OTHER));
    assertThat(peers.peers().all())
        .containsExactly(
            KnownPeersFormat.known("Ann", THERE, key(3), NOW),
            KnownPeersFormat.known("Carol", HERE, OTHER, NOW),
            KnownPeersFormat.known("Bob", HERE, KEY, NOW));
    peers.accept(claim("Bob", HERE, key(4)));
    assertThat(peers.peers().at(HERE))
        .containsExactly(
            KnownPeersFormat.known("Bob", HERE, key(4), now),
            KnownPeersFormat.known("Carol", HERE, OTHER, NOW));
    assertThat(peers.judge(claim("Bob", HERE, KEY), false))
        .get()
        .isInstanceOf(RefusedMismatch.class);
  }

  @Test
  void aKeyIsReplacedWhereverTheTeamHasIt() {
    peers.add(KnownPeersFormat.known("Carol", THERE, OTHER, NOW));
    peers.add(KnownPeersFormat.known("bob", THERE, KEY, NOW));
    peers.add(KnownPeersFormat.known("Bob", HERE, KEY, NOW));
    peers.add(KnownPeersFormat.known("Robert", HERE, KEY, NOW));
    aMinuteLater();
    assertThat(peers.replace("Bob", KEY, key(3))).isTrue();
    assertThat(peers.peers().all())
        .containsExactly(
            KnownPeersFormat.known("Carol", THERE, OTHER, NOW),
            KnownPeersFormat.known("bob", THERE, key(3), now),
            KnownPeersFormat.known("Bob", HERE, key(3), now),
            KnownPeersFormat.known("Robert", HERE, KEY, NOW));
    assertThat(peers.replace("Bob", KEY, key(4))).isFalse();
  }

  /** A file of before, in which they were several names. */
  @Test
  void acceptReplacesAllFormsOfTheNameThere() {
    peers.add(KnownPeersFormat.known("Bob", HERE, KEY, NOW));
    peers.change(set -> set.with(KnownPeersFormat.known("BOB", HERE, OTHER, NOW)));
    assertThat(peers.judge(claim("bob", HERE, OTHER), true)).get().isInstanceOf(Verified.class);
    peers.accept(claim("bob", HERE, key(3)));
    assertThat(peers.peers().all())
        .containsExactly(KnownPeersFormat.known("bob", HERE, key(3), NOW));
    assertThat(peers.remove("BOB", HERE)).isTrue();
    assertThat(peers.peers().all()).isEmpty();
  }

  @Test
  void knownKeyIsAcceptedWithoutItsTeam() {
    peers.add(KnownPeersFormat.known("Bob", HERE, KEY, NOW));
    peers.add(KnownPeersFormat.known("Carol", THERE, OTHER, NOW));
    peers.add(KnownPeersFormat.known("Caroline", new PeerAddress("10.0.0.7", 1), OTHER, NOW));
    peers.accept(HERE, OTHER);
    assertThat(peers.peers().at(HERE))
        .extracting(KnownPeer::teamName)
        .containsExactly("Caroline", "Bob");
    peers.accept(THERE, OTHER);
    assertThat(peers.peers().at(THERE)).extracting(KnownPeer::teamName).containsExactly("Carol");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> peers.accept(HERE, key(3)))
        .withMessage("the key " + key(3) + " is not known at any address: name its team too");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> peers.accept(PeerAddress.parse("host:1"), OTHER))
        .withMessageContaining("not for a host name");
  }

  /** Who consents to a key that came as Mallory does not consent to it as Bob. */
  @Test
  void acceptedKeyTakesNoNameOfAnotherThereUnasked() {
    peers.add(KnownPeersFormat.known("Bob", HERE, KEY, NOW));
    peers.add(KnownPeersFormat.known("Mallory", THERE, OTHER, NOW));
    peers.add(KnownPeersFormat.known("bob", new PeerAddress("10.0.0.7", 1), OTHER, NOW));
    peers.accept(HERE, OTHER);
    assertThat(peers.peers().at(HERE))
        .extracting(KnownPeer::teamName)
        .containsExactly("Mallory", "Bob");
  }

  @Test
  void keyWhoseNamesAreAllOfOthersThereNeedsItsTeam() {
    peers.add(KnownPeersFormat.known("Bob", HERE, KEY, NOW));
    peers.add(KnownPeersFormat.known("bob", THERE, OTHER, NOW));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> peers.accept(HERE, OTHER))
        .withMessageContaining("another key has each name of the key " + OTHER)
        .withMessageContaining("name its team too");
    assertThat(peers.peers().at(HERE)).extracting(KnownPeer::fingerprint).containsExactly(KEY);
    peers.accept(claim("bob", HERE, OTHER));
    assertThat(peers.peers().at(HERE)).extracting(KnownPeer::fingerprint).containsExactly(OTHER);
  }

  @Test
  void keyThatAPersonAcceptsTakesThePlaceOfATemporaryOne() {
    assertThat(peers.judge(temporary(HERE, KEY), false))
        .contains(new AcceptedNew(NameWarnings.NONE));
    peers.accept(claim("Any", HERE, OTHER));
    assertThat(peers.judge(temporary(HERE, OTHER), false)).get().isInstanceOf(Verified.class);
    assertThat(peers.judge(temporary(HERE, KEY), false)).get().isInstanceOf(RefusedMismatch.class);
  }

  private static PeerClaim temporary(PeerAddress address, Fingerprint key) {
    return new PeerClaim("Any", address, key, true, false);
  }

  private static Fingerprint key(int seed) {
    return Fingerprints.random(new Random(1000 + seed));
  }

  @Test
  void whatIsWrittenIsNotReadAgain() throws IOException {
    peers.admit(claim("Netech", HERE, KEY), false);
    KnownPeerSet written = peers.peers();
    assertThat(peers.peers()).isSameAs(written);
    peers.admit(claim("Other", THERE, OTHER), false);
    assertThat(peers.peers()).isNotEqualTo(written).isEqualTo(another().peers());
  }

  @Test
  void itIsWrittenForTheOwnerOnly() throws IOException {
    peers.add(KnownPeersFormat.known("Netech", HERE, KEY, NOW));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(file.resolveSibling("known_peers.new")).doesNotExist();
  }

  @Test
  void symbolicLinkStaysAndItsTargetIsWritten() throws IOException {
    Path target = parent.resolve("elsewhere");
    Files.createSymbolicLink(file, Files.createSymbolicLink(parent.resolve("between"), target));
    peers.add(KnownPeersFormat.known("Netech", HERE, KEY, NOW));
    peers.add(KnownPeersFormat.known("Netech", THERE, KEY, NOW));
    assertThat(file).isSymbolicLink();
    assertThat(Files.readAllLines(target)).hasSize(3);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target)))
        .isEqualTo("rw-------");
    assertThat(another().peers().all()).hasSize(2);
    assertThat(parent.resolve("elsewhere.new")).doesNotExist();
  }

  @Test
  void symbolicLinkToItselfIsNamed() throws IOException {
    Files.createSymbolicLink(file, file);
    assertThatExceptionOfType(TrustStoreException.class)
        .isThrownBy(() -> peers.add(KnownPeersFormat.known("Netech", HERE, KEY, NOW)))
        .withMessageStartingWith(file + ": cannot be ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw-rw-rw-"})
  void fileThatIsOpenToOthersIsRefused(String permissions) throws IOException {
    peers.add(KnownPeersFormat.known("Netech", HERE, KEY, NOW));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    KnownPeersFile fresh = another();
    assertThatExceptionOfType(TrustStoreException.class)
        .isThrownBy(fresh::peers)
        .withMessageStartingWith(file + ": it is open to other users (" + permissions + ")")
        .withMessageContaining("chmod 600 ");
    assertThatExceptionOfType(TrustStoreException.class)
        .isThrownBy(() -> peers.remove("Netech", HERE));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    assertThat(fresh.peers().all()).hasSize(1);
  }

  @Test
  void manyThreadsOfOneProcessLoseNothing() {
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (int thread = 0; thread < 8; thread++) {
      String network = "10.0." + thread + ".";
      KnownPeersFile own = thread % 2 == 0 ? peers : another();
      all.add(
          CompletableFuture.runAsync(
              () ->
                  IntStream.range(0, 25)
                      .forEach(
                          i ->
                              own.admit(
                                  claim(
                                      "Netech",
                                      new PeerAddress(network + i, 7070),
                                      Fingerprints.random(new Random((network + i).hashCode()))),
                                  false))));
    }
    all.forEach(CompletableFuture::join);
    assertThat(peers.peers().all()).hasSize(200);
  }

  @Test
  void theSamePeerSeenByManyAtOnceIsRecordedOnce() {
    CompletableFuture<?>[] all =
        IntStream.range(0, 16)
            .mapToObj(
                i ->
                    CompletableFuture.supplyAsync(
                        () ->
                            another()
                                .admit(claim("Netech", HERE, i % 2 == 0 ? KEY : OTHER), false)))
            .toArray(CompletableFuture<?>[]::new);
    CompletableFuture.allOf(all).join();
    long refused = List.of(all).stream().filter(f -> f.join() instanceof RefusedMismatch).count();
    assertThat(refused).isEqualTo(8);
    assertThat(peers.peers().all()).hasSize(1);
  }
}
