package io.p2pchat.internal.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TeamNamesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "BOB",
        "bob",
        " Bob ",
        "\uff22\uff4f\uff42",
        "\ud835\udc01\ud835\udc28b",
        "\u3000bob"
      })
  void formsOfANameAreTheSame(String form) {
    assertThat(TeamNames.fold(form)).isEqualTo(TeamNames.fold("Bob"));
  }

  @ParameterizedTest
  @CsvSource({
    "Bob, B0b",
    "Bob, \u0412\u043eb",
    "Bob, B\u043eb",
    "Bob, \u0412\u043e\u042c",
    "Bob, \u0432\u043e\u044c",
    "Bob, B\u200bob",
    "Bob, B\u03bfb",
    "Bob, B\u0585b",
    "Bob, \u13f4ob",
    "Bob, \ua4d0\ua4f3b",
    "Bob, B\ufe0fo\u034fb",
    "Bob, \u202eBob",
    "Bob, B\u0966b",
    "Bill, BiII",
    "Bill, Bi1l",
    "modern, rnodern",
    "Modern, RNODERN",
    "MODERN, \u041codern",
    "Will, VVill",
    "Anna, \u0391\u039dNA",
    "Team 1, Team  l",
    "Red-Hat, Red\u2013Hat",
    "O'Neil, O\u2019Neil",
    "paypal, \u0440\u0430\u0443\u0440\u0430l"
  })
  void lookAlikesHaveASkeletonInCommon(String name, String other) {
    assertThat(TeamNames.fold(name)).isNotEqualTo(TeamNames.fold(other));
    assertThat(TeamNames.skeletons(other)).containsAnyElementsOf(TeamNames.skeletons(name));
  }

  @ParameterizedTest
  @CsvSource({"Bob, Bub", "Bob, Bobo", "Anna, Hanna", "Team 1, Team 2", "Netech, Netec"})
  void otherNamesHaveNone(String name, String other) {
    assertThat(Collections.disjoint(TeamNames.skeletons(name), TeamNames.skeletons(other)))
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "B\u200bob",
        "Bob\u200d",
        "\u202eboB",
        "B\u00adob",
        "Bo\ufe0fb",
        "Bob\u3164",
        "Bob\ud83c\udf55\u200b",
        "\u0412\u043eb",
        "B\u043eb",
        "B\u03bfb",
        "\u0392\u043e\u0431",
        "\u13f4ob",
        "Team B\u043eb"
      })
  void hiddenCharactersAndMixedScriptsAreSuspicious(String name) {
    assertThat(TeamNames.isSuspicious(name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Bob",
        "B0b",
        "Team 1",
        "Zo\u00eb",
        "Zoe\u0308",
        "\u041c\u043e\u0441\u043a\u0432\u0430",
        "Team \u041c\u043e\u0441\u043a\u0432\u0430",
        "\u0391\u03b8\u03ae\u03bd\u03b1",
        "\u6771\u4eac\u30bf\u30ef\u30fc\u3068",
        "J\u30ea\u30fc\u30b0",
        "\u5927\u97d3\ubbfc\uad6d",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        "\u2764\ufe0f Bob",
        "\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67"
      })
  void ordinaryNamesAreNot(String name) {
    assertThat(TeamNames.isSuspicious(name)).isFalse();
  }

  @Test
  void aLongNameOfMarksIsNoTrouble() {
    String name = "\ufdfa".repeat(64);
    assertThat(TeamNames.fold(name).length()).isLessThan(64 * 20);
    assertThat(TeamNames.skeletons(name)).isNotEmpty();
  }
}
