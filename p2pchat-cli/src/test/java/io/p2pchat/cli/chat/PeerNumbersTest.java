package io.p2pchat.cli.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PeerNumbersTest {
  private final PeerNumbers numbers = new PeerNumbers();

  private static Peer peer(String team, int port) {
    return Peer.builder(new PeerAddress("10.0.0.1", port)).teamName(team).build();
  }

  @Test
  void aPeerKeepsItsNumberAndHasTheTeamThatItLastNamed() {
    assertThat(numbers.remember(peer("One", 1))).isEqualTo(1);
    assertThat(numbers.remember(peer("Two", 2))).isEqualTo(2);
    assertThat(numbers.remember(peer("Uno", 1))).isEqualTo(1);
    assertThat(numbers.number(peer("", 2).address())).isEqualTo(2);
    assertThat(numbers.numbered(1)).contains(peer("", 1).address());
    assertThat(numbers.numbered(3)).isEmpty();
    assertThat(numbers.named("One"::equals)).isEmpty();
    assertThat(numbers.named("Uno"::equals)).containsExactly(peer("", 1).address());
    assertThat(numbers.team(peer("", 1).address())).contains("Uno");
  }

  @Test
  void theyAreBounded() {
    for (int port = 1; port <= 5000; port++) {
      numbers.remember(peer("Team " + port, port));
    }
    assertThat(numbers.teams()).hasSize(4096).doesNotContain("Team 1").contains("Team 5000");
    assertThat(numbers.numbered(1)).isEqualTo(Optional.empty());
  }
}
