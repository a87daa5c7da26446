package io.p2pchat.internal.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.PeerAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class PeerAddressesTest {
  private static final PeerAddress A = PeerAddress.parse("10.0.0.1:1");
  private static final PeerAddress B = PeerAddress.parse("10.0.0.2:1");

  private final PeerAddresses addresses = new PeerAddresses();

  @Test
  void theLastAnswerIsDialedFirst() {
    addresses.answered(A);
    addresses.answered(B);
    assertThat(addresses.toDial(List.of(), List.of())).containsExactly(B, A);
  }

  @Test
  void theAddressInUseStaysTheFirst() {
    addresses.answered(A);
    addresses.answeredToo(B);
    assertThat(addresses.toDial(List.of(), List.of())).containsExactly(A, B);
  }
}
