package io.p2pchat.cli.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SuggestionsTest {
  private static final List<String> WORDS = List.of("bind", "data-dir", "listen.count", "team");

  @Test
  void aWordWithFewOtherLettersIsFound() {
    assertThat(Suggestions.nearest("tean", WORDS)).hasValue("team");
    assertThat(Suggestions.nearest("teams", WORDS)).hasValue("team");
    assertThat(Suggestions.nearest("datadir", WORDS)).hasValue("data-dir");
    assertThat(Suggestions.nearest("listen.cuont", WORDS)).hasValue("listen.count");
  }

  @Test
  void otherWordsAreNot() {
    assertThat(Suggestions.nearest("trap", WORDS)).isEmpty();
    assertThat(Suggestions.nearest("", WORDS)).isEmpty();
    assertThat(Suggestions.nearest("team", List.of())).isEmpty();
  }
}
