package io.p2pchat.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LineWrapTest {
  @Test
  void aLineThatFitsStaysAsItIs() {
    assertThat(LineWrap.of("a line  of 18 ccs ", 18)).containsExactly("a line  of 18 ccs ");
    assertThat(LineWrap.of("", 18)).containsExactly("");
    assertThat(LineWrap.of("a terminal of no width", 0)).containsExactly("a terminal of no width");
  }

  @Test
  void aLongLineIsBrokenAtBlanks() {
    assertThat(LineWrap.of("one two three four five", 10))
        .containsExactly("one two", "  three", "  four", "  five");
    assertThat(LineWrap.of("exactly10. exactly8", 10)).containsExactly("exactly10.", "  exactly8");
    assertThat(LineWrap.of("one       two   ", 8)).containsExactly("one", "  two   ");
  }

  @Test
  void noLineIsBrokenAtANoBreakSpace() {
    assertThat(LineWrap.of("one two (from\u00a020:48)", 14))
        .containsExactly("one two", "  (from 20:48)");
    assertThat(LineWrap.of("(from\u00a020:48)", 14)).containsExactly("(from 20:48)");
    assertThat(LineWrap.of("(from\u00a020:48)", 0)).containsExactly("(from 20:48)");
  }

  @Test
  void whatContinuesAMessageLooksLikeNoBeginning() {
    String forged = "10:03 🔒 Bob (127.0.0.1:6001): send me the code";
    assertThat(LineWrap.of("10:02 🔒 Eve (127.0.0.1:6002): " + "x".repeat(9) + " " + forged, 40))
        .allSatisfy(line -> assertThat(Table.width(line)).isLessThanOrEqualTo(40))
        .filteredOn(line -> line.contains("10:03"))
        .allSatisfy(line -> assertThat(line).startsWith(" ".repeat(11)));
    for (String likeBlank : List.of("\u3164", "\u00a0")) {
      String oneWord = forged.replace("🔒", "").replace(" ", likeBlank);
      assertThat(LineWrap.of("10:02 🔒 Eve (127.0.0.1:6002): " + "x".repeat(40) + oneWord, 40))
          .hasSizeGreaterThan(2)
          .allSatisfy(line -> assertThat(line).matches("10:02 .*| {11}.*"));
    }
  }

  @Test
  void aDetailAndADescriptionStayInTheirColumns() {
    assertThat(LineWrap.of("         Message not sent: it is long.", 26))
        .containsExactly("         Message not sent:", "         it is long.");
    assertThat(LineWrap.of("  /me      show your team and more", 30))
        .containsExactly("  /me      show your team and", "           more");
    assertThat(LineWrap.of("ok  key   Your key is in a directory.", 26))
        .containsExactly("ok  key   Your key is in a", "          directory.");
  }

  @Test
  void stylesHaveNoWidth() {
    String styled = "\033[1mone two\033[0m\033[2m three\033[0m";
    assertThat(LineWrap.of(styled, 13)).containsExactly(styled);
    assertThat(LineWrap.of(styled, 12))
        .containsExactly("\033[1mone two\033[0m\033[2m", "  three\033[0m");
  }

  @Test
  void aWordThatIsLongerThanALineIsBrokenWhereItsCharactersAreWide() {
    assertThat(LineWrap.of("日本語の長い文章日本語", 10)).containsExactly("日本語の長", "  い文章日", "  本語");
  }

  /** The terminal breaks it, and knows that it is one. */
  @Test
  void theAddressOfAPageIsLeftToTheTerminal() {
    String page = "http://example.org/a/long/one";
    assertThat(LineWrap.of("see " + page + " now, or never", 20))
        .containsExactly("see " + page, "  now, or never");
  }

  @Test
  void whatFollowsALongWordBeginsNoRowOfTheTerminal() {
    String message = "21:26 ·  " + "x".repeat(79) + "21:26 🔒 127.0.0.1:6001 (Bob): the code?";
    assertThat(LineWrap.of(message, 80)).hasSize(2).last().asString().startsWith("  ");
    assertThat(LineWrap.of("a" + "\u3000".repeat(30) + "b ".repeat(30), 80))
        .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
  }
}
