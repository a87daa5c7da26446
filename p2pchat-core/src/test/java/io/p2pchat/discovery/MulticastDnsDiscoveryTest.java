package io.p2pchat.discovery;

import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The life of the source, as far as it sends nothing; the rest needs a network of its own. */
class MulticastDnsDiscoveryTest {
  private static final Advertisement SELF =
      Advertisement.builder("a".repeat(26), "Alice", 7001).build();

  private static final class NoSink implements Sink {
    @Override
    public void found(PeerCandidate candidate, Duration lease) {
      throw new AssertionError(candidate);
    }

    @Override
    public void lost(String id) {
      throw new AssertionError(id);
    }
  }

  @Test
  void aSourceThatWasClosedDoesNotStart() {
    MulticastDnsDiscovery discovery = new MulticastDnsDiscovery();
    discovery.close();
    discovery.close();
    assertThatIllegalStateException()
        .isThrownBy(() -> discovery.start(SELF, new NoSink()))
        .withMessageContaining("create a new one");
  }
}
