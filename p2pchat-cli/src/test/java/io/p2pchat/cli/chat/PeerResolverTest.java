package io.p2pchat.cli.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.p2pchat.DiscoveredPeer;
import io.p2pchat.Fingerprint;
import io.p2pchat.KnownPeer;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNode;
import io.p2pchat.cli.output.Events;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PeerResolverTest {
  private final List<KnownPeer> known = new ArrayList<>();
  private final List<Peer> active = new ArrayList<>();
  private final List<DiscoveredPeer> discovered = new ArrayList<>();
  private final PeerNumbers numbers = new PeerNumbers(List::of);
  private final PeerNames names = new PeerNames(() -> known);
  private final PeerNode node = node();
  private final PeerResolver resolver = new PeerResolver(node, numbers, names);

  private PeerNode node() {
    return (PeerNode)
        Proxy.newProxyInstance(
            PeerNode.class.getClassLoader(),
            new Class<?>[] {PeerNode.class},
            (proxy, method, args) -> {
              assertThat(method.getName()).isIn("activePeers", "connectedPeers", "discoveredPeers");
              return switch (method.getName()) {
                case "activePeers" -> List.copyOf(active);
                case "discoveredPeers" -> List.copyOf(discovered);
                default -> List.of();
              };
            });
  }

  private static Peer peer(String team, int port, @Nullable Fingerprint key) {
    PeerAddress address = new PeerAddress("10.0.0.1", port);
    return Peer.builder(address).teamName(team).fingerprint(key).build();
  }

  private Peer active(String team, int port, @Nullable Fingerprint key) {
    Peer peer = peer(team, port, key);
    active.add(peer);
    numbers.remember(peer);
    return peer;
  }

  private void pin(String team, int port, Fingerprint key) {
    known.add(KnownPeer.of(team, new PeerAddress("10.0.0.1", port), key, Instant.EPOCH));
  }

  private List<Optional<Peer>> find(String answer) throws WrongAnswerException {
    return resolver.find(answer).peers().stream().map(Recipient::peer).toList();
  }

  @Test
  void aKnownKeyComesBeforeStrangersOfItsName() throws WrongAnswerException {
    active("Bob", 1, null);
    active("Bob", 2, Events.OTHER_KEY);
    pin("Bob", 3, Events.KEY);
    assertThat(find("bob")).containsExactly(Optional.of(peer("Bob", 3, Events.KEY)));
    Peer bob = active("Bob", 4, Events.KEY);
    assertThat(find("Bob")).containsExactly(Optional.of(bob));
    assertThat(resolver.find("Bob").peers().get(0).address()).isEqualTo(bob.address());
  }

  @Test
  void whatIsNoPeerSaysWhatIs() {
    assertThatThrownBy(() -> find(""))
        .hasMessage("Type a name, a number from /peers, or HOST:PORT.");
    assertThatThrownBy(() -> find("a b"))
        .hasMessage("Not a peer: \"a b\"; type a name, a number from /peers, or HOST:PORT.");
  }

  @Test
  void aKnownKeyThatHasLeftStillComesFirst() throws WrongAnswerException {
    pin("Bob", 1, Events.KEY);
    numbers.remember(peer("Bob", 2, Events.KEY));
    active("Bob", 3, null);
    assertThat(resolver.find("Bob").peers())
        .containsExactly(Recipient.of(peer("Bob", 2, Events.KEY)));
  }

  @Test
  void aNewcomerDoesNotMakeTheNameOfAKnownPeerAmbiguous() throws WrongAnswerException {
    pin("Bob", 1, Events.KEY);
    known.add(
        KnownPeer.of(
            "Bob",
            new PeerAddress("10.0.0.1", 2),
            Events.OTHER_KEY,
            Instant.now().plusSeconds(60)));
    active("Bob", 2, Events.OTHER_KEY);
    assertThat(find("bob")).containsExactly(Optional.of(peer("Bob", 1, Events.KEY)));
    assertThat(find("Bob|89abcdef")).containsExactly(Optional.of(peer("Bob", 2, Events.OTHER_KEY)));
  }

  /** It would get what is meant for the newcomer, whose name it has taken. */
  @Test
  void aPeerThatWasKnownByAnotherNameIsNoOlderBob() throws WrongAnswerException {
    pin("Carol", 1, Events.KEY);
    for (Fingerprint key : List.of(Events.KEY, Events.OTHER_KEY)) {
      known.add(
          KnownPeer.of("Bob", new PeerAddress("10.0.0.1", 1), key, Instant.now().plusSeconds(60)));
    }
    assertThat(find("Bob")).hasSize(2);
  }

  @Test
  void severalKnownKeysAreAllFoundAndTheMarkTellsThemApart() throws WrongAnswerException {
    pin("Bob", 1, Events.KEY);
    pin("Bob", 2, Events.OTHER_KEY);
    assertThat(find("Bob")).hasSize(2);
    assertThat(find("Bob|89abcdef")).containsExactly(Optional.of(peer("Bob", 2, Events.OTHER_KEY)));
    assertThat(find("bob|01234567")).containsExactly(Optional.of(peer("Bob", 1, Events.KEY)));
    assertThat(resolver.part("Bob|89abcdef hello | there"))
        .containsExactly("Bob|89abcdef", "hello | there");
  }

  @Test
  void whereSeveralAreListedAllThatAreHereAre() throws WrongAnswerException {
    pin("Bob", 1, Events.KEY);
    pin("Bob", 2, Events.OTHER_KEY);
    Peer known = active("Bob", 3, Events.KEY);
    Peer plain = active("bob", 4, null);
    DiscoveredPeer found = discovered("Bob", 5, 2, null);
    numbers.remember(peer("Bob", 6, null)); // Has left.
    assertThat(resolver.find("Bob").peers())
        .containsExactly(
            Recipient.of(known),
            Recipient.of(peer("Bob", 2, Events.OTHER_KEY)),
            Recipient.of(plain),
            Recipient.of(found));
  }

  /** Else a message to a known peer that was not met yet would go to whoever has such a name. */
  @Test
  void aNameThatGoesOnAsTheMessageToAKnownPeerDoesIsAskedAbout() {
    pin("Bob", 1, Events.KEY);
    active("Bob the", 2, null);
    assertThatThrownBy(() -> resolver.part("Bob the code is 1234"))
        .isInstanceOf(WrongAnswerException.class)
        .hasMessageContaining("\"Bob\", \"Bob the\"");
  }

  @Test
  void strangersAreFoundWhereNoKnownPeerHasTheName() throws WrongAnswerException {
    Peer plain = active("Bob", 1, null);
    Peer temporary = active("Bob", 2, Events.KEY);
    pin("Cid", 3, Events.OTHER_KEY);
    assertThat(find("Bob")).containsExactly(Optional.of(plain), Optional.of(temporary));
    active.clear();
    assertThat(find("Bob")).containsExactly(Optional.of(plain), Optional.of(temporary));
  }

  @Test
  void aNumberIsAPeerAndAnAddressIsWhoeverIsThere() throws WrongAnswerException {
    Peer bob = active("Bob", 1, Events.KEY);
    assertThat(find("1")).containsExactly(Optional.of(bob));
    assertThat(resolver.find("10.0.0.1:1").peers()).containsExactly(Recipient.at(bob.address()));
    active.clear();
    active("Carol", 1, Events.OTHER_KEY);
    assertThat(find("1")).containsExactly(Optional.of(bob));
    assertThatThrownBy(() -> find("3")).isInstanceOf(WrongAnswerException.class);
  }

  @Test
  void completionHasAnotherNameForEachKey() {
    pin("Bob", 1, Events.KEY);
    active("Bob", 2, Events.OTHER_KEY);
    active("Bob", 3, null);
    pin("Cid", 4, Events.OTHER_KEY);
    Set<String> found =
        new InputCompletion(node, numbers, names)
            .complete(new Prompt("", Prompt.Kind.PEER), "")
            .keySet();
    assertThat(found).containsExactlyInAnyOrder("Bob|89abcdef", "10.0.0.1:3", "Bob", "Cid");
  }

  private DiscoveredPeer discovered(String team, int port, int number, @Nullable KnownPeer of) {
    DiscoveredPeer peer =
        DiscoveredPeer.builder(List.of(new PeerAddress("10.0.0.1", port)), Instant.EPOCH)
            .node("a".repeat(25) + number)
            .teamName(team)
            .known(of)
            .build();
    discovered.add(peer);
    return peer;
  }

  private List<Optional<DiscoveredPeer>> discoveredAs(String answer) throws WrongAnswerException {
    return resolver.find(answer).peers().stream().map(Recipient::found).toList();
  }

  @Test
  void aNameIsThatOfADiscoveredPeerWhereNobodyElseHasIt() throws WrongAnswerException {
    DiscoveredPeer bob = discovered("Bob", 1, 2, null);
    DiscoveredPeer other = discovered("bob", 2, 3, null);
    assertThat(discoveredAs("BOB")).containsExactly(Optional.of(bob), Optional.of(other));
    assertThat(resolver.part("bob hello there")).containsExactly("bob", "hello there");
    Peer active = active("Bob", 3, null);
    assertThat(find("BOB")).containsExactly(Optional.of(active));
  }

  @Test
  void aKnownPeerComesBeforeDiscoveredStrangersAndIsSoughtWhereItWasDiscovered()
      throws WrongAnswerException {
    discovered("Bob", 1, 2, null);
    pin("Bob", 7, Events.KEY);
    assertThat(discoveredAs("bob")).containsExactly(Optional.empty());
    assertThat(resolver.find("bob").peers().get(0).address().port()).isEqualTo(7);
    DiscoveredPeer known = discovered("Bob", 8, 3, this.known.get(0));
    assertThat(discoveredAs("bob")).containsExactly(Optional.of(known));
    int number = numbers.remember(known);
    assertThat(discoveredAs("" + number)).containsExactly(Optional.of(known));
  }

  @Test
  void aDiscoveredPeerKeepsItsNumberWhenItBecomesActive() throws WrongAnswerException {
    DiscoveredPeer bob = discovered("Bob", 1, 2, null);
    int number = numbers.remember(bob);
    Recipient before = resolver.find("" + number).peers().get(0);
    assertThat(before.found()).contains(bob);
    Peer active = active("Bob", 1, Events.KEY);
    assertThat(numbers.remember(active)).isEqualTo(number);
    assertThat(resolver.current(before).peer()).contains(active);
    assertThat(resolver.current(before).found()).isEmpty();
  }

  @Test
  void anotherAtItsAddressHasAnotherNumber() {
    DiscoveredPeer bob =
        DiscoveredPeer.builder(List.of(new PeerAddress("10.0.0.1", 1)), Instant.EPOCH)
            .node("a".repeat(26))
            .teamName("Bob")
            .keyHint("0".repeat(16))
            .build();
    int number = numbers.remember(bob);
    assertThat(numbers.remember(active("Bob", 1, Events.KEY))).isNotEqualTo(number);
  }

  @Test
  void ofARestartedStrangerOnlyTheNewestCounts() throws WrongAnswerException {
    discovered("Bob", 1, 2, null);
    DiscoveredPeer again =
        DiscoveredPeer.builder(
                List.of(new PeerAddress("10.0.0.1", 1)), Instant.EPOCH.plusSeconds(1))
            .node("a".repeat(25) + 3)
            .teamName("Bob")
            .build();
    discovered.add(again);
    assertThat(discoveredAs("bob")).containsExactly(Optional.of(again));
  }

  @Test
  void theOnlyPeerIsTheOneWhoIsActiveOrDiscovered() {
    assertThat(resolver.only()).isEmpty();
    DiscoveredPeer bob = discovered("Bob", 1, 2, null);
    assertThat(resolver.only().flatMap(Recipient::found)).contains(bob);
    active("Bob", 1, null);
    assertThat(resolver.only().flatMap(Recipient::found)).isEmpty();
    discovered("Carol", 2, 3, null);
    assertThat(resolver.only()).isEmpty();
  }

  @Test
  void whoIsConnectedComesFirstThenWhoIsOnlineThenByName() {
    active.add(with("Dora", 1).state(Peer.State.UNREACHABLE).build());
    active.add(with("carol", 2).build());
    active.add(with("Bob", 3).build());
    active.add(with("Zoe", 4).connected(true).state(Peer.State.UNREACHABLE).build());
    active.add(with("Eve", 5).connected(true).build());
    discovered("Finn", 6, 2, null);
    discovered("Adam", 7, 3, null);
    PeerTable table =
        new PeerTable(
            new ChatFormat(false, true, names), numbers, new Unread(), List::of, peer -> false);
    assertThat(table.of(node))
        .extracting(line -> line.replaceAll("^ +[0-9]+ +| +10.*", ""))
        .containsExactly(
            "Peers:",
            "Eve",
            "Zoe",
            "Bob",
            "carol",
            "Dora",
            "Discovered peers, not yet active:",
            "Adam",
            "Finn");
  }

  @Test
  void whoIsIgnoredIsMarked() {
    Peer bob = active("Bob", 1, Events.KEY);
    active("Carol", 2, Events.OTHER_KEY);
    Peer dora = FoundPeers.asPeer(discovered("Dora", 3, 2, null));
    PeerTable table =
        new PeerTable(
            new ChatFormat(false, true, names),
            numbers,
            new Unread(),
            List::of,
            List.of(bob, dora)::contains);
    assertThat(table.of(node))
        .containsExactly(
            "Peers:",
            "  1  Bob    10.0.0.1:1  active  🔒 online, ignored",
            "  2  Carol  10.0.0.1:2  active  🔒 online",
            "Discovered peers, not yet active:",
            "  3  Dora  10.0.0.1:3  ○  new, ignored");
  }

  private static Peer.Builder with(String team, int port) {
    return Peer.builder(new PeerAddress("10.0.0.1", port)).teamName(team);
  }

  @Test
  void aFloodOfNamesIsListedInPart() {
    for (int i = 0; i < 4096; i++) {
      discovered.add(
          DiscoveredPeer.builder(List.of(new PeerAddress("10.0.0.1", 1000 + i)), Instant.EPOCH)
              .teamName("Name " + i)
              .build());
    }
    PeerTable table =
        new PeerTable(
            new ChatFormat(false, true, names), numbers, new Unread(), List::of, peer -> false);
    assertThat(table.of(node))
        .hasSize(14)
        .contains("Discovered peers, not yet active:")
        .last()
        .isEqualTo("  and 4086 more; Tab after /msg completes their names");
  }
}
