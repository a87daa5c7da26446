package io.p2pchat.cli.chat;

import static java.nio.file.StandardOpenOption.APPEND;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Fingerprint;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class LastConnectedTest {
  private static final Peer BOB =
      Peer.builder(new PeerAddress("10.0.0.1", 7001))
          .teamName("Bob")
          .fingerprint(Fingerprint.parse("0123abcd".repeat(8)))
          .build();
  private static final Peer PLAIN = Peer.builder(new PeerAddress("10.0.0.2", 7001)).build();

  @TempDir private Path directory;

  @Test
  void aPeerIsItsKeyOrItsAddress() {
    LastConnected last = new LastConnected(TeamFiles.connected(directory, "Ann"));
    assertThat(last.read()).isEmpty();
    last.write(List.of(BOB, PLAIN));
    assertThat(last.read()).containsExactly(Recipient.of(BOB), Recipient.at(PLAIN.address()));
    last.dismiss();
    last.write(List.of());
    assertThat(last.read()).isEmpty();
    assertThat(TeamFiles.connected(directory, "Ann")).doesNotExist();
  }

  @Test
  void whoIsStillToBeConnectedAgainIsRecordedAgain() {
    Path file = TeamFiles.connected(directory, "Ann");
    Recipient plain = Recipient.at(PLAIN.address());
    new LastConnected(file).write(List.of(BOB, PLAIN));
    LastConnected unanswered = new LastConnected(file);
    assertThat(unanswered.read()).hasSize(2);
    unanswered.write(List.of(BOB));
    assertThat(new LastConnected(file).read()).containsExactly(Recipient.of(BOB), plain);
    LastConnected running = new LastConnected(file);
    running.ended(running.read().get(0), true);
    running.write(List.of());
    assertThat(new LastConnected(file).read()).containsExactly(plain);
  }

  @Test
  void peersThatCouldNotBeConnectedAgainAreRecordedIfNoneWas() {
    Path file = TeamFiles.connected(directory, "Ann");
    new LastConnected(file).write(List.of(BOB, PLAIN));
    LastConnected last = new LastConnected(file);
    last.read().forEach(peer -> last.ended(peer, false));
    last.write(List.of());
    assertThat(new LastConnected(file).read())
        .containsExactly(Recipient.of(BOB), Recipient.at(PLAIN.address()));
    last.write(List.of(BOB));
    assertThat(new LastConnected(file).read()).containsExactly(Recipient.of(BOB));
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no such permissions")
  void theFileIsTheOwnersAndBounded() throws Exception {
    Path file = TeamFiles.connected(directory, "Ann");
    LastConnected last = new LastConnected(file);
    last.write(
        IntStream.range(1, 100)
            .mapToObj(i -> Peer.builder(new PeerAddress("10.0.0.3", i)).build())
            .toList());
    assertThat(last.read()).hasSize(64);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    try (var files = Files.list(directory)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void linesThatAreNoPeersAreLeftOut() throws Exception {
    Path file = TeamFiles.connected(directory, "Ann");
    Files.writeString(file, "what?\n10.0.0.1:7001\n10.0.0.1:70001\t-\tx\n10.0.0.4:1\tkey\tBob\n");
    Files.writeString(
        file, BOB.address() + "\t" + BOB.fingerprint().orElseThrow() + "\ta|b\n", APPEND);
    assertThat(new LastConnected(file).read()).isEmpty();
    Files.write(file, new byte[] {(byte) 0xff, '\n'});
    assertThat(new LastConnected(file).read()).isEmpty();
  }
}
