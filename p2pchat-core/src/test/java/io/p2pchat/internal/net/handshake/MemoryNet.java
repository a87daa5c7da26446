package io.p2pchat.internal.net.handshake;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.p2pchat.NodeSettings;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerUnreachableException;
import io.p2pchat.PeerUnreachableException.Reason;
import io.p2pchat.Security;
import io.p2pchat.internal.event.EventDispatcher;
import io.p2pchat.internal.net.ConnectionTable;
import io.p2pchat.internal.net.NodeCounters;
import io.p2pchat.internal.net.Unreachable;
import io.p2pchat.internal.net.plain.PlainDial;
import io.p2pchat.internal.net.plain.PlainListener;
import io.p2pchat.internal.net.session.SessionListener;
import io.p2pchat.internal.net.tls.TlsPolicy;
import io.p2pchat.internal.protocol.Greeting;
import io.p2pchat.testing.netty.ManualLoop;
import io.p2pchat.testing.netty.MemoryChannel;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The connections of a node with the real pipeline on {@link MemoryChannel}s. A dial waits until
 * the test answers it.
 */
public final class MemoryNet implements Dialer {
  /** What is fuzzed is what comes before TLS, or out of it. */
  public static final TlsPolicy PLAIN =
      new TlsPolicy(Security.Policy.PLAINTEXT, new CompletableFuture<>());

  /** The event loop of all connections. */
  public final ManualLoop loop = new ManualLoop();

  /** What the node counts. */
  public final NodeCounters counters = new NodeCounters();

  /** All connections there ever were. */
  public final List<MemoryChannel> channels = new ArrayList<>();

  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false, true);
  private final InetSocketAddress local;
  private final ConnectionTable connections;
  private final PipelineFactory pipeline;
  private final Queue<Dialing> dials = new ArrayDeque<>();
  private @Nullable ChannelHandler acceptor;

  private record Dialing(
      InetSocketAddress target, ChannelHandler handlers, Consumer<PeerUnreachableException> fail) {}

  /** Makes a net without connections, for a node that listens at {@code local}. */
  public MemoryNet(InetSocketAddress local, NodeSettings settings, EventDispatcher dispatcher) {
    this.local = local;
    this.connections = new ConnectionTable(settings, List.of(), dispatcher, loop, counters);
    this.pipeline = new PipelineFactory(settings, connections, PLAIN);
  }

  /** Begins to take connections. */
  public void accept(Greeting greeting, PlainListener plain, SessionListener sessions) {
    acceptor = pipeline.accepted(greeting, plain, sessions);
  }

  /** A peer dials; within the bounds on connections. */
  public MemoryChannel accept(InetSocketAddress remote) {
    MemoryChannel channel = new MemoryChannel(local, remote, allocator, true);
    if (!connections.admit(channel)) {
      throw new IllegalStateException("too many connections");
    }
    add(channel, Objects.requireNonNull(acceptor, "not accepting yet"));
    return channel;
  }

  private void add(MemoryChannel channel, ChannelHandler handlers) {
    channels.add(channel);
    channel.pipeline().addLast(handlers);
    channel.unsafe().register(loop, channel.newPromise());
  }

  @Override
  public void dial(PlainDial dial) {
    dials.add(new Dialing(dial.target(), pipeline.dialed(dial), dial.done()::accept));
  }

  @Override
  public void dial(SessionDial dial) {
    dials.add(new Dialing(dial.target(), pipeline.dialed(dial, () -> {}), dial.outcome()::failed));
  }

  /** The oldest dial that waits is answered; null if none waits. */
  public @Nullable MemoryChannel connect() {
    Dialing dial = dials.poll();
    if (dial == null) {
      return null;
    }
    MemoryChannel channel = new MemoryChannel(local, dial.target, allocator, false);
    add(channel, dial.handlers);
    channel.connected();
    return channel;
  }

  /** The oldest dial that waits is refused; false if none waits. */
  public boolean refuse() {
    Dialing dial = dials.poll();
    if (dial != null) {
      dial.fail.accept(Unreachable.of(PeerAddress.of(dial.target), Reason.REFUSED, "refused"));
    }
    return dial != null;
  }

  /** Whether a dial waits to be answered. */
  public boolean isDialing() {
    return !dials.isEmpty();
  }

  /** One turn of the event loop: what has come is read, and the tasks are run. */
  public void turn() {
    // Reading may make connections.
    for (int i = 0; i < channels.size(); i++) {
      channels.get(i).readIfWanted();
    }
    loop.runTasks();
  }

  /** The bytes that handlers hold. */
  public long heldBytes() {
    return allocator.metric().usedHeapMemory() + allocator.metric().usedDirectMemory();
  }
}
