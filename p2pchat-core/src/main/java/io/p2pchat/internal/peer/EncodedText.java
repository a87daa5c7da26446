package io.p2pchat.internal.peer;

import io.p2pchat.internal.protocol.ChatLine;
import io.p2pchat.internal.protocol.ReservedText;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The text of a message as it is sent, encoded once for all its recipients.
 *
 * @param text the encoded text, without a line end
 * @param reserved the text's reserved meaning, or null
 */
@SuppressWarnings("ArrayRecordComponent") // Copied into queues, never compared
public record EncodedText(byte[] text, @Nullable ReservedText reserved) {
  public static EncodedText of(String text) {
    String normal = ChatLine.normal(text);
    return new EncodedText(
        ChatLine.escape(normal).getBytes(StandardCharsets.UTF_8), ReservedText.of(normal));
  }
}
