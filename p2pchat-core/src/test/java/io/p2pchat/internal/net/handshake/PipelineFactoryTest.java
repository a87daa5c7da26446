package io.p2pchat.internal.net.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.p2pchat.NodeSettings;
import io.p2pchat.Security;
import io.p2pchat.internal.event.EventDispatcher;
import io.p2pchat.internal.net.ConnectionTable;
import io.p2pchat.internal.net.NodeCounters;
import io.p2pchat.internal.net.tls.TlsContexts;
import io.p2pchat.internal.net.tls.TlsPolicy;
import io.p2pchat.internal.security.NodeIdentity;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class PipelineFactoryTest {
  private final CompletableFuture<TlsContexts> tls = new CompletableFuture<>();
  private final EmbeddedChannel first = new EmbeddedChannel();
  private final EmbeddedChannel second = new EmbeddedChannel();
  private final PipelineFactory pipeline = pipeline();

  private PipelineFactory pipeline() {
    NodeSettings settings = NodeSettings.DEFAULTS;
    EventDispatcher events =
        new EventDispatcher(List.of(), (event, e) -> {}, task -> {}, retry -> {}, 1024, 1024);
    ConnectionTable connections =
        new ConnectionTable(settings, List.of(), events, first.eventLoop(), new NodeCounters());
    return new PipelineFactory(
        settings, connections, new TlsPolicy(Security.Policy.OPPORTUNISTIC, tls));
  }

  @Test
  void connectionsThatWaitForTlsGetItInTheirOrder() {
    List<String> order = new ArrayList<>();
    pipeline.whenTls(first, loaded -> order.add("first"));
    pipeline.whenTls(second, loaded -> order.add("second"));
    pipeline.whenTls(first, loaded -> order.add("third"));
    assertThat(second.config().isAutoRead()).isFalse();
    tls.complete(new TlsContexts(NodeIdentity.generate(), Runnable::run, NodeSettings.DEFAULTS));
    pipeline.whenTls(second, loaded -> order.add("fourth"));
    first.runPendingTasks();
    second.runPendingTasks();
    assertThat(order).containsExactly("first", "second", "third", "fourth");
    assertThat(second.config().isAutoRead()).isTrue();
  }

  @Test
  void connectionsThatWaitForTlsInVainAreClosed() {
    pipeline.whenTls(first, loaded -> {});
    pipeline.whenTls(second, loaded -> {});
    tls.completeExceptionally(new IllegalStateException("no TLS here"));
    first.runPendingTasks();
    assertThat(first.isOpen()).isFalse();
    assertThat(second.isOpen()).isFalse();
  }
}
