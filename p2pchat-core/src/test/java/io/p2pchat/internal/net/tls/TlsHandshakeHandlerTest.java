package io.p2pchat.internal.net.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TlsHandshakeHandlerTest {
  private static final int STEP = 500;
  private static final int LATE_STEP = 600;

  private final List<String> failures = new ArrayList<>();
  private final EmbeddedChannel channel = new EmbeddedChannel();

  @BeforeEach
  void begin() {
    channel.freezeTime();
    channel
        .pipeline()
        .addLast(
            new TlsHandshakeHandler(
                Duration.ofSeconds(10),
                peer -> {},
                (cut, reason, another) -> failures.add((cut ? "cut: " : "") + reason)));
  }

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  private void pass(int steps, int millis) {
    for (int i = 0; i < steps; i++) {
      channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
      channel.runScheduledPendingTasks();
    }
  }

  @Test
  void handshakeMayTakeTheTimeout() {
    pass(19, STEP);
    assertThat(channel.isOpen()).isTrue();
    pass(1, STEP);
    assertThat(channel.isOpen()).isFalse();
    assertThat(failures).containsExactly("cut: the TLS handshake took too long");
  }

  @Test
  void timeInWhichTheEventLoopIsLateDoesNotCountButIsBounded() {
    pass(49, LATE_STEP);
    assertThat(channel.isOpen()).isTrue();
    pass(1, LATE_STEP);
    assertThat(channel.isOpen()).isFalse();
    assertThat(failures).containsExactly("cut: the TLS handshake took too long");
  }
}
