package io.p2pchat.discovery;

import static io.p2pchat.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.PeerAddress;
import io.p2pchat.internal.protocol.RandomIds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A sink that keeps what a source finds. Thread-safe. */
final class CollectingSink implements Sink {
  private final Map<String, PeerCandidate> found = new LinkedHashMap<>();
  private int renewals;

  @Override
  public synchronized void found(PeerCandidate candidate, Duration lease) {
    assertThat(lease).isPositive();
    renewals++;
    found.put(candidate.id(), candidate);
  }

  @Override
  public synchronized void lost(String id) {
    found.remove(id);
  }

  synchronized List<PeerCandidate> all() {
    return List.copyOf(found.values());
  }

  synchronized int renewals() {
    return renewals;
  }

  List<String> addresses() {
    return all().stream()
        .flatMap(one -> one.addresses().stream())
        .map(PeerAddress::toString)
        .toList();
  }

  /** Waits until exactly these addresses are found. */
  void await(Collection<String> addresses) {
    eventually(
        () ->
            assertThat(new ArrayList<>(addresses()))
                .containsExactlyInAnyOrderElementsOf(addresses));
  }

  void await(String... addresses) {
    await(List.of(addresses));
  }

  /** What a source may announce in these tests. */
  static Advertisement.Builder self(long number, String team) {
    return Advertisement.builder(RandomIds.node(number, number), team, 7001);
  }
}
