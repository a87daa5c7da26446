package io.p2pchat.internal.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.p2pchat.Fingerprint;
import io.p2pchat.KnownPeer;
import io.p2pchat.PeerAddress;
import io.p2pchat.TrustStoreException;
import io.p2pchat.internal.security.TrustDecision.AcceptedNew;
import io.p2pchat.internal.security.TrustDecision.RefusedFull;
import io.p2pchat.internal.security.TrustDecision.RefusedMismatch;
import io.p2pchat.internal.security.TrustDecision.RefusedStrict;
import io.p2pchat.internal.security.TrustDecision.Verified;
import io.p2pchat.internal.security.TrustDecision.VerifiedNewAddress;
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

  @BeforeEach
  void open() throws IOException {
    PrivateDirectory.open(parent.resolve("data"));
    file = parent.resolve("data").toRealPath().resolve("known_peers");
    peers = another();
  }

  private KnownPeersFile another() {
    return new KnownPeersFile(PrivateDirectory.open(parent.resolve("data")), () -> NOW);
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

  @Test
  void aNewAddressIsRecordedAndTheOldOneStaysPinned() {
    peers.admit(claim("Netech", HERE, KEY), false);
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
    PeerClaim newcomer = claim("Other", THERE, OTHER);
    assertThat(peers.judge(newcomer, false))
        .contains(new RefusedFull(newcomer, KnownPeerSet.MOST_UNASKED));
    assertThat(peers.admit(newcomer, false)).isInstanceOf(RefusedFull.class);
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
    assertThat(peers.judge(temporary(new PeerAddress("10.0.0.1", 99), OTHER), false))
        .get()
        .isInstanceOf(RefusedMismatch.class);
    assertThat(peers.judge(temporary(HERE, OTHER), false))
        .get()
        .isInstanceOf(RefusedMismatch.class);
    assertThat(peers.judge(temporary(THERE, key(0)), true)).get().isInstanceOf(RefusedStrict.class);
    // They keep nobody out who is to be recorded.
    assertThat(peers.admit(claim("Other", new PeerAddress("10.0.0.1", 1000), OTHER), false))
        .isInstanceOf(AcceptedNew.class);
    assertThat(peers.peers().all()).hasSize(2);
  }

  @Test
  void temporaryKeysAreBoundedInAll() {
    for (int i = 0; i < KnownPeersFile.MOST_TEMPORARY + 10; i++) {
      peers.judge(temporary(new PeerAddress("10.0." + i / 256 + "." + i % 256, 1), OTHER), false);
    }
    // A key at many addresses of hosts of its own is recorded at each.
    assertThat(peers.current().byFingerprint("Any", OTHER)).hasSize(KnownPeersFile.MOST_TEMPORARY);
    assertThat(file).doesNotExist();
  }

  @Test
  void keyThatAPersonAcceptsTakesThePlaceOfATemporaryOne() {
    assertThat(peers.judge(temporary(HERE, KEY), false)).contains(new AcceptedNew(NameWarnings.NONE));
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
                                  claim("Netech", new PeerAddress(network + i, 7070), KEY),
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
