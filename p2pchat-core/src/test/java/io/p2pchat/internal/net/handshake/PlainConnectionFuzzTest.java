package io.p2pchat.internal.net.handshake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.p2pchat.NodeSettings;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerEvent.ProtocolViolation;
import io.p2pchat.internal.event.EventDispatcher;
import io.p2pchat.internal.net.ConnectionInfo;
import io.p2pchat.internal.net.plain.PlainListener;
import io.p2pchat.internal.net.session.SessionChannelHandler;
import io.p2pchat.internal.net.session.SessionListener;
import io.p2pchat.internal.protocol.Bye;
import io.p2pchat.internal.protocol.ChatLine;
import io.p2pchat.internal.protocol.Greeting;
import io.p2pchat.internal.protocol.Header;
import io.p2pchat.internal.protocol.Hello;
import io.p2pchat.internal.protocol.Message;
import io.p2pchat.internal.protocol.ReservedText;
import io.p2pchat.testing.netty.ErrorLog;
import io.p2pchat.testing.netty.LineModel;
import io.p2pchat.testing.netty.MemoryChannel;
import io.p2pchat.testing.peers.PeerScript;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/**
 * Whole accepted connections of one host, from first contact on, with any bytes: what is received
 * are the messages of the {@link LineModel} up to an {@code exit}, in order; nothing fails, leaks
 * or is answered.
 *
 * <p>Commands: {@code n} another connection, {@code 0} to {@code 3} go on with that one, {@code /}
 * the event loop reads, {@code t} 100 ms pass, {@code q} 400 ms, {@code T} 11 s, {@code l} the
 * listener takes what waits, {@code e} the end of the stream, {@code r} a reset.
 */
@ResourceLock(Resources.SYSTEM_ERR)
class PlainConnectionFuzzTest {
  private static final int MOST_CONNECTIONS = 4;
  private static final String TLS_HANDSHAKE = "\u0016";
  private static final NodeSettings SETTINGS =
      NodeSettings.builder()
          .maxFrameBytes(1500)
          .inboundBytesPerSource(1024)
          .inboundBytesInAll(4096)
          .build();

  @FuzzTest
  void everyConnectionGivesTheMessagesOfTheModel(byte[] input) throws UnknownHostException {
    try (ErrorLog log = new ErrorLog()) {
      Run run = new Run();
      new PeerScript(input).play(run);
      run.finish();
      log.check();
    }
  }

  /** One connection, and what must have come of it. */
  private static final class Connection {
    final MemoryChannel channel;
    final LineModel model =
        new LineModel(SETTINGS.maxFrameBytes(), line -> Header.read(line) != null);
    final List<Message> received = new ArrayList<>();
    final StringBuilder begin = new StringBuilder();
    boolean violated;
    boolean ended;
    long silence;

    /** Whether silence while the listener is behind has made it unsure where lines end. */
    boolean unsure;

    /** Whether its host may have been stopped after it was reset: what waits then is lost. */
    boolean cut;

    boolean reset;

    Connection(MemoryChannel channel) {
      this.channel = channel;
    }

    boolean isLevel0() {
      return begin.indexOf("HELLO:") != 0 && begin.indexOf(TLS_HANDSHAKE) != 0;
    }

    boolean hasLeft() {
      return !received.isEmpty() && isExit(received.get(received.size() - 1));
    }

    List<Message> expected() {
      List<Message> messages = new ArrayList<>();
      for (String line : model.lines()) {
        Message message = ChatLine.parse(line);
        messages.add(message);
        if (isExit(message)) {
          break;
        }
      }
      return messages;
    }

    /** The first of them. */
    List<Message> expected(int most) {
      return expected().stream().limit(most).toList();
    }

    static boolean isExit(Message message) {
      return message instanceof ChatLine chat && chat.reserved() == ReservedText.EXIT;
    }
  }

  private static final class Run implements PeerScript.Player, PlainListener, SessionListener {
    private static final Greeting GREETING = new Greeting(1, Greeting.Tls.NO, "g".repeat(26));
    private final InetAddress ip = InetAddress.getByAddress(new byte[] {10, 0, 0, 2});
    private final Queue<Runnable> listener = new ArrayDeque<>();
    private final EventDispatcher dispatcher =
        new EventDispatcher(
            List.of(),
            (event, failure) -> {},
            listener::add,
            task -> {},
            SETTINGS.inboundBytesPerSource(),
            SETTINGS.inboundBytesInAll());
    private final MemoryNet net =
        new MemoryNet(new InetSocketAddress(ip, 7000), SETTINGS, dispatcher);
    private final List<Connection> connections = new ArrayList<>();
    private @Nullable Connection current;

    Run() throws UnknownHostException {
      net.accept(GREETING, this, this);
    }

    // ---- what the peer does

    @Override
    public void send(byte[] bytes) {
      Connection c = connection();
      if (!c.ended && c.channel.isOpen()) {
        c.channel.arrive(bytes);
        c.model.bytes(bytes);
        c.begin.append(new String(bytes, UTF_8));
        c.silence = 0;
      }
    }

    private Connection connection() {
      if (current == null) {
        open();
      }
      return current == null ? connections.get(0) : current;
    }

    private void open() {
      if (connections.size() < MOST_CONNECTIONS) {
        MemoryChannel channel = net.accept(new InetSocketAddress(ip, 50_000 + connections.size()));
        current = new Connection(channel);
        connections.add(current);
      }
    }

    @Override
    public void command(char command) {
      switch (command) {
        case 'n' -> open();
        case '0', '1', '2', '3' -> {
          if (command - '0' < connections.size()) {
            current = connections.get(command - '0');
          }
        }
        case '/' -> net.turn();
        case 't' -> pass(100);
        case 'q' -> pass(400);
        case 'T' -> pass(11_000);
        case 'l' -> listen();
        case 'e' -> end(connection(), false);
        case 'r' -> end(connection(), true);
        default -> {}
      }
      check();
    }

    private void pass(long millis) {
      do {
        net.turn();
      } while (connections.stream().anyMatch(c -> c.channel.isReadWanted()));
      boolean behind = dispatcher.waiting() > 0;
      for (Connection c : connections) {
        c.silence += millis;
        c.unsure |= behind && !c.ended;
        if (c.silence >= SETTINGS.quietPeriod().toMillis() && !c.ended) {
          c.model.quiet();
        }
      }
      net.loop.pass(millis);
      net.turn();
    }

    private void listen() {
      while (!listener.isEmpty()) {
        listener.remove().run();
      }
      net.turn();
    }

    private void end(Connection c, boolean reset) {
      if (c.ended || !c.channel.isOpen()) {
        return;
      }
      c.ended = true;
      if (reset) {
        c.reset = true;
        cutIfStopped();
        c.model.reset();
        c.channel.reset();
      } else {
        c.model.end();
        c.channel.end();
      }
    }

    // ---- what the node does with it

    @Override
    public void received(Message message, ConnectionInfo remote) {
      Connection c = of(remote);
      assertThat(c.isLevel0()).isTrue();
      c.received.add(message);
      publish(remote);
    }

    @Override
    public void violated(String description, ConnectionInfo remote) {
      Connection c = of(remote);
      assertThat(c.violated).isFalse();
      c.violated = true;
      publish(remote);
    }

    @Override
    public void unencrypted(ConnectionInfo remote) {
      throw new AssertionError("this node takes plain connections");
    }

    private void publish(ConnectionInfo remote) {
      Peer from = Peer.builder(PeerAddress.of(remote.socket())).build();
      dispatcher.publish(ProtocolViolation.of(from, "", Instant.EPOCH), remote.source(), 256);
      cutIfStopped();
    }

    private void cutIfStopped() {
      if (2 * dispatcher.waiting() >= SETTINGS.inboundBytesPerSource()) {
        connections.forEach(c -> c.cut |= c.reset);
      }
    }

    @Override
    public void hello(SessionChannelHandler link, Hello hello) {
      assertThat(of(link.remote()).isLevel0()).isFalse();
      link.send(new Bye(Bye.Reason.BUSY));
      link.close();
    }

    @Override
    public void broken(SessionChannelHandler link, String description) {
      assertThat(of(link.remote()).isLevel0()).isFalse();
      link.send(new Bye(Bye.Reason.PROTOCOL));
      link.close();
    }

    private Connection of(ConnectionInfo remote) {
      return connections.get(remote.socket().getPort() - 50_000);
    }

    // ---- what must hold

    private void check() {
      for (Connection c : connections) {
        if (c.isLevel0()) {
          checkLevel0(c);
        }
      }
      assertThat(net.heldBytes()).isLessThan(64 * 1024L);
    }

    private void checkLevel0(Connection c) {
      byte[] written = c.channel.takeWritten();
      if (written.length > 0) {
        assertThat(new String(written, UTF_8)).isEqualTo(GREETING.format() + "\n");
      }
      if (c.hasLeft() || c.violated) {
        assertThat(c.channel.isOpen()).isFalse();
      }
    }

    void finish() {
      for (Connection c : connections) {
        end(c, false);
      }
      while (!listener.isEmpty() || connections.stream().anyMatch(c -> c.channel.isReadable())) {
        listen();
      }
      pass(2000);
      check();
      for (Connection c : connections) {
        assertThat(c.channel.isOpen()).isFalse();
        if (c.isLevel0() && c.cut && !c.unsure) {
          assertThat(c.received).isEqualTo(c.expected(c.received.size()));
        } else if (c.isLevel0() && !c.unsure) {
          assertThat(c.received).isEqualTo(c.expected());
          assertThat(c.violated).isEqualTo(c.model.isTooLong() && !c.hasLeft());
        }
      }
      pass(20_000);
      assertThat(net.heldBytes()).as("bytes leaked").isZero();
      assertThat(net.loop.isIdle()).as("no timer is left").isTrue();
      assertThat(net.counters.connections.sum()).isZero();
      assertThat(dispatcher.waiting()).isZero();
    }
  }
}
