package io.p2pchat.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TerminalEscaperTest {
  @Test
  void controlCharactersAreShownAsEscapes() {
    assertThat(TerminalEscaper.of("\u0000\u0007\u001b\u007f\u009b\r\n\t"))
        .isEqualTo("\\u0000\\u0007\\u001b\\u007f\\u009b\\r\\n\\t");
  }

  @Test
  void lineBreaksOfUnicodeAreShownAsEscapes() {
    assertThat(TerminalEscaper.of("\u0085\u2028\u2029")).isEqualTo("\\u0085\\u2028\\u2029");
  }

  @Test
  void whatReordersALineIsShownAsAnEscape() {
    for (char c :
        "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069".toCharArray()) {
      assertThat(TerminalEscaper.of("" + c)).isEqualTo(String.format("\\u%04x", (int) c));
    }
  }

  @Test
  void aLoneSurrogateIsShownAsAnEscape() {
    assertThat(TerminalEscaper.of("a\ud83db\ude00")).isEqualTo("a\\ud83db\\ude00");
  }

  @Test
  void aBackslashStaysAsItIs() {
    assertThat(TerminalEscaper.of("C:\\new \\u001b")).isEqualTo("C:\\new \\u001b");
  }

  @Test
  void ordinaryTextOfAnyScriptIsLeftAlone() {
    String text = "naïve “quotes” 你好 שלום می‌خواهم हिन्दी 👩‍👩‍👧 🏴󠁧󠁢󠁥󠁮󠁧󠁿 e\u0301";
    assertThat(TerminalEscaper.of(text)).isEqualTo(text);
  }
}
