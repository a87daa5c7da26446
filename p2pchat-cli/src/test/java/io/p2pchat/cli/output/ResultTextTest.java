package io.p2pchat.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Delivery;
import io.p2pchat.DeliveryUnknownException;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerUnreachableException;
import io.p2pchat.PeerUnreachableException.Reason;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class ResultTextTest {
  private static final PeerAddress PEER = PeerAddress.parse("127.0.0.1:7070");

  @Test
  void aMessageIsCalledWhatIsKnownOfIt() {
    assertThat(ResultText.sent("Message", Delivery.ACKNOWLEDGED, PEER))
        .isEqualTo("Message delivered to 127.0.0.1:7070.");
    assertThat(ResultText.sent("Message", Delivery.WRITTEN, PEER))
        .isEqualTo("Message written to 127.0.0.1:7070.");
  }

  @Test
  void theReasonOfAFailureIsUnwrapped() {
    var failure =
        new CompletionException(
            new PeerUnreachableException("Could not reach it", PEER, Reason.REFUSED, null));
    assertThat(ResultText.failed(failure)).isEqualTo("Message not sent: Could not reach it.");
  }

  @Test
  void whatMayHaveArrivedIsNotCalledUnsent() {
    assertThat(ResultText.failed(new DeliveryUnknownException("the connection broke", PEER, null)))
        .isEqualTo("Message perhaps not delivered: The connection broke.");
  }

  @Test
  void aFailureWithoutTextIsNamedByItsClass() {
    assertThat(ResultText.reason(new IllegalStateException()))
        .isEqualTo("java.lang.IllegalStateException");
  }

  @Test
  void aSummaryCounts() {
    assertThat(summary(0, 0, 0)).isEqualTo("0 messages delivered to 127.0.0.1:7070.");
    assertThat(summary(1, 0, 1)).isEqualTo("1 message delivered to 127.0.0.1:7070.");
    assertThat(summary(5, 0, 5)).isEqualTo("5 messages delivered to 127.0.0.1:7070.");
    assertThat(summary(4, 0, 5)).isEqualTo("4 of 5 messages delivered to 127.0.0.1:7070.");
    assertThat(summary(0, 0, 5)).isEqualTo("0 of 5 messages delivered to 127.0.0.1:7070.");
  }

  @Test
  void aSummarySaysWhatWasOnlyWritten() {
    assertThat(summary(0, 5, 5)).isEqualTo("5 messages written to 127.0.0.1:7070.");
    assertThat(summary(0, 4, 5)).isEqualTo("4 of 5 messages written to 127.0.0.1:7070.");
    assertThat(summary(3, 2, 5))
        .isEqualTo("3 of 5 messages delivered, 2 written to 127.0.0.1:7070.");
    assertThat(summary(3, 1, 5))
        .isEqualTo("3 of 5 messages delivered, 1 written to 127.0.0.1:7070.");
  }

  private static String summary(long acknowledged, long written, long all) {
    return ResultText.summary(acknowledged, written, all, PEER);
  }
}
