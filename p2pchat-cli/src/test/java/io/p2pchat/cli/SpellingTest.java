package io.p2pchat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpellingTest {
  private static final List<String> WORDS = List.of("bind", "data-dir", "listen.count", "team");

  @Test
  void aWordWithFewOtherLettersIsFound() {
    assertThat(Spelling.nearest("tean", WORDS)).hasValue("team");
    assertThat(Spelling.nearest("teams", WORDS)).hasValue("team");
    assertThat(Spelling.nearest("datadir", WORDS)).hasValue("data-dir");
    assertThat(Spelling.nearest("listen.cuont", WORDS)).hasValue("listen.count");
  }

  @Test
  void otherWordsAreNot() {
    assertThat(Spelling.nearest("trap", WORDS)).isEmpty();
    assertThat(Spelling.nearest("", WORDS)).isEmpty();
    assertThat(Spelling.nearest("team", List.of())).isEmpty();
  }
}
