package io.p2pchat.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShellQuotingTest {
  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1:7070", "abc-DEF_9", "/home/ann/.local", "a@b%c+d=e,f"})
  void aHarmlessWordIsLeftAsItIs(String word) {
    assertThat(ShellQuoting.of(word)).isEqualTo(word);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "[::1]:7070, '[::1]:7070'",
        "two words, 'two words'",
        "O'Neil, 'O'\\''Neil'",
        "$(rm -rf ~), '$(rm -rf ~)'",
        "a\\b`c, 'a\\b`c'",
        "größer, 'größer'",
        "\"\", ''"
      })
  void anyOtherIsQuoted(String word, String quoted) {
    assertThat(ShellQuoting.of(word)).isEqualTo(quoted);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {"Netech, 'Netech'", "O'Neil, 'O'\\''Neil'"})
  void aTeamIsQuotedWhateverItIs(String team, String quoted) {
    assertThat(ShellQuoting.quoted(team)).isEqualTo(quoted);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {"O\u202en'e, $'O\\u202en\\'e'", "a\u001b[31m\\, $'a\\u001b[31m\\\\'"})
  void whatATerminalMayNotSeeIsEscapedForTheShell(String word, String quoted) {
    assertThat(ShellQuoting.of(word)).isEqualTo(quoted);
  }
}
