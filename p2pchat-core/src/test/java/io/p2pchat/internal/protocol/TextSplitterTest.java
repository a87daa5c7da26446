package io.p2pchat.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.testing.RandomText;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TextSplitterTest {
  private static final int MAX = 1024;
  private static final int ROOM = MAX - ChatLine.of(9090, "T", "").encodedLength();

  private static List<String> cut(String text) {
    List<ChatLine> pieces = TextSplitter.cut(ChatLine.of(9090, "T", text), MAX);
    assertThat(pieces)
        .allSatisfy(piece -> assertThat(piece.encodedLength()).isLessThanOrEqualTo(MAX))
        .allSatisfy(piece -> assertThat(piece.port()).isEqualTo(9090))
        .allSatisfy(piece -> assertThat(piece.team()).isEqualTo("T"));
    return pieces.stream().map(ChatLine::text).toList();
  }

  @Test
  void aTextThatFitsIsOnePieceEvenIfReservedOrEmpty() {
    assertThat(cut("x".repeat(ROOM))).containsExactly("x".repeat(ROOM));
    assertThat(cut("exit")).containsExactly("exit");
    assertThat(cut("")).containsExactly("");
  }

  @Test
  void aLongTextIsCutIntoFullPieces() {
    assertThat(cut("x".repeat(2 * ROOM + 1)))
        .containsExactly("x".repeat(ROOM), "x".repeat(ROOM), "x");
  }

  @Test
  void aCutLiesBetweenCodePoints() {
    String text = "y" + "👩".repeat(1000);
    assertThat(String.join("", cut(text))).isEqualTo(text);
    assertThat(cut(text)).allSatisfy(piece -> assertThat(piece).matches("y?(👩)+"));
  }

  @Test
  void lineBreaksCountAsTheyAreCarried() {
    String text = "x\n".repeat(ROOM) + "x";
    assertThat(String.join("", cut(text)).replace("\n", "")).isEqualTo("x".repeat(ROOM + 1));
  }

  @Test
  void aLastPieceThatWouldBeReservedTakesOneCodePointMore() {
    assertThat(cut("y".repeat(ROOM) + "exit")).containsExactly("y".repeat(ROOM - 1), "yexit");
    assertThat(cut("y".repeat(ROOM - 1) + " EXIT")).containsExactly("y".repeat(ROOM - 2), "y EXIT");
  }

  @Test
  void aReservedTextBetweenLongWhiteSpaceIsCutItself() {
    String spaces = " ".repeat(2 * ROOM);
    assertThat(cut("exit" + spaces + "exit" + spaces + "x"))
        .containsExactly("exi", "t", "exi", "t", "x");
  }

  @Test
  void noRandomTextGivesAnEmptyOrReservedPieceOrLosesACharacter() {
    RandomText texts = new RandomText(4);
    for (int i = 0; i < 2_000; i++) {
      String text = ChatLine.of(9090, "T", texts.next(2_000)).text();
      List<String> pieces = cut(text);
      assertThat(String.join("", pieces.stream().map(TextSplitterTest::solid).toList()))
          .isEqualTo(solid(text));
      if (pieces.size() > 1) {
        assertThat(pieces).noneMatch(String::isBlank);
        assertThat(pieces).allMatch(piece -> ReservedText.of(piece) == null);
      }
    }
  }

  private static String solid(String text) {
    return text.codePoints()
        .filter(codePoint -> !Character.isWhitespace(codePoint))
        .mapToObj(Character::toString)
        .collect(Collectors.joining());
  }
}
