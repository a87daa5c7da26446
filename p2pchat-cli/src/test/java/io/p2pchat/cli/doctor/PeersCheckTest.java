package io.p2pchat.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.PeerAddress;
import io.p2pchat.cli.doctor.Finding.Result;
import io.p2pchat.discovery.Advertisement;
import io.p2pchat.discovery.DiscoveryException;
import io.p2pchat.discovery.PeerCandidate;
import io.p2pchat.discovery.PeerDiscovery;
import io.p2pchat.discovery.Sink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PeersCheckTest {
  private final FakeDiscovery source = new FakeDiscovery();

  private static final class FakeDiscovery implements PeerDiscovery {
    private final List<PeerCandidate> candidates = new ArrayList<>();
    private @Nullable DiscoveryException failure;
    private boolean announces = true;
    private boolean closed;

    @Override
    public void start(Advertisement self, Sink sink) {
      if (failure != null) {
        throw failure;
      }
      announces = self.announces();
      candidates.forEach(each -> sink.found(each, Duration.ofSeconds(60)));
      sink.found(candidate("gone", "Gone", "192.0.2.99:1"), Duration.ofSeconds(60));
      sink.lost("gone");
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private static PeerCandidate candidate(String id, String team, String address) {
    return PeerCandidate.builder(id).teamName(team).address(PeerAddress.parse(address)).build();
  }

  private Finding run(PeerAddress... own) throws InterruptedException {
    return new PeersCheck(() -> source, Duration.ZERO, List.of(own)).run().get(0);
  }

  @Test
  void peersAreNamedAndNothingIsAnnounced() throws Exception {
    source.candidates.add(candidate("1", "Bob", "192.0.2.2:7001"));
    source.candidates.add(candidate("2", "Carol", "192.0.2.3:7001"));
    assertThat(run())
        .isEqualTo(
            Finding.ok(
                "peers",
                "2 peers were seen in 0 s: Bob (192.0.2.2:7001), Carol (192.0.2.3:7001)."));
    assertThat(source.announces).isFalse();
    assertThat(source.closed).isTrue();
  }

  @Test
  void withoutPeersTheNextStepIsTold() throws Exception {
    assertThat(run().result()).isEqualTo(Result.WARNING);
    assertThat(run().next()).contains("p2pchat doctor");
  }

  @Test
  void theNodeOfThisChatIsNoPeer() throws Exception {
    source.candidates.add(candidate("1", "Me", "192.0.2.2:7001"));
    assertThat(run(PeerAddress.parse("192.0.2.2:7001")).result()).isEqualTo(Result.WARNING);
  }

  @Test
  void manyPeersAreCountedAndSomeNamed() throws Exception {
    for (int i = 0; i < 5000; i++) {
      source.candidates.add(candidate("id" + i, "Team" + i, "192.0.2.1:" + (i + 1)));
    }
    assertThat(run().text()).startsWith("4096 peers were seen").endsWith(" and 4086 more.");
  }

  @Test
  void aSourceThatCannotStartIsAProblem() throws Exception {
    source.failure = new DiscoveryException("no sockets", new IllegalStateException());
    assertThat(run().result()).isEqualTo(Result.PROBLEM);
    assertThat(run().text()).isEqualTo("Nobody can be found: no sockets.");
  }
}
