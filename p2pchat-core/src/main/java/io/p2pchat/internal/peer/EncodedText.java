package io.p2pchat.internal.peer;

import io.p2pchat.internal.protocol.ChatLine;
import io.p2pchat.internal.protocol.ReservedText;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The text of a message as it is sent, encoded once for however many peers.
 *
 * @param text encoded, without a line end
 * @param reserved what the text commands, or null
 */
@SuppressWarnings("ArrayRecordComponent") // Copied into queues, and never compared
public record EncodedText(byte[] text, @Nullable ReservedText reserved) {
  public static EncodedText of(String text) {
    String normal = ChatLine.normal(text);
    return new EncodedText(
        ChatLine.escape(normal).getBytes(StandardCharsets.UTF_8), ReservedText.of(normal));
  }
}
