package io.p2pchat.internal.net.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.p2pchat.testing.netty.Fragmenter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineSplitterTest {
  private static final int LONG = 64 * 1024;

  private final LineSplitter splitter = new LineSplitter();

  /** Keeps the lines it is given. */
  private static final class Lines implements LineSplitter.Sink {
    final List<String> texts = new ArrayList<>();

    @Override
    public void line(byte[] bytes, int from, int to) {
      texts.add(new String(bytes, from, to - from, StandardCharsets.UTF_8));
    }

    @Override
    public boolean wantsMore() {
      return true;
    }
  }

  @Test
  void linesAreTheSameHoweverTheyAreCut() {
    byte[] bytes = "one\n\nthe third line\r\n4\nno end".getBytes(StandardCharsets.UTF_8);
    Fragmenter.of(bytes)
        .everySplit(
            parts -> {
              Lines lines = new Lines();
              LineSplitter.Rest rest = new LineSplitter.Rest();
              parts.forEach(part -> splitter.split(rest, Unpooled.wrappedBuffer(part), lines));
              assertThat(lines.texts).containsExactly("one", "", "the third line\r", "4");
              assertThat(rest.length()).isEqualTo("no end".length());
            });
  }

  @Test
  void lineEndIsFoundAtEachPlace() {
    // Bytes that differ from LF in one bit, or by one.
    String others = "\u000b\t\u000e\u0002*J\u0000";
    Lines lines = new Lines();
    List<String> expected = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    for (int length = 0; length < 150; length++) {
      expected.add(text.toString());
      ByteBuf line = Unpooled.copiedBuffer(text + "\n", StandardCharsets.UTF_8);
      splitter.split(new LineSplitter.Rest(), line, lines);
      text.append(others.charAt(length % others.length()));
    }
    String all = String.join("\n", expected) + "\n";
    ByteBuf read = Unpooled.copiedBuffer(all, StandardCharsets.UTF_8);
    splitter.split(new LineSplitter.Rest(), read, lines);
    expected.addAll(List.copyOf(expected));
    assertThat(lines.texts).isEqualTo(expected);
  }

  @Test
  void connectionsDoNotMixWhatIsLeftOfThem() {
    LineSplitter.Rest one = new LineSplitter.Rest();
    LineSplitter.Rest two = new LineSplitter.Rest();
    Lines lines = new Lines();
    for (String part : List.of("a", "b", "c\n")) {
      splitter.split(one, Unpooled.copiedBuffer("1" + part, StandardCharsets.UTF_8), lines);
      splitter.split(two, Unpooled.copiedBuffer("2" + part, StandardCharsets.UTF_8), lines);
    }
    assertThat(lines.texts).containsExactly("1a1b1c", "2a2b2c");
  }

  private LineSplitter.Rest rest(int length) {
    LineSplitter.Rest rest = new LineSplitter.Rest();
    split(rest, "\n" + "x".repeat(length));
    return rest;
  }

  private void split(LineSplitter.Rest rest, String read) {
    splitter.split(rest, Unpooled.copiedBuffer(read, StandardCharsets.UTF_8), new Lines());
  }

  @Test
  void theArrayOfARestIsUsedAgainOnceForOneOfMoreThanHalfItsLength() {
    split(rest(1000), "\n");
    assertThat(rest(500).take().array()).hasSize(500);
    assertThat(rest(501).take().array()).hasSize(1000);
    assertThat(rest(501).take().array()).hasSize(501);
  }

  @Test
  void longLineCostsNoMoreWhenItComesByteByByte() {
    ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    ByteBuf in = Unpooled.wrappedBuffer(new byte[LONG]);
    in.writerIndex(0);
    LineSplitter.Rest rest = new LineSplitter.Rest();
    Lines lines = new Lines();
    long before = thread.getCurrentThreadAllocatedBytes();
    while (in.isWritable()) {
      in.writerIndex(in.writerIndex() + 1);
      splitter.split(rest, in, lines);
    }
    assertThat(thread.getCurrentThreadAllocatedBytes() - before).isLessThan(10 * LONG);
    assertThat(rest.length()).isEqualTo(LONG);
  }
}
