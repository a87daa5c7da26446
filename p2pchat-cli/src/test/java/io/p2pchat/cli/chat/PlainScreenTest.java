package io.p2pchat.cli.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.cli.chat.TerminalSupport.Notification;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.Reader;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlainScreenTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private Screen screen(Map<String, String> env, int told) {
    return new PlainScreen(
        new BufferedReader(Reader.nullReader()),
        new PrintStream(out, false, UTF_8),
        new Attention(NotifyMode.OFF, Notification.NONE, false, System::nanoTime),
        TerminalSupport.columns(env, told));
  }

  @Test
  void linesAreBrokenAtWordsIfTheWidthIsKnown() {
    screen(Map.of("COLUMNS", "12"), 80).show(List.of("one two three", "four"));
    assertThat(out.toString(UTF_8)).isEqualTo("one two\n  three\nfour\n");
  }

  @Test
  void otherwiseTheWidthIsThatOfTheTerminalOrEighty() {
    screen(Map.of(), 12).show(List.of("one two three"));
    screen(Map.of("COLUMNS", "wide"), 0).show(List.of("x".repeat(78) + " four"));
    assertThat(out.toString(UTF_8)).isEqualTo("one two\n  three\n" + "x".repeat(78) + "\n  four\n");
  }
}
