package io.p2pchat.internal.security;

import static io.p2pchat.testing.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Fingerprint;
import io.p2pchat.KnownPeer;
import io.p2pchat.PeerAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SeveralProcessesTest {
  private static final int PINS = 150;
  private static final PeerAddress MINE = new PeerAddress("10.0.1.1", 1);

  @TempDir Path parent;

  @Test
  void twoThatBeginAtTheSameMomentHaveOneKeyAndLoseNoPin() throws Exception {
    Path data = parent.resolve("data");
    Path go = parent.resolve("go");
    try (TrustProcess one = new TrustProcess(data, go, 1, PINS);
        TrustProcess two = new TrustProcess(data, go, 2, PINS)) {
      one.awaitReady();
      two.awaitReady();
      Files.createFile(go);
      Fingerprint key = one.fingerprint();
      assertThat(two.fingerprint()).isEqualTo(key);
      PrivateDirectory directory = PrivateDirectory.open(data);
      assertThat(IdentityStore.open(directory).fingerprint()).isEqualTo(key);
      KnownPeerSet pins = new KnownPeersFile(directory, InstantSource.system()).peers();
      assertThat(pins.all())
          .extracting(KnownPeer::teamName)
          .hasSize(2 * PINS)
          .filteredOn("Team 1"::equals)
          .hasSize(PINS);
    }
  }

  @Test
  void oneThatIsKilledAtWorkLeavesAWholeFileAndNoLock() throws Exception {
    Path data = parent.resolve("data");
    PrivateDirectory directory = PrivateDirectory.open(data);
    KnownPeersFile peers = new KnownPeersFile(directory, InstantSource.system());
    try (TrustProcess other =
        new TrustProcess(data, Files.createFile(parent.resolve("go")), 1, 60_000)) {
      awaitPins(peers, 20);
      assertThat(other.isAtWork()).isTrue();
    }
    KnownPeerSet left = peers.peers();
    peers.add(
        KnownPeersFormat.known(
            "Mine", MINE, IdentityStore.open(directory).fingerprint(), Instant.EPOCH));
    assertThat(peers.peers().all()).hasSize(left.all().size() + 1);
  }

  private static void awaitPins(KnownPeersFile peers, int count) {
    until(count + " known peers", () -> peers.peers().all().size() >= count);
  }
}
