package io.p2pchat.internal.net.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.p2pchat.internal.protocol.ChatLine;
import io.p2pchat.internal.protocol.ControlLine;
import io.p2pchat.internal.protocol.ControlLineParser;
import io.p2pchat.internal.protocol.ControlLineParser.MalformedLine;
import io.p2pchat.internal.protocol.Header;
import io.p2pchat.internal.protocol.Message;
import io.p2pchat.internal.protocol.NodeInfo;
import io.p2pchat.internal.protocol.RawLine;
import io.p2pchat.internal.protocol.ReservedText;
import io.p2pchat.internal.protocol.TeamNameRule;
import io.p2pchat.internal.protocol.TextSplitter;
import java.math.BigInteger;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Any line, as both levels read it: nothing throws, what is read can be written and is read again
 * as the same, and the limits of the grammar hold.
 */
class LineParserFuzzTest {
  private static final Pattern CHAT =
      Pattern.compile("LISTENING_PORT:([0-9]+)\\|TEAM_NAME:([^|]*)\\|(.*)", Pattern.DOTALL);
  private static final int PIECE_BYTES = 1024;
  private static final int LONGEST_PROBLEM = 200;

  @FuzzTest
  void everyLineIsAMessage(byte[] bytes) {
    String line = new String(bytes, UTF_8);
    Message message = ChatLine.parse(line);
    Header header = Header.read(line);
    assertThat(header != null).isEqualTo(isChat(line));
    if (header == null) {
      assertThat(message).isEqualTo(new RawLine(line));
    } else {
      assertThat(header.length()).isBetween(1, line.length());
      assertThat(line.charAt(header.length() - 1)).isEqualTo('|');
      assertThat(message).isInstanceOf(ChatLine.class);
      checkChat((ChatLine) message);
      checkPieces((ChatLine) message);
    }
    checkSessionText(bytes, header);
    checkControl(ControlLineParser.parse(line.stripTrailing()));
  }

  /** The grammar once more, in other words. */
  private static boolean isChat(String line) {
    Matcher matcher = CHAT.matcher(line);
    if (!matcher.matches()) {
      return false;
    }
    BigInteger port = new BigInteger(matcher.group(1));
    String team = matcher.group(2).strip();
    int length = team.codePointCount(0, team.length());
    return port.signum() > 0
        && port.compareTo(BigInteger.valueOf(65_535)) <= 0
        && length >= 1
        && length <= 64
        && team.codePoints().noneMatch(Character::isISOControl);
  }

  private static void checkChat(ChatLine chat) {
    assertThat(chat.port()).isBetween(1, 65_535);
    assertThat(chat.team().codePointCount(0, chat.team().length())).isBetween(1, 64);
    assertThat(chat.team()).isEqualTo(TeamNameRule.require(chat.team()));
    assertThat(chat.text()).isEqualTo(ChatLine.normal(chat.text())).doesNotContain("\r", "\u2028");
    String again = chat.format();
    assertThat(again).doesNotContain("\r", "\n");
    assertThat(ChatLine.parse(again)).isEqualTo(chat);
    assertThat(chat.encodedLength()).isEqualTo(again.getBytes(UTF_8).length);
  }

  private static void checkPieces(ChatLine chat) {
    List<ChatLine> pieces = TextSplitter.cut(chat, PIECE_BYTES);
    StringBuilder joined = new StringBuilder();
    for (ChatLine piece : pieces) {
      assertThat(piece.encodedLength()).isLessThanOrEqualTo(PIECE_BYTES);
      assertThat(piece.text().isEmpty()).isEqualTo(chat.text().isEmpty());
      if (pieces.size() > 1) {
        assertThat(ReservedText.of(piece.text())).isNull();
      }
      joined.append(piece.text());
    }
    assertThat(visible(joined.toString())).isEqualTo(visible(chat.text()));
  }

  private static String visible(String text) {
    return text.codePoints()
        .filter(c -> !Character.isWhitespace(c))
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  /** At level 1 the header is compared, not parsed; the text is as on the wire. */
  private static void checkSessionText(byte[] bytes, @Nullable Header header) {
    int port = header == null ? 9090 : header.port();
    String team = header == null ? "Netech" : header.team();
    byte[] agreed =
        new NodeInfo("a".repeat(26), NodeInfo.MIN_LIMIT, port, team, false).chatHeader();
    String text = SessionLineReader.chatText(agreed, bytes, 0, bytes.length);
    if (text != null) {
      Message message = ChatLine.parse(new String(bytes, UTF_8));
      assertThat(message).isEqualTo(ChatLine.of(port, team, text));
    }
    byte[] canonical = ChatLine.of(port, team, "").format().getBytes(UTF_8);
    byte[] within = new byte[canonical.length + 2 * bytes.length];
    System.arraycopy(bytes, 0, within, 0, bytes.length);
    System.arraycopy(canonical, 0, within, bytes.length, canonical.length);
    System.arraycopy(bytes, 0, within, bytes.length + canonical.length, bytes.length);
    assertThat(SessionLineReader.chatText(agreed, within, bytes.length, within.length))
        .isEqualTo(new String(bytes, UTF_8));
    assertThat(
            SessionLineReader.chatText(
                agreed, within, bytes.length, bytes.length + canonical.length - 1))
        .isNull();
  }

  private static void checkControl(Message message) {
    if (message instanceof ControlLine line) {
      String again = line.format();
      assertThat(again).doesNotContain("\r", "\n");
      assertThat(ControlLineParser.parse(again)).isEqualTo(line);
    } else if (message instanceof MalformedLine malformed) {
      // It is told to the application, and to a person.
      assertThat(malformed.problem()).isNotEmpty().hasSizeLessThan(LONGEST_PROBLEM);
      assertThat(malformed.problem().chars().noneMatch(Character::isISOControl)).isTrue();
    }
  }
}
