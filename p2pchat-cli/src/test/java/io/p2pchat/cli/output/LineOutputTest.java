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
  void aReaderThatIsGoneIsNoticedOnce() {
    AtomicInteger times = new AtomicInteger();
    LineOutput broken = new LineOutput(new PrintStream(new BrokenPipe(), false, UTF_8));
    broken.whenClosed(times::incrementAndGet);
    assertThat(broken.isClosed()).isFalse();
    broken.print("a");
    broken.print("b");
    assertThat(broken.isClosed()).isTrue();
    assertThat(times).hasValue(1);
  }

  private static final class BrokenPipe extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      throw new IOException("Broken pipe");
    }
  }
}
