package io.p2pchat.cli.output;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LineOutputTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final LineOutput console = new LineOutput(new PrintStream(bytes, false, UTF_8));

  @Test
  void everyLineIsFlushedAndEndsWithLineFeed() {
    console.print("é");
    assertThat(bytes.toString(UTF_8)).isEqualTo("é\n");
  }

  @Test
  void theLinesOfAListAreEscapedOneByOne() {
    console.print(List.of("a\nb", "c"));
    assertThat(bytes.toString(UTF_8)).isEqualTo("a\\nb\nc\n");
  }

  @Test
  void aVerbatimLineIsNotEscaped() {
    console.printVerbatim("{\"text\":\"\\n\"}");
    assertThat(bytes.toString(UTF_8)).isEqualTo("{\"text\":\"\\n\"}\n");
  }

  @Test
  void withoutATerminalALongLineIsPrintedAsItIs() {
    String line = "a line of more than forty columns with\u00a0a no-break space";
    console.wrapping(() -> 0).print(line);
    assertThat(bytes.toString(UTF_8)).isEqualTo(line + "\n");
  }

  @Test
  void longLinesBreakAtWordsAsTheTerminalIsWide() {
    AtomicInteger asked = new AtomicInteger();
    LineOutput terminal =
        console.wrapping(
            () -> {
              asked.incrementAndGet();
              return 44;
            });
    terminal.print("a short line of forty columns, no longer");
    assertThat(asked).hasValue(0);
    terminal.print("a line that is longer than the terminal is wide");
    terminal.print(List.of("another line that is longer than the terminal"));
    terminal.printVerbatim("{\"text\":\"verbatim, however long the line may be\"}");
    terminal.print("  p2pchat trust accept Bob 192.0.2.1:7001 01234567-89abcdef");
    assertThat(asked).hasValue(1);
    assertThat(bytes.toString(UTF_8).lines())
        .containsExactly(
            "a short line of forty columns, no longer",
            "a line that is longer than the terminal is",
            "  wide",
            "another line that is longer than the",
            "  terminal",
            "{\"text\":\"verbatim, however long the line may be\"}",
            "  p2pchat trust accept Bob 192.0.2.1:7001 01234567-89abcdef");
  }

  @Test
  void withoutATerminalNoLineBreaks() {
    console.wrapping(() -> 0).print("word ".repeat(40) + "end");
    assertThat(bytes.toString(UTF_8)).isEqualTo("word ".repeat(40) + "end\n");
  }

  @Test
  void aReaderThatIsGoneIsNoticedOnce() {
    AtomicInteger times = new AtomicInteger();
    LineOutput broken = new LineOutput(failing("Broken pipe"));
    broken.whenFailed(times::incrementAndGet);
    assertThat(broken.isReaderGone()).isFalse();
    broken.print("a");
    broken.print("b");
    assertThat(broken.isReaderGone()).isTrue();
    assertThat(times).hasValue(1);
  }

  @Test
  void aFullDeviceIsNoReaderThatIsGone() {
    LineOutput full = new LineOutput(failing("No space left on device"));
    assertThat(full.failure()).isEmpty();
    full.print("a");
    assertThat(full.failure()).get().extracting("message").isEqualTo("No space left on device");
    assertThat(full.isReaderGone()).isFalse();
  }

  private static OutputStream failing(String reason) {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        throw new IOException(reason);
      }
    };
  }
}
