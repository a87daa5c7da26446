package io.p2pchat.internal.net.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.p2pchat.internal.protocol.ExactText;
import io.p2pchat.internal.protocol.NodeInfo;
import io.p2pchat.testing.RandomText;
import io.p2pchat.testing.netty.Fragmenter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Exact texts come back the same, wherever the bytes of their lines are cut. */
class ExactTextSplitTest {
  private static final int STREAMS = 40;
  private static final NodeInfo PEER = new NodeInfo("a".repeat(26), 65_536, 1, "T", true);

  private final LineSplitter splitter = new LineSplitter();

  @Test
  void randomTextsComeBackTheSameAtEverySplit() {
    RandomText texts = new RandomText(4);
    for (int i = 0; i < STREAMS; i++) {
      List<String> given = List.of(texts.next(8), texts.next(8));
      StringBuilder wire = new StringBuilder();
      for (String text : given) {
        wire.append(new String(PEER.chatHeader(), UTF_8)).append(ExactText.escape(text));
        wire.append('\n');
      }
      Fragmenter.of(wire.toString().getBytes(UTF_8))
          .everySplit(parts -> assertThat(read(parts)).isEqualTo(given));
    }
  }

  private List<String> read(List<byte[]> parts) {
    List<String> texts = new ArrayList<>();
    LineSplitter.Rest rest = new LineSplitter.Rest();
    LineSplitter.Sink sink =
        new LineSplitter.Sink() {
          @Override
          public void line(byte[] bytes, int from, int to) {
            String text = SessionLineReader.chatText(PEER.chatHeader(), bytes, from, to);
            texts.add(PEER.text(Objects.requireNonNull(text, "no chat line")));
          }

          @Override
          public boolean wantsMore() {
            return true;
          }
        };
    parts.forEach(part -> splitter.split(rest, Unpooled.wrappedBuffer(part), sink));
    return texts;
  }
}
