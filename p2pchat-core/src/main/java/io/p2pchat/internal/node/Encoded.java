package io.p2pchat.internal.node;

import io.p2pchat.internal.message.ChatLine;
import io.p2pchat.internal.message.ReservedText;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The text of a message as it is sent, encoded once for however many peers.
 *
 * @param text encoded, without a line end
 * @param reserved what the text commands, or null
 */
@SuppressWarnings("ArrayRecordComponent") // Copied into queues, and never compared
record Encoded(byte[] text, @Nullable ReservedText reserved) {
  static Encoded of(String text) {
    String normal = ChatLine.normal(text);
    return new Encoded(
        ChatLine.escape(normal).getBytes(StandardCharsets.UTF_8), ReservedText.of(normal));
  }
}
