package io.p2pchat.testing.faultproxy;

import static io.p2pchat.testing.faultproxy.ProxiedSockets.END;
import static io.p2pchat.testing.faultproxy.ProxiedSockets.RESET;
import static io.p2pchat.testing.faultproxy.ProxiedSockets.read;
import static io.p2pchat.testing.faultproxy.ProxiedSockets.rest;
import static io.p2pchat.testing.faultproxy.ProxiedSockets.send;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Cuts of a proxy at random: where, how, and how many. */
class FaultProxyRandomCutTest {
  @AutoClose private final ProxiedSockets sockets = ProxiedSockets.open();
  private final FaultProxy proxy = sockets.proxy;

  @Test
  void aCleanCutEndsBothSidesAndThrowsAwayTheRest() throws IOException {
    proxy.cutRandomly(() -> 3, 3, 1);
    SocketPair sides = sockets.connect();
    assertThat(send(sides.dialer(), "abcdef")).isTrue();
    assertThat(rest(sides.acceptor())).isEqualTo("abc" + END);
    assertThat(rest(sides.dialer())).isEqualTo(END);
    assertThat(send(sides.acceptor(), "x".repeat(20_000_000))).isTrue();
    assertThat(proxy.openConnections()).isZero();
  }

  @Test
  void cutsRandomlyAsTheSeedSaysUntilTheCutsAreMade() throws IOException {
    List<String> cuts = cutRandomly();
    assertThat(cuts)
        .hasSize(20)
        .anyMatch(each -> each.endsWith(END))
        .anyMatch(each -> each.endsWith(RESET));
    assertThat(cutRandomly()).isEqualTo(cuts);
    assertThat(proxy.cuts()).isEqualTo(40);
  }

  @Test
  void aConnectionThatEndsBeforeItsCutUsesNoneUp() throws IOException {
    proxy.cutRandomly(new Random(1), 1_000_000_000, 1);
    for (int i = 0; i < 5; i++) {
      assertThat(sockets.passes("uncut")).isTrue();
    }
    proxy.cutRandomly(new Random(1), 0, 1);
    assertThat(rest(sockets.dial())).isIn(END, RESET);
    assertThat(proxy.cuts()).isEqualTo(1);
  }

  @Test
  void aConnectionOutlivesItsCutWhenAllCutsAreMade() throws IOException {
    SocketPair first = sockets.connect();
    SocketPair second = sockets.connect();
    proxy.cutRandomly(new Random(1), 1, 1);
    String text = "more than its cut";
    send(first.dialer(), text);
    rest(first.acceptor());
    assertThat(proxy.cuts()).isEqualTo(1);
    send(second.dialer(), text);
    assertThat(read(second.acceptor(), text.length())).isEqualTo(text);
    assertThat(proxy.cuts()).isEqualTo(1);
  }

  private List<String> cutRandomly() throws IOException {
    List<String> cuts = new ArrayList<>();
    int before = proxy.cuts();
    proxy.cutRandomly(new Random(7), 999, 20);
    while (proxy.cuts() < before + 20) {
      SocketPair sides = sockets.connect();
      send(sides.dialer(), "x".repeat(1000));
      cuts.add(rest(sides.acceptor()));
    }
    assertThat(sockets.passes("x".repeat(1000))).isTrue();
    return cuts;
  }
}
