package io.p2pchat.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.p2pchat.PeerAddress;
import io.p2pchat.internal.protocol.Peers.Entry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeersTest {
  private static final String NODE = "a".repeat(26);
  private static final Entry PLAIN = new Entry(NODE, null, PeerAddress.parse("192.0.2.1:7001"));
  private static final Entry KEYED =
      new Entry("b".repeat(26), "0123456789abcdef", PeerAddress.parse("[2001:db8::1]:7002"));

  @Test
  void entriesAreReadAsTheyWereWritten() {
    Peers line = Peers.of(List.of(PLAIN, KEYED), 65_536);
    assertThat(line.format())
        .isEqualTo(
            "PEERS:aaaaaaaaaaaaaaaaaaaaaaaaaa,,192.0.2.1:7001"
                + ";bbbbbbbbbbbbbbbbbbbbbbbbbb,0123456789abcdef,[2001:db8::1]:7002");
    assertThat(line.entries()).containsExactly(PLAIN, KEYED);
    assertThat(Peers.of(List.of(), 512).entries()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ",",
        ",,",
        "NODE,,192.0.2.1:1",
        "bbbbbbbbbbbbbbbbbbbbbbbbbb,,192.0.2.1",
        "bbbbbbbbbbbbbbbbbbbbbbbbbb,,192.0.2.1:0",
        "bbbbbbbbbbbbbbbbbbbbbbbbbb,,192.0.2.1:65536",
        "bbbbbbbbbbbbbbbbbbbbbbbbbb,,example.org:1",
        "bbbbbbbbbbbbbbbbbbbbbbbbbb,,0.0.0.0:1",
        "bbbbbbbbbbbbbbbbbbbbbbbbbb,,[fe80::1%1]:1",
        "bbbbbbbbbbbbbbbbbbbbbbbbbb,0123456789ABCDEF,192.0.2.1:1",
        "bbbbbbbbbbbbbbbbbbbbbbbbbb,0,192.0.2.1:1",
        "bbbbbbbbbbbbbbbbbbbbbbbbbb,,192.0.2.1:1,",
        "bbbbbbbbbbbbbbbbbbbbbbbbbb 192.0.2.1:1"
      })
  void badEntryIsSkippedAndTheOthersCount(String bad) {
    Peers good = Peers.of(List.of(PLAIN), 512);
    Peers line = new Peers(good.list() + ";" + bad + ";" + Peers.of(List.of(KEYED), 512).list());
    assertThat(ControlLineParser.parse(line.format())).isEqualTo(line);
    assertThat(line.entries()).containsExactly(PLAIN, KEYED);
  }

  @Test
  void lineHasAtMost32EntriesAndKeepsToTheLimitOfItsReader() {
    List<Entry> many = new ArrayList<>();
    for (int i = 1; i <= 1000; i++) {
      many.add(new Entry(NODE, "0123456789abcdef", new PeerAddress("192.0.2.1", i)));
    }
    assertThat(Peers.of(many, 65_536).entries()).isEqualTo(many.subList(0, 32));
    int length = 0;
    for (int limit = NodeInfo.MIN_LIMIT; limit < 700; limit++) {
      Peers line = Peers.of(many, limit);
      length = line.format().getBytes(StandardCharsets.UTF_8).length + 1;
      assertThat(length).isBetween(limit - 61, limit);
    }
    String tooMany = (Peers.of(many, 65_536).list() + ";").repeat(100);
    assertThat(new Peers(tooMany).entries()).hasSize(32);
  }

  @Test
  void controlCharactersAreMalformed() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Peers("a\u0007"));
    assertThat(ControlLineParser.parse("PEERS:\u001b[2J"))
        .isInstanceOf(ControlLineParser.MalformedLine.class);
  }
}
