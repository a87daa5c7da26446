package io.p2pchat.internal.net;

import static io.p2pchat.testing.Eventually.result;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.DefaultEventLoop;
import io.p2pchat.PeerAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HostResolverTest {
  private final DefaultEventLoop loop = new DefaultEventLoop();
  private final HostResolver resolver =
      new HostResolver(
          loop, Duration.ofMinutes(1), run -> new Thread(run, "names"), InetAddress::getAllByName);

  @AfterEach
  void stop() {
    resolver.close();
    loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
  }

  @Test
  void whatIsMadeOfAnAddressMayBlockAndIsToldOnTheEventLoop() {
    CompletableFuture<String> made = new CompletableFuture<>();
    CompletableFuture<Boolean> toldOnLoop = new CompletableFuture<>();
    resolver.resolve(
        new PeerAddress("localhost", 7000),
        ip -> Thread.currentThread().getName() + ", " + ip.isLoopbackAddress(),
        (found, failure) -> {
          made.complete(Objects.requireNonNull(found).get(0));
          toldOnLoop.complete(loop.inEventLoop());
        });
    assertThat(result(made)).isEqualTo("names, true");
    assertThat(result(toldOnLoop)).isTrue();
  }
}
