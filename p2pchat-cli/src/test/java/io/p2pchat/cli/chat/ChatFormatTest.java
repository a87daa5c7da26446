package io.p2pchat.cli.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Fingerprint;
import io.p2pchat.Peer;
import io.p2pchat.PeerEvent;
import io.p2pchat.PeerEvent.PeerLeft.Reason;
import io.p2pchat.TrustException;
import io.p2pchat.TrustException.Refusal;
import io.p2pchat.cli.chat.ChatFormat.Mark;
import io.p2pchat.cli.output.Events;
import io.p2pchat.cli.output.LineWrap;
import io.p2pchat.cli.output.TrustNotices;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ChatFormatTest {
  private static final Pattern STYLES = Pattern.compile("\033\\[\\d*m");

  private final PeerNames names = new PeerNames(List::of);
  private final ChatFormat plain = new ChatFormat(false, false, names);
  private final ChatFormat signs = new ChatFormat(false, true, names);
  private final ChatFormat colored = new ChatFormat(true, true, names);

  private static String withoutTime(String line) {
    assertThat(line).matches("(?s)\\d\\d:\\d\\d .*");
    return line.substring(6);
  }

  @Test
  void aMessageSaysWhetherItWasEncryptedInWordsOrSigns() {
    assertThat(withoutTime(plain.event(Events.message("hi", false)).get(0)))
        .isEqualTo("[::1]:7070 (One, plain): hi");
    assertThat(withoutTime(signs.event(Events.message("hi", false)).get(0)))
        .isEqualTo("⚠  [::1]:7070 (One, plain): hi");
    assertThat(withoutTime(plain.event(Events.encryptedMessage()).get(0)))
        .contains("[::1]:7070 (One, encrypted): ");
    assertThat(withoutTime(signs.event(Events.encryptedMessage()).get(0)))
        .startsWith("🔒 [::1]:7070 (One): ");
  }

  /** In a notification there is no lock. */
  @Test
  void aSenderWithoutAKeyIsNotNamedAsOneWithAKey() {
    PeerEvent.MessageReceived forged = (PeerEvent.MessageReceived) Events.message("hi", false);
    PeerEvent.MessageReceived encrypted = (PeerEvent.MessageReceived) Events.encryptedMessage();
    assertThat(signs.sender(encrypted)).isEqualTo("One");
    assertThat(signs.sender(forged)).isEqualTo("[::1]:7070 (One, plain)");
    assertThat(signs.sender((PeerEvent.MessageReceived) Events.message("hi", true)))
        .isEqualTo("[::1]:7070 (One, raw)");
  }

  @Test
  void aMessageThatHasWaitedSaysWhenItWasSent() {
    PeerEvent.MessageReceived message = (PeerEvent.MessageReceived) Events.message("hi", false);
    Instant minutesAgo = message.time().minusSeconds(180);
    Instant daysAgo = message.time().minus(Duration.ofDays(3));
    assertThat(signs.event(message.withClaimedTime(minutesAgo)).get(0))
        .matches("(?s).*: hi \\(sent\u00a0(\\d+ \\p{Alpha}+, )?\\d\\d:\\d\\d\\)");
    assertThat(signs.event(message.withClaimedTime(daysAgo)).get(0))
        .matches("(?s).*: hi \\(sent\u00a0\\d+ \\p{Alpha}+, \\d\\d:\\d\\d\\)");
  }

  @Test
  void coloursSayNothingThatTheRestDoesNotSay() {
    String line = colored.event(Events.message("hi", false)).get(0);
    assertThat(line).containsPattern(STYLES);
    assertThat(STYLES.matcher(line).replaceAll(""))
        .isEqualTo(signs.event(Events.message("hi", false)).get(0));
  }

  @Test
  void ownMessagesSayHowTheyWent() {
    Instant now = Instant.now();
    assertThat(withoutTime(signs.sent(now, Mark.DELIVERED, "One", "a\033b")))
        .isEqualTo("✓✓ you → One: a\\u001bb");
    assertThat(withoutTime(plain.sent(now, Mark.FAILED, "One", "hi")))
        .isEqualTo("you to One: hi [NOT SENT]");
    assertThat(withoutTime(plain.result(now, Mark.DELIVERED, "One", now, "hi")))
        .matches("delivered to One: hi \\(from\u00a0\\d\\d:\\d\\d\\)");
  }

  @Test
  void aNewcomerIsANoticeAndARefusalAWarning() {
    TrustNotices notices = TrustNotices.onTerminal(Optional.empty());
    assertThat(withoutTime(first(Events.pinned(0), notices)))
        .startsWith("·  [::1]:7070 (One) is new");
    assertThat(withoutTime(first(Events.pinned(2), notices)))
        .startsWith("⚠  [::1]:7070 (One) is new");
    assertThat(withoutTime(first(Events.renamed(List.of(), List.of()), notices)))
        .isEqualTo("·  Old or Older is now called One.");
    String begin = "The team of the second floor, ";
    Peer left =
        Peer.builder(Events.PEER.address())
            .teamName(begin + "left")
            .fingerprint(Events.KEY)
            .build();
    PeerEvent longNames =
        PeerEvent.PeerRenamed.of(
            left, List.of(begin + "right"), List.of(), List.of(), false, Events.TIME);
    assertThat(withoutTime(first(longNames, notices)))
        .isEqualTo("·  \"…floor, right\" is now called \"…floor, left\".");
    assertThat(withoutTime(first(Events.renamed(List.of(), List.of(Events.known("0ne"))), notices)))
        .isEqualTo("⚠  Old or Older is now called One.");
    assertThat(withoutTime(first(Events.refused(), notices))).startsWith("⚠  Not trusted");
    assertThat(signs.notices(Events.violation(), List.of())).isEmpty();
  }

  @Test
  void whoIsAwayAndBackIsToldByName() {
    assertThat(withoutTime(signs.event(lost(Events.KEY)).get(0)))
        .isEqualTo("·  One is offline; messages wait.");
    assertThat(withoutTime(signs.event(lost(Events.OTHER_KEY)).get(0)))
        .isEqualTo("·  One|89abcdef is offline; messages wait.");
    assertThat(withoutTime(plain.event(Events.connectionRestored(true)).get(0)))
        .isEqualTo("- [::1]:7070 (One) is back.");
    assertThat(plain.event(Events.connectionRestored(false))).isEmpty();
  }

  private static PeerEvent lost(Fingerprint key) {
    Peer peer =
        Peer.builder(Events.PEER.address())
            .teamName("One")
            .connected(true)
            .fingerprint(key)
            .build();
    return PeerEvent.ConnectionLost.of(peer, Events.TIME);
  }

  @Test
  void twoKeysNeverHaveOneName() {
    Peer first = Events.pinned(0).peer();
    Peer second =
        Peer.builder(first.address()).teamName("one").fingerprint(Events.OTHER_KEY).build();
    assertThat(signs.who(first)).isEqualTo("[::1]:7070 (One)");
    assertThat(signs.who(second)).isEqualTo("[::1]:7070 (one|89abcdef)");
    assertThat(signs.named(second)).isEqualTo("one|89abcdef");
    assertThat(signs.who(Events.PEER)).isEqualTo("[::1]:7070 (One)");
    PeerEvent message = PeerEvent.MessageReceived.of(second, "hi", false, Events.TIME);
    assertThat(withoutTime(signs.event(message).get(0)))
        .isEqualTo("🔒 [::1]:7070 (one|89abcdef): hi");
    PeerEvent left = PeerEvent.PeerLeft.of(second, Reason.SAID_EXIT, Events.TIME);
    assertThat(withoutTime(signs.event(left).get(0)))
        .isEqualTo("·  [::1]:7070 (one|89abcdef) left.");
  }

  @Test
  void noLockBeforeAHandshakeAndItStaysWhileASessionWaits() {
    Peer.Builder waiting =
        Peer.builder(Events.PEER.address())
            .level(Peer.Level.SESSION)
            .state(Peer.State.UNREACHABLE)
            .fingerprint(Events.KEY);
    assertThat(signs.lock(waiting.build())).isEqualTo("🔒 ");
    assertThat(signs.lock(Peer.builder(Events.PEER.address()).build())).isBlank();
  }

  @Test
  void theLegendIsBrokenBetweenSignsOnly() {
    assertThat(LineWrap.of(signs.legend(), 80))
        .containsExactly(
            "✓✓ delivered  ✓ written, not acknowledged  … not delivered yet  ✗ failed",
            "  🔒 encrypted  ⚠ not encrypted");
  }

  @Test
  void whoIsAtAnAddressInPlaceOfAnotherIsToldInWords() {
    Refusal refusal =
        Refusal.of(
            Events.PEER.address(),
            Optional.of("Bob"),
            Optional.of(Events.KEY),
            Optional.of(Events.OTHER_KEY),
            TrustException.Reason.ADDRESS_CHANGED_HANDS,
            false,
            Optional.of("Carol"));
    assertThat(signs.changedHands(refusal, false))
        .isEqualTo("[::1]:7070 was Bob; now Carol answers there (new key).");
    assertThat(signs.changedHands(refusal, true)).endsWith("there (known key).");
  }

  private String first(PeerEvent event, TrustNotices notices) {
    return signs.notices(event, notices.of(event)).get(0);
  }

  @Test
  void aPeerThatDoesNotAnswerIsToldWithWhatWaits() {
    assertThat(signs.event(Events.stalled(3)))
        .singleElement()
        .asString()
        .endsWith("·  [::1]:7070 (One) is not answering. 3 messages are waiting.");
    assertThat(signs.event(Events.stalled(1)).get(0)).endsWith(" 1 message is waiting.");
  }

  @Test
  void aPeerThatConnectsIsToldHoweverItDoes() {
    Peer bob = Peer.builder(Events.PEER.address()).teamName("Bob").fingerprint(Events.KEY).build();
    for (boolean manual : List.of(true, false)) {
      assertThat(signs.event(PeerEvent.PeerConnected.of(bob, manual, true, Events.TIME)))
          .singleElement()
          .asString()
          .endsWith("·  Bob connected to you.");
      assertThat(signs.event(PeerEvent.PeerConnected.of(bob, manual, false, Events.TIME)))
          .as("the result of the command says so")
          .isEmpty();
    }
  }
}
