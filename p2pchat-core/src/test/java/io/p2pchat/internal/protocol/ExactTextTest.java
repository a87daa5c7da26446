package io.p2pchat.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.fail;

import io.p2pchat.testing.RandomText;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExactTextTest {
  private static final int RUNS = 20_000;

  @ParameterizedTest
  @ValueSource(
      strings = {"", "hello", " a ", "\ta|b", "a\u2028b", "\u2029", "é日本👩", "\u0000", "?"})
  void mostTextsTravelAsTheyAre(String text) {
    assertThat(ExactText.escape(text)).isSameAs(text);
    assertThat(ExactText.unescape(text)).isSameAs(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {"a#b a\\nb", "a%b a\\rb", "%# \\r\\n", "\\ \\\\", "\\n \\\\n", "#exit \\nexit"})
  void backslashAndLineBreaksAreEscaped(String given, String wire) {
    String text = given.replace('#', '\n').replace('%', '\r');
    assertThat(ExactText.escape(text)).isEqualTo(wire);
    assertThat(ExactText.unescape(wire)).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "exit",
        " EXIT ",
        "\u2028exit",
        "Connection message",
        "\tmanual connection MESSAGE"
      })
  void whatWouldBeReadAsReservedBeginsWithAnEscape(String text) {
    assertThat(ExactText.escape(text)).isEqualTo("\\" + text);
    assertThat(ExactText.unescape("\\" + text)).isEqualTo(text);
  }

  @Test
  void aSimpleTextIsTheSameInAllForms() {
    for (int length = 1; length <= 40; length++) {
      for (int at = 0; at < length; at++) {
        for (int c = 0; c < 0x100; c++) {
          char[] chars = "x".repeat(length).toCharArray();
          chars[at] = (char) c;
          String text = new String(chars);
          byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
          boolean outer = at == 0 || at == length - 1;
          boolean special = c < ' ' || c == '\\' || c == '?' || c >= 0x80 || (c == ' ' && outer);
          assertThat(ExactText.isSimple(text, encoded))
              .as("%s at %s of %s", c, at, length)
              .isEqualTo(!special && length >= Long.BYTES);
        }
      }
    }
  }

  @Test
  void aSimpleTextOfAnyCharactersIsTheSameInAllForms() {
    for (int c = 0; c < 0x10000; c++) {
      for (int at = 0; at < 9; at++) {
        char[] chars = "жжжжжжжжж".toCharArray();
        chars[at] = (char) c;
        String text = new String(chars);
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        String plain = ChatLine.escape(ChatLine.normal(text));
        boolean same =
            text.equals(new String(encoded, StandardCharsets.UTF_8))
                && text.equals(plain)
                && text.equals(ExactText.escape(text));
        boolean counts = c >= ' ' && c != '\\' && c != '?' && c >> 12 != 2;
        if (ExactText.isSimpleUtf8(text, encoded) != (same && counts)) {
          fail("U+%04x at %s", c, at);
        }
      }
    }
  }

  @Test
  void encodingATextIsTheSameWithAndWithoutTheCheapCheck() {
    RandomText texts = new RandomText(3);
    for (int i = 0; i < RUNS; i++) {
      String text = texts.next(24);
      EncodedText encoded = EncodedText.ofMessage(text);
      String exact = ExactText.escape(text);
      String plain = ChatLine.escape(ChatLine.normal(text));
      assertThat(encoded.bytes()).isEqualTo(exact.getBytes(StandardCharsets.UTF_8));
      assertThat(encoded.plainLength(0))
          .isEqualTo(
              ReservedText.of(plain) != null
                  ? EncodedText.NONE
                  : exact.equals(plain)
                      ? EncodedText.SAME
                      : plain.getBytes(StandardCharsets.UTF_8).length + 1);
    }
  }

  @Test
  void anyTextComesBackAndIsNeverReservedOnTheWire() {
    RandomText texts = new RandomText(1);
    for (int i = 0; i < RUNS; i++) {
      String text = texts.next(12);
      String wire = ExactText.escape(text);
      assertThat(wire).doesNotContain("\r", "\n");
      assertThat(ReservedText.of(wire)).isNull();
      assertThat(ExactText.unescape(wire)).isEqualTo(text);
    }
  }

  @Test
  void aLineOfThisNodeIsReadAsAPlainReaderWouldReadIt() {
    RandomText texts = new RandomText(2);
    for (int i = 0; i < RUNS; i++) {
      String text = texts.next(12);
      ChatLine plain = ChatLine.of(1, "T", text);
      assertThat(ChatLine.parseExact("LISTENING_PORT:1|TEAM_NAME:T|" + ExactText.escape(text)))
          .isEqualTo(plain);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {"\\ \\", "a\\ a\\", "\\x x", "\\é\\| é|", "\\\\\\ \\\\"})
  void unknownEscapesAreTheCharacterThatFollows(String wire, String text) {
    assertThat(ExactText.unescape(wire)).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "👩", "a👩👩b", "\ud7ff\ue000"})
  void wellFormedTextsPass(String text) {
    assertThatCode(() -> ExactText.requireWellFormed(text)).doesNotThrowAnyException();
  }

  @Test
  void halfOfASurrogatePairIsRefusedWithItsPlace() {
    assertRefused("\ud83d", "U+D83D at index 0");
    assertRefused("ab\udc69", "U+DC69 at index 2");
    assertRefused("👩\ud83d", "U+D83D at index 2");
    assertRefused("\ud83d\ud83d\udc69", "U+D83D at index 0");
    assertRefused("\udc69\ud83d", "U+DC69 at index 0");
    assertRefused("\ud83dx", "U+D83D at index 0");
  }

  private static void assertRefused(String text, String place) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ExactText.requireWellFormed(text))
        .withMessageContaining(place)
        .withMessageContaining("not well-formed UTF-16");
  }

  @Test
  void aQuestionMarkIsFoundAtEveryPlace() {
    for (int length = 0; length < 80; length++) {
      byte[] encoded = "x".repeat(length).getBytes(StandardCharsets.UTF_8);
      assertThat(ExactText.mayHaveReplaced(encoded)).isFalse();
      for (int at = 0; at < length; at++) {
        // These differ from it by one, or in the highest bit.
        encoded[at] = (byte) ('?' + 1);
        assertThat(ExactText.mayHaveReplaced(encoded)).isFalse();
        encoded[at] = (byte) ('?' | 0x80);
        assertThat(ExactText.mayHaveReplaced(encoded)).isFalse();
        encoded[at] = '?';
        assertThat(ExactText.mayHaveReplaced(encoded)).isTrue();
        encoded[at] = 'x';
      }
    }
  }
}
