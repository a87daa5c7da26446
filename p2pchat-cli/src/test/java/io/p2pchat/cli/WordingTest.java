package io.p2pchat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Delivery;
import io.p2pchat.DeliveryUnknownException;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerUnreachableException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class WordingTest {
  private static final PeerAddress PEER = PeerAddress.parse("127.0.0.1:7070");

  @Test
  void aWrittenMessageIsCalledWritten() {
    assertThat(Wording.sent("Message", Delivery.WRITTEN, PEER))
        .isEqualTo("Message written to 127.0.0.1:7070.");
  }

  @Test
  void theReasonOfAFailureIsUnwrapped() {
    var failure = new CompletionException(new PeerUnreachableException("Could not reach it", null));
    assertThat(Wording.failed(failure)).isEqualTo("Message not sent: Could not reach it.");
  }

  @Test
  void whatMayHaveArrivedIsNotCalledUnsent() {
    assertThat(Wording.failed(new DeliveryUnknownException("the connection broke", null)))
        .isEqualTo("Message perhaps not delivered: The connection broke.");
  }

  @Test
  void aFailureWithoutTextIsNamedByItsClass() {
    assertThat(Wording.reason(new IllegalStateException()))
        .isEqualTo("java.lang.IllegalStateException");
  }

  @Test
  void aSummaryCounts() {
    assertThat(Wording.summary(1, 1, PEER)).isEqualTo("1 message written to 127.0.0.1:7070.");
    assertThat(Wording.summary(5, 5, PEER)).isEqualTo("5 messages written to 127.0.0.1:7070.");
    assertThat(Wording.summary(4, 5, PEER)).isEqualTo("4 of 5 messages written to 127.0.0.1:7070.");
  }
}
