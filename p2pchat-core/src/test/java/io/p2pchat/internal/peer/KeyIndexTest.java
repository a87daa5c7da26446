package io.p2pchat.internal.peer;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.p2pchat.Fingerprint;
import io.p2pchat.PeerAddress;
import io.p2pchat.internal.protocol.NodeInfo;
import io.p2pchat.testing.Fingerprints;
import java.lang.management.ManagementFactory;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeyIndexTest {
  private static final Fingerprint KEY = Fingerprints.random(new Random(1));
  private static final int LOOK_UPS = 10_000;

  private final DialBench bench = new DialBench();
  private final KeyIndex index = new KeyIndex();

  /** A node of the key in a session. */
  private PeerEndpoint node(int port) {
    PeerEndpoint endpoint = bench.table.atOrNew(new PeerAddress("10.0.0.2", port));
    endpoint.status.opened(new NodeInfo("b".repeat(26), 1024, port, "Two", true), KEY, true);
    index.add(KEY, endpoint);
    return endpoint;
  }

  @Test
  void nodeThatWasHeardLastGetsTheMessages() {
    PeerEndpoint first = node(1);
    PeerEndpoint second = node(2);
    second.status.heard(1, 1);
    assertThat(index.inSession(KEY, null, null)).isSameAs(second);
    first.status.heard(2, 2);
    assertThat(index.inSession(KEY, null, null)).isSameAs(first);
    assertThat(index.inSession(KEY, null, first)).isSameAs(second);
    first.status.closed();
    assertThat(index.inSession(KEY, null, null)).isSameAs(second);
    second.status.left();
    assertThat(index.inSession(KEY, null, null)).isSameAs(first);
    assertThat(index.inSession(KEY, "Another", null)).isNull();
  }

  @Test
  void endpointThatIsDroppedIsHeldForNoKey() {
    PeerEndpoint first = node(1);
    PeerEndpoint second = node(2);
    index.carries(KEY, first);
    index.carries(KEY, second);
    assertThat(first.carried).isEmpty();
    index.carriesNothing(first);
    assertThat(index.carrier(KEY)).isSameAs(second);
    index.carriesNothing(second);
    assertThat(index.carrier(KEY)).isNull();
    assertThat(second.carried).isEmpty();
  }

  /** It is asked for each message. */
  @Test
  void lookingUpTheNodeOfAKeyAllocatesNothing() {
    PeerEndpoint node = node(1);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    String team = node.status.id().team();
    assertThat(index.inSession(KEY, team, null)).isSameAs(node);
    boolean same = true;
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < LOOK_UPS; i++) {
      same &= index.inSession(KEY, team, null) == node;
    }
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(same).isTrue();
    // Loading a class and the measurement itself may take a little.
    assertThat(allocated).isLessThan(LOOK_UPS);
  }
}
