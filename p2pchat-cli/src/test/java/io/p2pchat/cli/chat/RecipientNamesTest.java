package io.p2pchat.cli.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.DiscoveredPeer;
import io.p2pchat.KnownPeer;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNode;
import io.p2pchat.cli.output.Events;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecipientNamesTest {
  private final List<KnownPeer> known = new ArrayList<>();
  private final List<DiscoveredPeer> discovered = new ArrayList<>();
  private final PeerNode node =
      (PeerNode)
          Proxy.newProxyInstance(
              PeerNode.class.getClassLoader(),
              new Class<?>[] {PeerNode.class},
              (proxy, method, args) ->
                  switch (method.getName()) {
                    case "activePeers" -> List.of();
                    case "discoveredPeers" -> discovered;
                    default -> throw new AssertionError(method.getName());
                  });

  private RecipientNames names() {
    return new RecipientNames(
        node, new ChatFormat(false, true, new PeerNames(() -> known)), new PeerNumbers(List::of));
  }

  private DiscoveredPeer discover(String team, String address, String id) {
    DiscoveredPeer found =
        DiscoveredPeer.builder(List.of(PeerAddress.parse(address)), Events.TIME)
            .teamName(team)
            .node(id)
            .build();
    discovered.add(found);
    return found;
  }

  @Test
  void twoDiscoveredPeersOfOneNameAreToldApart() {
    Recipient first = Recipient.of(discover("Bob", "10.0.0.1:7001", "0a"));
    assertThat(names().inPrompt(first)).isEqualTo("Bob");
    Recipient second = Recipient.of(discover("bob", "10.0.0.2:7001", "0b"));
    assertThat(names().inPrompt(first)).isEqualTo("10.0.0.1:7001 (Bob)");
    assertThat(names().name(first)).isEqualTo("10.0.0.1:7001 (Bob)");
    assertThat(names().inPrompt(second)).isEqualTo("10.0.0.2:7001 (bob)");
  }

  @Test
  void whoHasNoKeyIsToldApartFromAKnownPeerOfThatName() {
    PeerAddress address = PeerAddress.parse("10.0.0.1:7001");
    known.add(KnownPeer.of("Bob", address, Events.KEY, Events.TIME));
    Peer bob = Peer.builder(address).teamName("Bob").fingerprint(Events.KEY).build();
    Peer plain = Peer.builder(PeerAddress.parse("10.0.0.3:7001")).teamName("Bob").build();
    assertThat(names().inPrompt(Recipient.of(plain))).isEqualTo("10.0.0.3:7001 (Bob)");
    assertThat(names().inPrompt(Recipient.of(bob))).isEqualTo("Bob");
    Recipient stranger = Recipient.of(discover("Bob", "10.0.0.4:7001", "0a"));
    assertThat(names().name(stranger)).isEqualTo("10.0.0.4:7001 (Bob)");
  }

  @Test
  void aNameWithSpacesIsQuotedInASentenceButNotInThePrompt() {
    for (String name : List.of("Bob and Carol", "all connected peers", "Bob and 3 others")) {
      Peer peer = Peer.builder(PeerAddress.parse("10.0.0.1:7001")).teamName(name).build();
      assertThat(names().name(peer)).isEqualTo('"' + name + '"');
      assertThat(names().name(Recipient.of(peer))).isEqualTo('"' + name + '"');
      assertThat(names().inPrompt(Recipient.of(peer))).isEqualTo(name);
    }
  }
}
