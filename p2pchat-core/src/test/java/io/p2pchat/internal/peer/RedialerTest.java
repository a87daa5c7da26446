package io.p2pchat.internal.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNodeException;
import io.p2pchat.PeerUnreachableException;
import io.p2pchat.PeerUnreachableException.Reason;
import io.p2pchat.TrustException;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class RedialerTest {
  private static final PeerAddress PEER = new PeerAddress("10.0.0.2", 7000);

  private final Redialer redialer = new Redialer();

  /** The futures are completed later, on another thread. */
  @Test
  void whatWasRefusedFailsSoThoughALaterDialHasSucceeded() {
    redialer.refused(
        new TrustException(
            "no",
            TrustException.Refusal.of(PEER, Optional.empty(), Optional.empty(), Optional.empty())));
    Supplier<PeerNodeException> reason = redialer.unsent(PEER, Reason.CLOSED, "refused");
    redialer.succeeded();
    assertThat(reason.get()).isInstanceOf(TrustException.class).hasMessage("no");
    assertThat(reason.get()).isNotSameAs(reason.get());
    assertThat(redialer.unsent(PEER, Reason.CLOSED, "refused").get())
        .isInstanceOf(PeerUnreachableException.class);
  }
}
