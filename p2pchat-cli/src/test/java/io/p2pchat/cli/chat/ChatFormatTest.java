package io.p2pchat.cli.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.PeerEvent;
import io.p2pchat.cli.chat.ChatFormat.Mark;
import io.p2pchat.cli.output.Events;
import io.p2pchat.cli.output.TrustNotices;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ChatFormatTest {
  private static final Pattern STYLES = Pattern.compile("\033\\[\\d*m");

  private final ChatFormat plain = new ChatFormat(false, false);
  private final ChatFormat signs = new ChatFormat(false, true);
  private final ChatFormat colored = new ChatFormat(true, true);

  private static String withoutTime(String line) {
    assertThat(line).matches("(?s)\\d\\d:\\d\\d .*");
    return line.substring(6);
  }

  @Test
  void aMessageSaysWhetherItWasEncryptedInWordsOrSigns() {
    assertThat(withoutTime(plain.event(Events.message("hi", false)).get(0)))
        .isEqualTo("One ([::1]:7070, plain): hi");
    assertThat(withoutTime(signs.event(Events.message("hi", false)).get(0)))
        .isEqualTo("⚠  One ([::1]:7070, plain): hi");
    assertThat(withoutTime(plain.event(Events.encryptedMessage()).get(0)))
        .contains("([::1]:7070, encrypted): ");
    assertThat(withoutTime(signs.event(Events.encryptedMessage()).get(0)))
        .startsWith("🔒 One ([::1]:7070): ");
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
        .matches("delivered to One: hi \\(from \\d\\d:\\d\\d\\)");
  }

  @Test
  void aNewcomerIsANoticeAndARefusalAWarning() {
    TrustNotices notices = new TrustNotices(Optional.empty());
    assertThat(withoutTime(first(Events.pinned(0), notices)))
        .startsWith("·  [::1]:7070 (One) is new");
    assertThat(withoutTime(first(Events.pinned(2), notices)))
        .startsWith("⚠  [::1]:7070 (One) is new");
    assertThat(withoutTime(first(Events.renamed(List.of(), List.of()), notices)))
        .startsWith("·  [::1]:7070 (One) was Old");
    assertThat(withoutTime(first(Events.renamed(List.of(), List.of(Events.known("0ne"))), notices)))
        .startsWith("⚠  [::1]:7070 (One) was Old");
    assertThat(withoutTime(first(Events.refused(), notices))).startsWith("⚠  Refused for trust");
    assertThat(signs.notices(Events.violation(), List.of())).isEmpty();
  }

  private String first(PeerEvent event, TrustNotices notices) {
    return signs.notices(event, notices.of(event)).get(0);
  }
}
