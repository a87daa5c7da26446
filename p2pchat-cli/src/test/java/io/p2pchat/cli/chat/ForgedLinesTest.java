package io.p2pchat.cli.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.DiscoveredPeer;
import io.p2pchat.Fingerprint;
import io.p2pchat.KnownPeer;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerEvent;
import io.p2pchat.PeerEvent.PeerLeft.Reason;
import io.p2pchat.TrustException;
import io.p2pchat.TrustException.Refusal;
import io.p2pchat.cli.output.DeceptiveNames;
import io.p2pchat.cli.output.EventText;
import io.p2pchat.cli.output.Events;
import io.p2pchat.cli.output.PeerLists;
import io.p2pchat.cli.output.TrustNotices;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a peer has chosen never looks like what the program says. */
class ForgedLinesTest {
  private static final PeerAddress ADDRESS = PeerAddress.parse("127.0.0.1:6530");
  private static final Pattern NAME = Pattern.compile("\"?Xy\"?");

  @Test
  void noNameLooksLikeAnythingElseInALineOfTheTerminal() {
    check(name -> terminal(name, true));
    check(name -> terminal(name, false));
  }

  @Test
  void noNameLooksLikeAnythingElseInALineOfListenOrOfThePipe() {
    check(ForgedLinesTest::text);
  }

  private interface Lines {
    List<String> of(String name);
  }

  /** Takes each line apart as a reader does who knows what the program says of an ordinary name. */
  private static void check(Lines lines) {
    List<String> expected = lines.of("Xy");
    for (String name : DeceptiveNames.ALL) {
      List<String> shown = lines.of(name);
      assertThat(shown).hasSameSizeAs(expected);
      for (int i = 0; i < shown.size(); i++) {
        assertThat(shown.get(i)).as(name).matches(pattern(expected.get(i)));
      }
    }
  }

  private static Pattern pattern(String line) {
    return Pattern.compile(
        Stream.of(NAME.split(line, -1))
            .map(Pattern::quote)
            .collect(Collectors.joining("(?:" + DeceptiveNames.SHOWN.pattern() + ")")));
  }

  private static Peer peer(String name, @Nullable Fingerprint key) {
    return Peer.builder(ADDRESS)
        .teamName(name)
        .connected(true)
        .lastHeard(Instant.EPOCH)
        .unacknowledged(2)
        .fingerprint(key)
        .build();
  }

  private static KnownPeer known(String name) {
    return KnownPeer.of(name, ADDRESS, Events.OTHER_KEY, Events.TIME);
  }

  private static List<PeerEvent> events(String name) {
    return Stream.of(Optional.of(Events.KEY), Optional.<Fingerprint>empty())
        .map(key -> peer(name, key.orElse(null)))
        .flatMap(ForgedLinesTest::events)
        .collect(Collectors.toList());
  }

  private static Stream<PeerEvent> events(Peer peer) {
    Instant now = Events.TIME;
    return Stream.of(
        PeerEvent.MessageReceived.of(peer, "", false, now),
        PeerEvent.PeerConnected.of(peer, true, true, now),
        PeerEvent.PeerConnected.of(peer, false, true, now),
        PeerEvent.PeerLeft.of(peer, Reason.SAID_EXIT, now),
        PeerEvent.PeerLeft.of(peer, Reason.DISCONNECTED, now),
        PeerEvent.PeerLeft.of(peer, Reason.GIVEN_UP, now),
        PeerEvent.PeerLeft.of(peer, Reason.RESTARTED, now),
        PeerEvent.PeerUnreachable.of(peer, now),
        PeerEvent.PeerReachable.of(peer, now),
        PeerEvent.ConnectionLost.of(peer, now),
        PeerEvent.ConnectionRestored.of(peer, now),
        PeerEvent.PeerStalled.of(peer, now),
        PeerEvent.SessionReset.of(peer, now));
  }

  private static List<PeerEvent> keys(String name) {
    Peer peer = peer(name, Events.KEY);
    List<KnownPeer> known = List.of(known(name));
    return List.of(
        PeerEvent.PeerPinned.of(peer, known, known, true, false, Events.TIME),
        PeerEvent.PeerRenamed.of(peer, List.of(name, name), known, known, true, Events.TIME));
  }

  private static List<String> text(String name) {
    List<String> lines = new ArrayList<>();
    events(name).forEach(event -> EventText.of(event).ifPresent(lines::add));
    TrustNotices notices = new TrustNotices(Optional.empty());
    keys(name).forEach(event -> lines.addAll(notices.of(event)));
    lines.add(PeerLists.line(peer(name, Events.KEY)));
    lines.add(PeerLists.line(peer(name, null)));
    return lines.stream().map(ChatFormat::safe).toList();
  }

  private static List<String> terminal(String name, boolean signs) {
    PeerNames names = new PeerNames(List::of);
    ChatFormat format = new ChatFormat(false, signs, names);
    List<String> lines = new ArrayList<>();
    events(name).forEach(event -> lines.addAll(format.event(event)));
    TrustNotices notices = new TrustNotices(Optional.empty());
    keys(name).forEach(event -> lines.addAll(format.notices(event, notices.of(event))));
    for (Peer peer : List.of(peer(name, Events.KEY), peer(name, null))) {
      lines.add(format.sent(Events.TIME, ChatFormat.Mark.DELIVERED, format.who(peer), "hi"));
      lines.add("Ann" + format.arrow() + format.distinct(peer) + "> ");
      lines.add("; Enter for " + format.who(peer) + "):");
    }
    lines.add(format.changedHands(changedHands(name), false, "Not sent."));
    lines.add(ChatFormat.safe(names.of(discovered(name), false) + " is here."));
    lines.add(ChatFormat.safe(names.of(discovered(name), true) + " has gone."));
    return lines;
  }

  private static Refusal changedHands(String name) {
    return Refusal.of(
        ADDRESS,
        Optional.of(name),
        Optional.of(Events.OTHER_KEY),
        Optional.of(Events.KEY),
        TrustException.Reason.ADDRESS_CHANGED_HANDS,
        false,
        Optional.of(name));
  }

  private static DiscoveredPeer discovered(String name) {
    return DiscoveredPeer.builder(List.of(ADDRESS), Events.TIME).teamName(name).build();
  }
}
