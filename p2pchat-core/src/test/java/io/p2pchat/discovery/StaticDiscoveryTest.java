package io.p2pchat.discovery;

import static io.p2pchat.testing.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.p2pchat.PeerAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The addresses that the user has listed. */
class StaticDiscoveryTest {
  private static final Advertisement SELF = CollectingSink.self(1, "One").build();

  @TempDir private Path directory;

  private final CollectingSink sink = new CollectingSink();

  @Test
  void addressesAreChosenCandidatesAndAreRenewed() {
    try (StaticDiscovery source =
        StaticDiscovery.of(
            List.of(PeerAddress.parse("192.0.2.1:7001"), PeerAddress.parse("bob.example:7002")))) {
      source.start(SELF, sink);
      sink.await("192.0.2.1:7001", "bob.example:7002");
      assertThat(sink.all())
          .allSatisfy(
              one -> {
                assertThat(one.chosen()).isTrue();
                assertThat(one.node()).isEmpty();
                assertThat(one.level()).isZero();
              });
      until("they are renewed", () -> sink.renewals() > 2);
    }
  }

  @Test
  void fileIsReadAgainWhenItChanges() throws IOException {
    Path file = directory.resolve("peers");
    try (StaticDiscovery source = StaticDiscovery.ofFile(file, 10)) {
      source.start(SELF, sink);
      Files.writeString(file, "# friends\n\n 192.0.2.1:7001 \nnonsense\n[2001:db8::1]:7\n");
      sink.await("192.0.2.1:7001", "[2001:db8::1]:7");
      Files.writeString(file, "192.0.2.1:7001\n192.0.2.22:7001\n");
      sink.await("192.0.2.1:7001", "192.0.2.22:7001");
      int before = sink.renewals();
      Files.delete(file);
      until("the last list stays", () -> sink.renewals() > before + 10);
      sink.await("192.0.2.1:7001", "192.0.2.22:7001");
      Files.write(file, new byte[] {(byte) 0xFF, (byte) 0xFE});
      int then = sink.renewals();
      until("it stays if it cannot be read", () -> sink.renewals() > then + 10);
      sink.await("192.0.2.1:7001", "192.0.2.22:7001");
    }
  }

  @Test
  void numberOfAddressesIsBounded() throws IOException {
    Path file = directory.resolve("peers");
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 2 * StaticDiscovery.MAX_ADDRESSES; i++) {
      lines.append("192.0.2.1:").append(i + 1).append('\n');
    }
    Files.writeString(file, lines);
    try (StaticDiscovery source = StaticDiscovery.ofFile(file)) {
      source.start(SELF, sink);
      until("all are found", () -> sink.all().size() == StaticDiscovery.MAX_ADDRESSES);
    }
    assertThatThrownBy(() -> StaticDiscovery.of(List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> StaticDiscovery.of(Collections.nCopies(1025, PeerAddress.parse("192.0.2.1:1"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1024");
  }

  @Test
  void sourceLivesOnce() {
    StaticDiscovery source = StaticDiscovery.of(List.of(PeerAddress.parse("192.0.2.1:7001")));
    source.start(SELF, sink);
    assertThatThrownBy(() -> source.start(SELF, sink)).isInstanceOf(IllegalStateException.class);
    source.close();
    source.close();
    assertThatThrownBy(() -> source.start(SELF, sink)).isInstanceOf(IllegalStateException.class);
  }
}
