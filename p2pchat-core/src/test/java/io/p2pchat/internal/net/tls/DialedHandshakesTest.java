package io.p2pchat.internal.net.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.p2pchat.NodeSettings;
import io.p2pchat.internal.security.NodeIdentity;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DialedHandshakesTest {
  private static final String HOST = "10.0.0.1";
  private static final String OTHER_HOST = "10.0.0.2";
  private static final int STEP = 100;
  private static final int LATE_STEP = 150;

  private final TlsContexts tls =
      new TlsContexts(NodeIdentity.generate(), Runnable::run, NodeSettings.DEFAULTS);
  private final List<Connection> dials = new ArrayList<>();
  private final List<Integer> begun = new ArrayList<>();
  private final List<Connection> accepted = new ArrayList<>();

  private static final class Connection extends EmbeddedChannel {
    private final String ip;

    Connection(String ip) {
      this.ip = ip;
      freezeTime();
    }

    @Override
    protected SocketAddress remoteAddress0() {
      return new InetSocketAddress(ip, 7000);
    }

    void pass(int millis) {
      advanceTimeBy(millis, TimeUnit.MILLISECONDS);
      runScheduledPendingTasks();
    }
  }

  @AfterEach
  void close() {
    dials.forEach(EmbeddedChannel::finishAndReleaseAll);
    accepted.forEach(EmbeddedChannel::finishAndReleaseAll);
  }

  private void dial(String ip, int count) {
    for (int i = 0; i < count; i++) {
      int number = dials.size();
      Connection channel = new Connection(ip);
      dials.add(channel);
      tls.dialing(
          channel,
          null,
          handlers -> {
            begun.add(number);
            channel.pipeline().addLast(handlers.handler());
          });
    }
    pass(1, 0);
  }

  private void pass(int steps, int millis) {
    for (int i = 0; i < steps; i++) {
      dials.forEach(channel -> channel.pass(millis));
    }
  }

  private static boolean carry(Connection from, Connection to) {
    ByteBuf bytes = from.readOutbound();
    if (bytes != null) {
      to.writeInbound(bytes);
    }
    return bytes != null;
  }

  /** The peer does its part of the handshake. */
  private Connection shakeHands(Connection dial) {
    Connection peer = new Connection(HOST);
    accepted.add(peer);
    tls.accepting(peer, handlers -> peer.pipeline().addLast(handlers.handler()), peer::close);
    peer.runScheduledPendingTasks();
    boolean more = true;
    while (more) {
      more = carry(dial, peer);
      more |= carry(peer, dial);
      peer.runPendingTasks();
      dial.runPendingTasks();
    }
    return peer;
  }

  private void answer(Connection peer, Connection dial) {
    peer.writeOutbound(Unpooled.wrappedBuffer(new byte[] {'W'}));
    assertThat(carry(peer, dial)).isTrue();
    assertThat((ByteBuf) dial.readInbound()).satisfies(read -> assertThat(read.release()).isTrue());
    pass(1, 0);
  }

  private static List<Integer> first(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  @Test
  void aFewBeginAndTheOthersWaitUntilTheseAreSlow() {
    dial(HOST, 20);
    assertThat(begun).isEqualTo(first(2));
    pass(8, STEP);
    assertThat(begun).isEqualTo(first(2));
    pass(2, STEP);
    assertThat(begun).isEqualTo(first(2 + 4));
    pass(8, STEP);
    assertThat(begun).isEqualTo(first(2 + 4));
    pass(2, STEP);
    assertThat(begun).isEqualTo(first(2 + 4 + 4));
  }

  /** Nothing says that they are slow because of their peers. */
  @Test
  void onABusyMachineTheyCountForLongerAndAreFewer() {
    dial(HOST, 10);
    pass(33, LATE_STEP);
    assertThat(begun).isEqualTo(first(2));
    pass(2, LATE_STEP);
    assertThat(begun).isEqualTo(first(3));
    pass(30, LATE_STEP);
    assertThat(begun).isEqualTo(first(3));
    pass(4, LATE_STEP);
    assertThat(begun).isEqualTo(first(4));
  }

  @Test
  void peersOfOneHostThatNeverAnswerKeepAnotherHostWaitingForASecond() {
    dial(HOST, 1000);
    pass(15, STEP);
    dial(OTHER_HOST, 1);
    assertThat(begun).doesNotContain(1000);
    pass(10, STEP);
    assertThat(begun).contains(1000);
  }

  @Test
  void handshakeCountsUntilThePeerSaysMore() {
    dial(HOST, 20);
    Connection peer = shakeHands(dials.get(0));
    pass(1, 0);
    assertThat(begun).isEqualTo(first(2));
    answer(peer, dials.get(0));
    assertThat(begun).hasSizeGreaterThan(2);
  }

  @Test
  void eachQuickOneMakesRoomForOneMoreUntilOneIsSlow() {
    dial(HOST, 40);
    for (int i = 0; i < 4; i++) {
      assertThat(begun).isEqualTo(first(2 + 2 * i));
      answer(shakeHands(dials.get(i)), dials.get(i));
    }
    assertThat(begun).isEqualTo(first(10));
    pass(10, STEP);
    assertThat(begun).isEqualTo(first(14));
  }

  /** Or many would begin at once. */
  @Test
  void quickOnesMakeRoomOnlyForThoseThatWait() {
    for (int i = 0; i < 5; i++) {
      dial(HOST, 1);
      answer(shakeHands(dials.get(i)), dials.get(i));
    }
    dial(HOST, 10);
    assertThat(begun).isEqualTo(first(5 + 2));
  }

  @Test
  void closedConnectionsNeitherWaitNorCount() {
    dial(HOST, 5);
    dials.get(2).close();
    dials.get(0).close();
    pass(1, 0);
    assertThat(begun).containsExactly(0, 1, 3);
  }

  @Test
  void hostsTakeTurns() {
    dial(HOST, 4);
    dial(OTHER_HOST, 2);
    for (int i = 0; i < 4; i++) {
      dials.get(begun.get(i)).close();
      pass(1, 0);
    }
    assertThat(begun).containsExactly(0, 1, 2, 4, 3, 5);
  }
}
