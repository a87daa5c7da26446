package io.p2pchat.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
  @Test
  void columnsBeginBelowEachOther() {
    assertThat(Table.of(List.of(List.of("A", "LONG", "B"), List.of("aaa", "b", "c"))))
        .containsExactly("A    LONG  B", "aaa  b     c");
  }

  @Test
  void noLineEndsInBlanks() {
    assertThat(Table.of(List.of(List.of("a", "long"), List.of("b", "x"))))
        .containsExactly("a  long", "b  x");
  }

  @Test
  void cellsAreEscapedBeforeTheyAreMeasured() {
    assertThat(Table.of(List.of(List.of("a\u202eb", "x"), List.of("a", "y"))))
        .containsExactly("a\\u202eb  x", "a         y");
  }

  @Test
  void wideAndCombiningCharactersAreCountedAsTheyShow() {
    assertThat(
            Table.of(
                List.of(
                    List.of("你好", "x"),
                    List.of("🎉", "x"),
                    List.of("e\u0301a", "x"),
                    List.of("four", "x"))))
        .containsExactly("你好  x", "🎉    x", "e\u0301a    x", "four  x");
    for (String wide : List.of("！", "\u3000", "、", "￥", "⌚", "⭐", "🀄", "❤\uFE0F", "㊗")) {
      assertThat(Table.width(wide)).as(wide).isEqualTo(2);
    }
    for (String narrow : List.of("⚠", "✓", "✗", "→", "…", "─", "·", "○", "é", "ﾊ")) {
      assertThat(Table.width(narrow)).as(narrow).isEqualTo(1);
    }
  }

  @Test
  void noRowsAreNoLines() {
    assertThat(Table.of(List.of())).isEmpty();
  }
}
