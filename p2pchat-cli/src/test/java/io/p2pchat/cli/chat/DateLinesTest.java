package io.p2pchat.cli.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.p2pchat.PeerEvent;
import io.p2pchat.cli.output.Events;
import io.p2pchat.cli.output.TrustNotices;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DateLinesTest {
  private final AtomicReference<Instant> now =
      new AtomicReference<>(at(LocalDateTime.of(2026, 11, 27, 23, 59)));
  @TempDir private Path directory;

  private static Instant at(LocalDateTime time) {
    return time.atZone(ZoneId.systemDefault()).toInstant();
  }

  @Test
  void theDateStandsBeforeTheFirstLineOfADay() {
    List<String> shown = new ArrayList<>();
    DateLines lines = new DateLines(shown::addAll, now::get, true);
    lines.accept(List.of("late"));
    now.set(at(LocalDateTime.of(2026, 11, 28, 0, 0)));
    lines.accept(List.of("early", "next"));
    lines.accept(List.of("more"));
    now.set(at(LocalDateTime.of(2026, 11, 30, 12, 0)));
    lines.accept(List.of("monday"));
    assertThat(shown)
        .containsExactly(
            "late",
            "── Saturday, 28 November 2026 ──",
            "early",
            "next",
            "more",
            "── Monday, 30 November 2026 ──",
            "monday");
  }

  @Test
  void theChatShowsItOnATerminal() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ChatView chat = ChatView.openOn(InputStream.nullInputStream(), out, directory, now::get)) {
      TrustNotices notices = new TrustNotices(Optional.empty());
      PeerEvent message = Events.message("hi", false);
      chat.show(message, notices);
      await().untilAsserted(() -> assertThat(out.toString(UTF_8)).contains(": hi"));
      now.set(at(LocalDateTime.of(2026, 11, 28, 0, 1)));
      chat.show(message, notices);
      await()
          .untilAsserted(
              () ->
                  assertThat(out.toString(UTF_8))
                      .containsPattern(
                          // Lines of the log can come between.
                          "(?s): hi\\s.*── Saturday, 28 November 2026 ──\\s.*: hi"));
    }
  }
}
