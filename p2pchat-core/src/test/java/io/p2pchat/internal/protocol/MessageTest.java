package io.p2pchat.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.p2pchat.testing.RandomText;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageTest {
  private static final int RUNS = 20_000;

  private static ChatLine chat(String line) {
    assertThat(ChatLine.parse(line)).isInstanceOf(ChatLine.class);
    return (ChatLine) ChatLine.parse(line);
  }

  @Test
  void aChatLineHasPortTeamAndText() {
    assertThat(chat("LISTENING_PORT:9090|TEAM_NAME:Netech|hello"))
        .isEqualTo(ChatLine.of(9090, "Netech", "hello"));
  }

  @Test
  void theTextStartsAfterTheSecondBarAndMayHoldMore() {
    assertThat(chat("LISTENING_PORT:1|TEAM_NAME:T|a|b||").text()).isEqualTo("a|b||");
  }

  @Test
  void theTextMayBeEmpty() {
    assertThat(chat("LISTENING_PORT:65535|TEAM_NAME:T|").text()).isEmpty();
  }

  @Test
  void textAndTeamAreStripped() {
    ChatLine line = chat("LISTENING_PORT:0080|TEAM_NAME: T \u2003|\u2028 a b \t");
    assertThat(line).isEqualTo(ChatLine.of(80, "T", "a b"));
  }

  @Test
  void lineBreaksTravelAsLineSeparatorsAndComeBackAsLf() {
    ChatLine line = ChatLine.of(1, "T", "a\r\nb\rc\nd");
    assertThat(line.format()).isEqualTo("LISTENING_PORT:1|TEAM_NAME:T|a\u2028b\u2028c\u2028d");
    assertThat(chat(line.format()).text()).isEqualTo("a\nb\nc\nd");
  }

  @Test
  void otherControlCharactersPassThrough() {
    assertThat(chat("LISTENING_PORT:1|TEAM_NAME:T|a\u001b[0m\u0000b").text())
        .isEqualTo("a\u001b[0m\u0000b");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hello",
        "LISTENING_PORT:9090",
        "LISTENING_PORT:9090|",
        "LISTENING_PORT:9090|TEAM_NAME:T",
        "LISTENING_PORT:|TEAM_NAME:T|x",
        "LISTENING_PORT:0|TEAM_NAME:T|x",
        "LISTENING_PORT:65536|TEAM_NAME:T|x",
        "LISTENING_PORT:99999999999999999999|TEAM_NAME:T|x",
        "LISTENING_PORT:-1|TEAM_NAME:T|x",
        "LISTENING_PORT:+1|TEAM_NAME:T|x",
        "LISTENING_PORT: 1|TEAM_NAME:T|x",
        "LISTENING_PORT:1x|TEAM_NAME:T|x",
        "LISTENING_PORT:٣|TEAM_NAME:T|x",
        "LISTENING_PORT:1|TEAM_NAME:|x",
        "LISTENING_PORT:1|TEAM_NAME:  |x",
        "LISTENING_PORT:1|TEAM_NAME:a\u0007b|x",
        "LISTENING_PORT:1|TEAM:T|x",
        "listening_port:1|team_name:T|x",
        " LISTENING_PORT:1|TEAM_NAME:T|x",
        "GREETING:1|TLS:no|NODE:x"
      })
  void whatBreaksAHeaderRuleIsARawLine(String line) {
    assertThat(ChatLine.parse(line)).isEqualTo(new RawLine(line));
  }

  @Test
  void aTeamHasAtMost64CharactersHoweverTheyAreEncoded() {
    String longest = "👩".repeat(64);
    assertThat(chat("LISTENING_PORT:1|TEAM_NAME:" + longest + "|x").team()).isEqualTo(longest);
    assertThat(ChatLine.parse("LISTENING_PORT:1|TEAM_NAME:" + longest + "a|x"))
        .isInstanceOf(RawLine.class);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ChatLine.of(1, longest + "a", "x"))
        .withMessageContaining("65 characters");
  }

  @Test
  void whatMayNotBeSentIsRefusedWithTheRuleItBreaks() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ChatLine.of(0, "T", "x"))
        .withMessageContaining("1 to 65535");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ChatLine.of(1, "a|b", "x"))
        .withMessageContaining("|");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ChatLine.of(1, "a\nb", "x"))
        .withMessageContaining("control character");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ChatLine.of(1, " ", "x"))
        .withMessageContaining("0 characters");
  }

  @ParameterizedTest
  @ValueSource(strings = {"exit", " EXIT\t", "eXit\r\n", "\u2028exit"})
  void reservedTextsAreComparedStrippedAndWithoutCase(String text) {
    assertThat(ChatLine.of(1, "T", text).reserved()).isEqualTo(ReservedText.EXIT);
  }

  @Test
  void onlyTheWholeTextIsReserved() {
    assertThat(ChatLine.of(1, "T", "exit now").reserved()).isNull();
    assertThat(ChatLine.of(1, "T", "ex\u0131t").reserved()).isNull();
    assertThat(ChatLine.of(1, "T", "EX\u0130T").reserved()).isNull();
    assertThat(ChatLine.of(1, "T", "connection message").reserved())
        .isEqualTo(ReservedText.CONNECTION);
    assertThat(ChatLine.of(1, "T", "Manual Connection Message").reserved())
        .isEqualTo(ReservedText.MANUAL_CONNECTION);
  }

  @Test
  void whatIsFormattedIsParsedBackToTheSame() {
    RandomText texts = new RandomText(1);
    for (int i = 0; i < RUNS; i++) {
      ChatLine line = ChatLine.of(texts.port(), "Team " + i, texts.next(30));
      byte[] wire = line.format().getBytes(StandardCharsets.UTF_8);
      assertThat(wire).hasSize(line.encodedLength()).doesNotContain('\n', '\r');
      assertThat(ChatLine.parse(new String(wire, StandardCharsets.UTF_8))).isEqualTo(line);
    }
  }

  @Test
  void noInputThrows() {
    Random random = new Random(2);
    RandomText texts = new RandomText(3);
    for (int i = 0; i < RUNS; i++) {
      String head = random.nextBoolean() ? "LISTENING_PORT:" : "LISTENING_PORT:7|TEAM_NAME:";
      String line = (random.nextInt(3) == 0 ? "" : head) + texts.next(20);
      Message message = ChatLine.parse(line);
      if (message instanceof ChatLine chat) {
        assertThat(ChatLine.parse(chat.format())).isEqualTo(chat);
      } else {
        assertThat(message).isEqualTo(new RawLine(line));
      }
    }
  }
}
