package io.p2pchat.internal.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.PeerAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How often this node dials because of what others have said. */
class DialMemoryTest {
  private static final PeerAddress VICTIM = PeerAddress.parse("192.0.2.1:7001");
  private static final long MINUTE = Duration.ofMinutes(1).toNanos();

  private final DialMemory memory = new DialMemory();

  @Test
  void victimIsDialedOnceInTenMinutesWhateverThePort() {
    assertThat(memory.dial(0, VICTIM)).isTrue();
    for (int port = 1; port < 100; port++) {
      assertThat(memory.dial(MINUTE, new PeerAddress("192.0.2.1", port))).isFalse();
    }
    assertThat(memory.dial(MINUTE, PeerAddress.parse("192.0.2.2:7001"))).isTrue();
    assertThat(memory.dial(10 * MINUTE - 1, VICTIM)).isFalse();
    assertThat(memory.dial(10 * MINUTE, VICTIM)).isTrue();
    assertThat(memory.mayDial(11 * MINUTE, VICTIM)).isFalse();
  }

  @Test
  void silentProgramIsNotDialedForAnHour() {
    memory.dial(0, VICTIM);
    memory.silent(0, VICTIM);
    assertThat(memory.dial(59 * MINUTE, VICTIM)).isFalse();
    // Another program of that host can be a node.
    assertThat(memory.dial(59 * MINUTE, PeerAddress.parse("192.0.2.1:7002"))).isTrue();
    assertThat(memory.dial(70 * MINUTE, VICTIM)).isTrue();
  }

  @Test
  void programsOfThisMachineAreToldApart() {
    assertThat(memory.dial(0, PeerAddress.parse("127.0.0.1:1"))).isTrue();
    assertThat(memory.dial(0, PeerAddress.parse("127.0.0.1:2"))).isTrue();
    assertThat(memory.dial(0, PeerAddress.parse("127.0.0.1:1"))).isFalse();
  }

  @Test
  void userCanAlwaysDial() {
    memory.dial(0, VICTIM);
    memory.silent(0, VICTIM);
    memory.forget(List.of(VICTIM));
    assertThat(memory.dial(0, VICTIM)).isTrue();
  }

  @Test
  void memoryIsBoundedAndThenNobodyNewIsDialed() {
    int dialed = 0;
    for (int i = 0; i < 10_000; i++) {
      dialed += memory.dial(0, new PeerAddress("10.0." + (i >> 8) + "." + (i & 0xFF), 1)) ? 1 : 0;
    }
    assertThat(dialed).isEqualTo(4096);
    assertThat(memory.dial(10 * MINUTE, VICTIM)).isTrue();
  }
}
