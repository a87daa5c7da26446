package io.p2pchat.cli.output;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class Utf8InputTest {
  private final List<Long> reported = new ArrayList<>();

  /** Reads bytes, which are the characters of the text, in pieces of this size. */
  private List<String> read(String bytes, int size) throws IOException {
    reported.clear();
    InputStream all = new ByteArrayInputStream(bytes.getBytes(ISO_8859_1));
    InputStream pieces =
        new InputStream() {
          @Override
          public int read() throws IOException {
            return all.read();
          }

          @Override
          public int read(byte[] to, int from, int length) throws IOException {
            return all.read(to, from, Math.min(length, size));
          }
        };
    try (Utf8Input input = new Utf8Input(pieces, reported::add)) {
      List<String> lines = input.lines().toList();
      assertThat(input.isWellFormed()).isEqualTo(reported.isEmpty());
      return lines;
    }
  }

  @Test
  void linesAreReadHoweverTheyArriveAndNothingIsReported() throws IOException {
    for (int size = 1; size < 12; size++) {
      assertThat(read("one\n\u00e2\u0082\u00ac\n\u00f0\u009f\u008e\u0089\u00ef\u00bf\u00bd", size))
          .containsExactly("one", "€", "🎉\uFFFD");
      assertThat(reported).isEmpty();
    }
  }

  @Test
  void theFirstLineThatIsNotUtf8IsReportedOnce() throws IOException {
    for (int size = 1; size < 12; size++) {
      assertThat(read("one\ntwo\ncaf\u00e9\n\u00ff\n", size))
          .containsExactly("one", "two", "caf\uFFFD", "\uFFFD");
      assertThat(reported).containsExactly(3L);
    }
  }

  @Test
  void aCharacterThatDoesNotEndIsReported() throws IOException {
    assertThat(read("one\n\u00e2\u0082", 3)).containsExactly("one", "\uFFFD");
    assertThat(reported).containsExactly(2L);
  }
}
