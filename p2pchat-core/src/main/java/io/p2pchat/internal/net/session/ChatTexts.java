package io.p2pchat.internal.net.session;

import io.p2pchat.internal.protocol.ChatLine;
import io.p2pchat.internal.protocol.NodeInfo;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the texts of one peer's chat lines, whose header is the same in all and so is compared, not
 * parsed (PROTOCOL.md section 4).
 */
final class ChatTexts {
  private final byte[] header;

  ChatTexts(NodeInfo peer) {
    this.header = peer.chatHeader();
  }

  /** The text of the line, or null if it has another header. */
  @Nullable String read(byte[] bytes, int from, int to) {
    int start = from + header.length;
    if (start > to || !Arrays.equals(bytes, from, start, header, 0, header.length)) {
      return null;
    }
    return ChatLine.normal(new String(bytes, start, to - start, StandardCharsets.UTF_8));
  }
}
