package io.p2pchat.cli.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Fingerprint;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.cli.output.Events;
import java.util.List;
import org.junit.jupiter.api.Test;

class PeerNumbersTest {
  private final PeerNumbers numbers = new PeerNumbers(List::of);

  private static Peer peer(String team, int port) {
    return Peer.builder(new PeerAddress("10.0.0.1", port)).teamName(team).build();
  }

  private static Peer peer(String team, int port, Fingerprint key) {
    return Peer.builder(new PeerAddress("10.0.0.1", port)).teamName(team).fingerprint(key).build();
  }

  @Test
  void aPeerKeepsItsNumberAndHasTheTeamThatItLastNamed() {
    assertThat(numbers.remember(peer("One", 1))).isEqualTo(1);
    assertThat(numbers.remember(peer("Two", 2))).isEqualTo(2);
    assertThat(numbers.remember(peer("Uno", 1))).isEqualTo(1);
    assertThat(numbers.numbered(1)).map(to -> to.peer().orElseThrow().teamName()).contains("Uno");
    assertThat(numbers.numbered(2)).contains(Recipient.of(peer("", 2)));
    assertThat(numbers.numbered(3)).isEmpty();
    assertThat(numbers.peers()).extracting(Peer::teamName).containsExactly("Uno", "Two");
    assertThat(numbers.at(peer("", 1).address())).map(Peer::teamName).contains("Uno");
    assertThat(numbers.at(peer("", 3).address())).isEmpty();
  }

  @Test
  void whoWasKnownBeforeTheStartHasTheSameNumberInEachChat() {
    Peer bob = peer("Bob", 1, Events.KEY);
    Peer carol = peer("Carol", 2, Events.OTHER_KEY);
    PeerNumbers next = new PeerNumbers(() -> List.of(bob, carol));
    assertThat(next.remember(peer("One", 3))).isEqualTo(3);
    assertThat(next.remember(carol)).isEqualTo(2);
    assertThat(next.numbered(1)).isEmpty();
    assertThat(next.remember(peer("Bob", 4, Events.KEY))).isEqualTo(1);
    assertThat(next.remember(peer("Two", 5))).isEqualTo(4);
  }

  @Test
  void theNumberOfAKeyGoesWithItWhereverItIs() {
    assertThat(numbers.remember(peer("Bob", 1, Events.KEY))).isEqualTo(1);
    assertThat(numbers.remember(peer("Bob", 2, Events.KEY))).isEqualTo(1);
    assertThat(numbers.numbered(1)).map(Recipient::address).contains(peer("", 2).address());
  }

  @Test
  void nobodyElseAtTheAddressGetsTheNumber() {
    assertThat(numbers.remember(peer("Bob", 1, Events.KEY))).isEqualTo(1);
    assertThat(numbers.remember(peer("Bob", 1, Events.OTHER_KEY))).isEqualTo(2);
    assertThat(numbers.remember(peer("Bob", 1))).isEqualTo(3);
    assertThat(numbers.remember(peer("Rob", 1, Events.KEY))).isEqualTo(4);
    assertThat(numbers.numbered(1)).contains(Recipient.of(peer("Bob", 1, Events.KEY)));
    assertThat(numbers.numbered(3)).contains(Recipient.of(peer("Bob", 1)));
  }

  @Test
  void whoShowsAKeyKeepsTheNumberItHadWithout() {
    assertThat(numbers.remember(Peer.builder(peer("", 1).address()).build())).isEqualTo(1);
    assertThat(numbers.remember(peer("Bob", 1, Events.KEY))).isEqualTo(1);
    assertThat(numbers.remember(peer("Cid", 2))).isEqualTo(2);
    assertThat(numbers.remember(peer("Cid", 2, Events.KEY))).isEqualTo(2);
    assertThat(numbers.remember(peer("Cid", 2))).isEqualTo(3);
    assertThat(numbers.remember(peer("Dan", 4))).isEqualTo(4);
    assertThat(numbers.remember(peer("Eve", 4, Events.OTHER_KEY))).isEqualTo(5);
    assertThat(numbers.numbered(4)).contains(Recipient.of(peer("Dan", 4)));
  }

  @Test
  void theyAreBounded() {
    for (int port = 1; port <= 5000; port++) {
      numbers.remember(peer("Team " + port, port));
    }
    assertThat(numbers.peers())
        .hasSize(4096)
        .extracting(Peer::teamName)
        .doesNotContain("Team 1")
        .contains("Team 5000");
    assertThat(numbers.numbered(1)).isEmpty();
    assertThat(numbers.remember(peer("Team 1", 1))).isEqualTo(5001);
  }
}
