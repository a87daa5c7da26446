package io.p2pchat.internal.security;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.p2pchat.Fingerprint;
import io.p2pchat.KnownPeer;
import io.p2pchat.PeerAddress;
import io.p2pchat.testing.Fingerprints;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KnownPeersFormatTest {
  private static final String KEY =
      "00112233-44556677-8899aabb-ccddeeff".repeat(2).replace("ff00", "ff-00");
  private static final String LINE = "10.0.0.1:7070 | " + KEY + " | 2026-01-31T09:30:00Z | Netech";

  private static KnownPeerSet parse(String text) {
    return KnownPeersFormat.parse(text.getBytes(UTF_8));
  }

  private static String format(KnownPeerSet pins) {
    return new String(KnownPeersFormat.format(pins), UTF_8);
  }

  private static void refuses(String text, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> parse(text))
        .withMessageContaining(message);
  }

  @Test
  void aLineIsAPin() {
    assertThat(parse(LINE).all())
        .containsExactly(
            KnownPeersFormat.known(
                "Netech",
                PeerAddress.parse("10.0.0.1:7070"),
                Fingerprint.parse(KEY),
                Instant.parse("2026-01-31T09:30:00Z")));
    assertThat(KnownPeersFormat.format(parse(LINE).all().get(0))).isEqualTo(LINE);
  }

  @Test
  void whatAPersonWroteComesBackByteForByte() {
    String text =
        "\ufeff# mine \t\r\n\n  10.0.0.1:7070|"
            + KEY
            + "|2026-01-31T09:30:00Z|# not a remark \r\n #x\n";
    assertThat(format(parse(text))).isEqualTo(text);
    assertThat(parse(text).all()).extracting(KnownPeer::teamName).containsExactly("# not a remark");
    assertThat(format(parse("# no end"))).isEqualTo("# no end\n");
    assertThat(format(parse("\n"))).isEqualTo("\n");
  }

  @Test
  void fileThatIsCutOffInItsFirstRemarkIsRefused() {
    String head = format(KnownPeersFormat.fresh());
    for (int length = 1; length < head.length(); length++) {
      refuses(head.substring(0, length), "line 1: the file is cut off");
    }
    assertThat(parse(head).all()).isEmpty();
    refuses("", "the file is empty. Restore it, or delete it");
  }

  @Test
  void fileWithoutItsOnlyLineIsNotEmpty() {
    KnownPeerSet one = parse(LINE + "\n");
    String none = format(one.without("Netech", one.all().get(0).address()));
    assertThat(none).isEqualTo(format(KnownPeersFormat.fresh()));
    assertThat(parse(none).all()).isEmpty();
  }

  @Test
  void timeBeyondFourDigitsOfTheYearIsRead() {
    String line = LINE.replace("2026-", "+12026-");
    assertThat(KnownPeersFormat.format(parse(line).all().get(0))).isEqualTo(line);
  }

  @Test
  void aChangeTouchesNoOtherLine() {
    KnownPeerSet pins =
        parse("# a\n" + LINE + "\n  # b\n" + LINE.replace("10.0.0.1", "[::1]") + "\n");
    KnownPeer first = pins.all().get(0);
    assertThat(format(pins.without("Netech", first.address())))
        .isEqualTo("# a\n  # b\n" + LINE.replace("10.0.0.1", "[::1]") + "\n");
    KnownPeer other =
        KnownPeersFormat.known(
            "Netech", first.address(), Fingerprints.random(new Random(11)), Instant.EPOCH);
    assertThat(format(pins.withHolder(other)))
        .isEqualTo(
            "# a\n"
                + KnownPeersFormat.format(other)
                + "\n  # b\n"
                + LINE.replace("10.0.0.1", "[::1]")
                + "\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      value = {
        "x ! it has 1 fields",
        "10.0.0.1:7070 | KEY | 2026-01-31T09:30:00Z | a|b ! it has 5 fields",
        "10.0.0.1 | KEY | 2026-01-31T09:30:00Z | a ! not an IP address and a port",
        "10.0.0.256:1 | KEY | 2026-01-31T09:30:00Z | a ! not an IP address and a port",
        "10.0.0.1:0 | KEY | 2026-01-31T09:30:00Z | a ! not an IP address and a port",
        "[::g]:1 | KEY | 2026-01-31T09:30:00Z | a ! not an IP address and a port",
        "host:1 | KEY | 2026-01-31T09:30:00Z | a ! not an IP address and a port",
        "10.0.0.1:1 | KEY0 | 2026-01-31T09:30:00Z | a ! not a fingerprint",
        "10.0.0.1:1 | KEY | yesterday | a ! not a time",
        "10.0.0.1:1 | KEY | 2026-13-31T09:30:00Z | a ! not a time",
        "10.0.0.1:1 | KEY | 2026-01-31T09:30:00Z | ! team is not 1 to 64 characters",
        "10.0.0.1:1 | KEY | 2026-01-31T09:30:00Z | a\u0007b ! team is not 1 to 64 characters"
      })
  void aBrokenLineIsNamedWithWhatIsWrong(String line, String problem) {
    refuses("# fine\n\n" + line.replace("KEY", KEY) + "\nnor this\n", "line 3: ");
    refuses(line.replace("KEY", KEY), problem);
  }

  @Test
  void aTeamTwiceAtAnAddressIsRefusedWithBothLines() {
    refuses(
        "\n" + LINE + "\n#\n" + LINE,
        "line 4: its team is known at its address already, by line 2");
    refuses(
        LINE.replace("10.0.0.1", "[fe80::1%a]") + "\n" + LINE.replace("10.0.0.1", "[fe80::1%b]"),
        "line 2: ");
  }

  @Test
  void whatIsNotUtf8IsRefused() {
    byte[] bytes = {'#', '\n', '#', (byte) 0xff, '\n'};
    assertThatIllegalArgumentException()
        .isThrownBy(() -> KnownPeersFormat.parse(bytes))
        .withMessage("line 2: it is not UTF-8");
  }

  @Test
  void tooManyLinesAreRefused() {
    assertThat(parse("#\n".repeat(KnownPeerSet.MAX_LINES)).lines()).hasSize(KnownPeerSet.MAX_LINES);
    refuses("#\n".repeat(KnownPeerSet.MAX_LINES + 1), "line 65537: accepted are 65536 lines");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a|b", "a\nb", "\u0085x\u0085y", "\ud800"})
  void whatIsNoTeamCannotBePinned(String team) {
    Fingerprint key = Fingerprint.parse(KEY);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> KnownPeersFormat.known(team, new PeerAddress("10.0.0.1", 1), key, Instant.EPOCH));
  }

  @Test
  void aHostNameCannotBePinnedNorAskedFor() {
    PeerAddress name = new PeerAddress("localhost", 1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> KnownPeersFormat.known("a", name, Fingerprint.parse(KEY), Instant.EPOCH));
    assertThatIllegalArgumentException().isThrownBy(() -> KnownPeerSet.NONE.isPinned(name));
  }
}
