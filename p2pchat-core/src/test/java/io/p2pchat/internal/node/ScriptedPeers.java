package io.p2pchat.internal.node;

import static io.p2pchat.internal.node.PeerView.must;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.NodeSettings;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerEvent;
import io.p2pchat.PeerEvent.MessageReceived;
import io.p2pchat.internal.node.PeerView.Counts;
import io.p2pchat.internal.protocol.Ack;
import io.p2pchat.internal.protocol.ChatLine;
import io.p2pchat.internal.protocol.ControlLine;
import io.p2pchat.internal.protocol.Greeting;
import io.p2pchat.internal.protocol.Hello;
import io.p2pchat.internal.protocol.NodeInfo;
import io.p2pchat.internal.protocol.Welcome;
import io.p2pchat.testing.netty.MemoryChannel;
import io.p2pchat.testing.peers.PeerScript;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Two hosts that do to a node what a script says, and what must hold meanwhile. */
final class ScriptedPeers implements PeerScript.Player {
  private static final int PORT = 7001;
  private static final int HOST_A = 2;
  private static final int HOST_B = 3;
  private static final int MOST_CONNECTIONS = 8;
  private static final int MANY = 20;
  private static final int VERY_MANY = 1000;
  private static final long MOST_HELD = 64 * 1024;
  private static final String SESSION = "peersession22";
  private static final NodeSettings SETTINGS =
      NodeSettings.builder()
          .maxFrameBytes(1024)
          .inboundBytesPerSource(2048)
          .inboundBytesInAll(4096)
          .outboundBytesPerPeer(4096)
          .outboundLinesPerPeer(64)
          .maxActivePeers(4)
          .build();

  private final MemoryNode node = new MemoryNode(SETTINGS);
  private final List<PeerView> views = new ArrayList<>();
  private final Counts counts =
      new Counts(new HashMap<>(), new HashMap<>(), new HashMap<>(), views, () -> node.sends.size());
  private @Nullable PeerView current;
  private long delivered;
  private int sent;

  // ---- what a script can do

  @Override
  public void send(byte[] bytes) {
    view().send(bytes);
  }

  /**
   * Connections: {@code n} and {@code N} the one and the other host dials, {@code c} the oldest
   * dial of the node is answered, {@code C} refused, {@code 0} to {@code 7} go on with that one,
   * {@code e} the peer ends it, {@code r} resets it, {@code b} does not read, {@code u} reads
   * again.
   *
   * <p>Lines as they should be: {@code g} a greeting, {@code h} and {@code H} a {@code HELLO} for a
   * new session and for the last one, {@code w} and {@code W} such a {@code WELCOME}, {@code m} one
   * chat line, {@code M} many, {@code a} an {@code ACK} of all, {@code p} very many {@code PING}s.
   *
   * <p>The application: {@code s} and {@code S} sends to the one and the other host, {@code L} a
   * long text, {@code x} and {@code X} leaves them, {@code j} connects; {@code l} the listener
   * takes what waits, {@code f} futures complete.
   *
   * <p>Time: {@code /} a turn of the event loop, {@code t} 25 ms, {@code T} 1 s, {@code q} 6 s,
   * {@code Q} 20 s, {@code z} 3 minutes.
   */
  @Override
  public void command(char command) {
    if (command >= '0' && command < '0' + views.size()) {
      current = views.get(command - '0');
    } else {
      connection(command);
      line(command);
      application(command);
      time(command);
    }
    check();
  }

  private void connection(char command) {
    switch (command) {
      case 'n' -> accept(HOST_A);
      case 'N' -> accept(HOST_B);
      case 'c' -> connect();
      case 'C' -> node.net.refuse();
      case 'e' -> view().channel.end();
      case 'r' -> view().channel.reset();
      case 'b' -> view().setStuck(true);
      case 'u' -> view().setStuck(false);
      default -> {}
    }
  }

  private void line(char command) {
    switch (command) {
      case 'g' -> send(new Greeting(1, Greeting.Tls.NO, nodeOf(view().host)));
      case 'h' -> send(new Hello(1, info(), null, 0));
      case 'H' -> resume();
      case 'w' -> send(new Welcome(1, info(), SESSION, 0, Welcome.NONE));
      case 'W' -> welcomeBack();
      case 'm' -> chat(1);
      case 'M' -> chat(MANY);
      case 'a' -> send(new Ack(view().got()));
      case 'p' -> send("PING:x\n".repeat(VERY_MANY).getBytes(UTF_8));
      default -> {}
    }
  }

  private void application(char command) {
    switch (command) {
      case 's' -> node.send(address(HOST_A), "text " + sent++);
      case 'S' -> node.send(address(HOST_B), "text " + sent++);
      case 'L' -> node.send(address(HOST_A), "long ".repeat(150));
      case 'x' -> node.send(address(HOST_A), "exit");
      case 'X' -> node.send(address(HOST_B), "exit");
      case 'j' -> node.send(address(HOST_A), "manual connection message");
      case 'l' -> node.listen();
      case 'f' -> node.complete();
      default -> {}
    }
  }

  private void time(char command) {
    switch (command) {
      case '/' -> node.net.turn();
      case 't' -> pass(25);
      case 'T' -> pass(1000);
      case 'q' -> pass(6000);
      case 'Q' -> pass(20_000);
      case 'z' -> pass(180_000);
      default -> {}
    }
  }

  private void pass(long millis) {
    node.net.turn();
    node.net.loop.pass(millis);
  }

  private PeerView view() {
    if (current == null) {
      accept(HOST_A);
    }
    return current == null ? views.get(0) : current;
  }

  private void accept(int host) {
    if (views.size() < MOST_CONNECTIONS) {
      MemoryChannel channel = node.net.accept(MemoryNode.at(host, 50_000 + views.size()));
      add(channel, host, false);
    }
  }

  private void connect() {
    if (views.size() < MOST_CONNECTIONS) {
      MemoryChannel channel = node.net.connect();
      if (channel != null) {
        byte[] ip = ((InetSocketAddress) channel.remoteAddress()).getAddress().getAddress();
        add(channel, ip[ip.length - 1], true);
      }
    }
  }

  private void add(MemoryChannel channel, int host, boolean dialed) {
    current = new PeerView(channel, host, dialed, SETTINGS.maxFrameBytes(), counts);
    views.add(current);
  }

  private void send(ControlLine line) {
    send((line.format() + "\n").getBytes(UTF_8));
  }

  private void resume() {
    String last = null;
    for (PeerView view : views) {
      if (view.host == view().host && view.hasSession()) {
        last = view.session();
      }
    }
    long got = last == null ? 0 : counts.got().getOrDefault(last, 0L);
    send(new Hello(1, info(), last, got));
  }

  private void welcomeBack() {
    String named = view().session();
    String session = named == null ? SESSION : named;
    long got = counts.got().getOrDefault(session, 0L);
    send(new Welcome(1, info(), session, got, Welcome.NONE));
  }

  private void chat(int lines) {
    String line = ChatLine.of(PORT, teamOf(view().host), "hello").format() + "\n";
    send(line.repeat(lines).getBytes(UTF_8));
  }

  private NodeInfo info() {
    int host = view().host;
    return new NodeInfo(
        nodeOf(host),
        host == HOST_A ? NodeInfo.MIN_LIMIT : 65_536,
        PORT,
        teamOf(host),
        host == HOST_A);
  }

  private static String nodeOf(int host) {
    return (host == HOST_A ? "a" : "z").repeat(26);
  }

  private static String teamOf(int host) {
    return host == HOST_A ? "One" : "Two";
  }

  private static PeerAddress address(int host) {
    return PeerAddress.of(MemoryNode.at(host, PORT));
  }

  // ---- what must hold

  private void check() {
    views.forEach(view -> view.look(node.net.loop.now()));
    for (PeerEvent event : node.events) {
      if (event instanceof MessageReceived message) {
        must(message.text().length() < SETTINGS.maxFrameBytes(), "a message is within the limit");
        delivered += message.peer().level() == Peer.Level.SESSION && !message.raw() ? 1 : 0;
      }
    }
    node.events.clear();
    must(delivered <= lines(PeerView::mayHaveSession, PeerView::sentLines), "none before WELCOME");
    long taken = delivered + lines(view -> true, PeerView::reservedLines);
    must(counts.allAcked() <= taken, "only what the listener has taken is acknowledged");
    must(
        node.acknowledged <= node.net.counters.linesSent.sum(), "what was written is acknowledged");
    must(node.registry.active().size() <= 2 * SETTINGS.maxActivePeers(), "peers are bounded");
    must(node.net.heldBytes() < MOST_HELD, "what is held is bounded");
  }

  private long lines(Predicate<PeerView> which, ToLongFunction<PeerView> lines) {
    return views.stream().filter(which).mapToLong(lines).sum();
  }

  /** All peers go away for good, and time passes. */
  void finish() {
    for (PeerView view : views) {
      view.setStuck(false);
      view.channel.end();
    }
    node.net.turn();
    for (int seconds = 0; seconds < 900 && isBusy(); seconds += 10) {
      do {
        node.listen();
        node.complete();
        node.net.refuse();
        node.net.turn();
      } while (!node.listener.isEmpty() || !node.completions.isEmpty() || node.net.isDialing());
      pass(10_000);
      check();
    }
    assertThat(node.sends).allMatch(send -> send.isDone());
    assertThat(node.endpoints.waiting()).containsExactly(0, 0);
    assertThat(node.dispatcher.waiting()).isZero();
    assertThat(node.net.counters.connections.sum()).isZero();
    assertThat(node.net.counters.sessions.sum()).isZero();
    assertThat(node.net.heldBytes()).as("bytes leaked").isZero();
    assertThat(node.net.loop.isIdle()).as("no timer is left").isTrue();
  }

  private boolean isBusy() {
    return !node.net.loop.isIdle()
        || !node.listener.isEmpty()
        || !node.completions.isEmpty()
        || node.net.isDialing()
        || views.stream().anyMatch(view -> view.channel.isOpen());
  }
}
