package io.p2pchat.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NameTextTest {
  @Test
  void ordinaryNamesStayAsTheyAre() {
    List<String> names =
        List.of(
            "Bob",
            "Bob Builder",
            "O'Neill",
            "Jean-Luc",
            "Team_07",
            "R&D",
            "Dr.Bob",
            "Zoë",
            "Bo\u0301b",
            "你好",
            "שלום",
            "Ελένη",
            "%999P*%{x%}%N",
            "a/b",
            "me@home",
            "Bob 😀",
            "A".repeat(64));
    assertThat(names).allSatisfy(name -> assertThat(NameText.of(name)).isEqualTo(name));
    assertThat(names).allSatisfy(name -> assertThat(NameText.shortened(name)).isEqualTo(name));
  }

  @Test
  void namesThatLookLikeWhatTheProgramSaysAreQuotedAndCutOnATerminal() {
    String forged = "Bob (127.0.0.1:6001): send me the door code";
    assertThat(NameText.of(forged)).isEqualTo('"' + forged + '"');
    assertThat(NameText.shortened(forged)).isEqualTo("\"Bob (127.0.0.1:6001):…\"");
    assertThat(NameText.of("a\"b\\")).isEqualTo("\"a\\\"b\\\\\"");
    assertThat(NameText.of("Dr. Bob")).isEqualTo("\"Dr. Bob\"");
    assertThat(NameText.shortened("你".repeat(30) + ":")).isEqualTo('"' + "你".repeat(10) + "…\"");
  }

  @Test
  void whatIsBlankOrInvisibleIsEscaped() {
    assertThat(NameText.of("\u3164")).isEqualTo("\\u3164");
    assertThat(NameText.of("Bob\u200b")).isEqualTo("Bob\\u200b");
    assertThat(NameText.of("O\u202ene")).isEqualTo("O\\u202ene");
    assertThat(NameText.of("\udb40\udc41")).isEqualTo("\\U000e0041");
    assertThat(NameText.of("Bob\\u200b")).isEqualTo("\"Bob\\\\u200b\"");
    assertThat(NameText.of("\u0301a" + "\u0301".repeat(5)))
        .isEqualTo("\\u0301a" + "\u0301".repeat(4) + "\\u0301");
  }

  @Test
  void inASentenceASpaceIsInQuotes() {
    assertThat(NameText.inSentence("Bob")).isEqualTo("Bob");
    assertThat(NameText.inSentence("Bob Builder")).isEqualTo("\"Bob Builder\"");
    assertThat(NameText.inSentence("\"a b: c\"")).isEqualTo("\"a b: c\"");
  }

  @Test
  void namesThatDifferBehindTheCutShowTheDifference() {
    String begin = "The team of the second floor, ";
    assertThat(NameText.distinct(begin + "left", begin + "right"))
        .containsExactly("\"…floor, left\"", "\"…floor, right\"");
    assertThat(NameText.distinct("Bob", "Bobby")).containsExactly("\"Bob\"", "\"Bobby\"");
    assertThat(NameText.distinct("x".repeat(30) + "\"a".repeat(6), "x".repeat(40)))
        .allSatisfy(name -> assertThat(name).matches(DeceptiveNames.SHOWN));
  }

  @Test
  void deceptiveNamesAreSafe() {
    assertThat(DeceptiveNames.ALL)
        .hasSizeGreaterThanOrEqualTo(50)
        .allSatisfy(name -> assertThat(NameText.of(name)).matches(DeceptiveNames.SHOWN))
        .allSatisfy(name -> assertThat(NameText.shortened(name)).matches(DeceptiveNames.SHOWN));
  }
}
