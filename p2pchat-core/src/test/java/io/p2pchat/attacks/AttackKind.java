package io.p2pchat.attacks;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.p2pchat.testing.peers.BareConnection;
import io.p2pchat.testing.peers.BareTls;
import java.io.IOException;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/**
 * A way to attack a node.
 *
 * @param name what it is called on the command line
 * @param title what it is
 * @param heavy how many connections it has in earnest
 * @param heavyProgress how far it must have come to be in full swing
 * @param light how many connections it has in a test
 * @param lightProgress how far it must have come in a test
 * @param beginning how it begins
 */
record AttackKind(
    String name,
    String title,
    int heavy,
    long heavyProgress,
    int light,
    long lightProgress,
    Beginning beginning) {
  private static final long KIB = 1 << 10;
  private static final long MIB = 1 << 20;
  private static final String MANY_LINES = "x\n".repeat(1 << 15);

  private static final String PINNED = "-pinned";

  private static final List<AttackKind> OF_ANY =
      List.of(
          new AttackKind(
              "nothing", "nothing", 0, 0, 0, 0, (port, count) -> left(port, 1, count, new byte[0])),
          new AttackKind(
              "half-open",
              "10,000 half-open connections",
              10_000,
              10_000,
              300,
              300,
              (port, count) -> left(port, 100, count, new byte[0])),
          new AttackKind(
              "half-open-at-the-bound",
              "15,000 half-open connections, always renewed",
              15_000,
              20_000,
              500,
              500,
              (port, count) -> Crowd.renewed(new AttackDialer(port, 200), count, new byte[0])),
          new AttackKind(
              "tls",
              "1,000 TLS handshakes begun and left",
              1000,
              1000,
              100,
              100,
              (port, count) -> left(port, 8, count, ClientHello.beginning())),
          new AttackKind(
              "tls-whole",
              "a whole ClientHello and a reset, 40 at a time, from one IP",
              40,
              20_000,
              40,
              1500,
              (port, count) ->
                  Crowd.renewed(new AttackDialer(port, 1), count, BareTls.clientHello())),
          new AttackKind(
              "slow",
              "a byte a second on 500 connections",
              500,
              500,
              100,
              100,
              (port, count) ->
                  Crowd.slow(new AttackDialer(port, 4), count, chat(1, "slow").getBytes(UTF_8))),
          new AttackKind(
              "long-line",
              "a line of 1 GiB, at level 0",
              1,
              1024 * MIB,
              1,
              32 * MIB,
              (port, count) -> flood(port, count, AttackKind::nothing, "x".repeat(1 << 16))),
          new AttackKind(
              "long-line-in-session",
              "a line of 1 GiB, in a session",
              1,
              1024 * MIB,
              1,
              32 * MIB,
              (port, count) -> flood(port, count, AttackKind::hello, "x".repeat(1 << 16))),
          new AttackKind(
              "unread",
              "a peer that never reads, asks, and is owed 8 MiB",
              1,
              64 * MIB,
              1,
              16 * MIB,
              (port, count) ->
                  flood(port, count, AttackKind::hello, "PING:" + "x".repeat(60_000) + "\n")),
          new AttackKind(
              "ping",
              "PING on 180 connections",
              180,
              64 * MIB,
              30,
              4 * MIB,
              (port, count) -> flood(port, count, AttackKind::hello, "PING:x\n".repeat(1 << 13))),
          new AttackKind(
              "tiny-lines",
              "lines of one byte on 180 connections, at level 0",
              180,
              16 * MIB,
              4,
              512 * KIB,
              (port, count) -> flood(port, count, AttackKind::nothing, MANY_LINES)),
          new AttackKind(
              "tiny-lines-and-reset",
              "64 KiB of such lines and a reset, again and again",
              1,
              1000,
              1,
              100,
              (port, count) ->
                  new Arrivals(
                      new AttackDialer(port, 1), number -> MANY_LINES.getBytes(UTF_8), false)),
          new AttackKind(
              "tiny-lines-in-sessions",
              "lines of one byte on 180 connections, in sessions",
              180,
              64 * MIB,
              30,
              8 * MIB,
              (port, count) ->
                  new Flood(
                      new AttackDialer(port, 1), count, AttackKind::hello, AttackKind::chatLines)),
          new AttackKind(
              "hello",
              "HELLO, each of a new node on a new connection",
              1,
              20_000,
              1,
              1000,
              (port, count) -> new Arrivals(new AttackDialer(port, 1), AttackKind::hello, true)),
          new AttackKind(
              "connects",
              "connects from one IP, always renewed",
              1000,
              30_000,
              500,
              1000,
              (port, count) -> Crowd.renewed(new AttackDialer(port, 1), count, new byte[0])));

  /** Those in which the node judges peers by their keys too. */
  static final List<AttackKind> ALL =
      Stream.concat(
              OF_ANY.stream(),
              Stream.of("tls", "tls-whole", "hello", "connects")
                  .map(name -> find(OF_ANY, name).ofPinned()))
          .toList();

  private static final String NODE_LETTERS = "abcdefghijklmnopqrstuvwxyz";

  /** How an attack begins. */
  interface Beginning {
    Attack begin(int port, int count) throws IOException;
  }

  static AttackKind named(String name) {
    return find(ALL, name);
  }

  private static AttackKind find(List<AttackKind> kinds, String name) {
    return kinds.stream()
        .filter(kind -> kind.name.equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no attack: " + name));
  }

  private AttackKind ofPinned() {
    return new AttackKind(
        name + PINNED, title + ", pinned", heavy, heavyProgress, light, lightProgress, beginning);
  }

  /** Whether the node that is attacked knows its peers by their keys. */
  boolean isPinned() {
    return name.endsWith(PINNED);
  }

  Attack beginHeavy(int port) throws IOException {
    return beginning.begin(port, heavy);
  }

  Attack beginLight(int port) throws IOException {
    return beginning.begin(port, light);
  }

  private static Attack left(int port, int addresses, int count, byte[] bytes) throws IOException {
    return Crowd.left(new AttackDialer(port, addresses), count, bytes);
  }

  private static String chat(int number, String text) {
    return BareConnection.line(1 + number % 65_535, "Attacker", text);
  }

  /** What opens a session, for a node of this number. */
  private static byte[] hello(int number) {
    StringBuilder node = new StringBuilder();
    for (int rest = number; node.length() < 26; rest /= 26) {
      node.append(NODE_LETTERS.charAt(rest % 26));
    }
    String port = "|LIMIT:65536|LISTENING_PORT:" + (1 + number % 65_535);
    return ("HELLO:1|NODE:" + node + port + "|TEAM_NAME:Attacker\n").getBytes(UTF_8);
  }

  private static byte[] nothing(int number) {
    return new byte[0];
  }

  private static byte[] chatLines(int number) {
    return (chat(number, "x") + "\n").repeat(1 << 11).getBytes(UTF_8);
  }

  private static Attack flood(int port, int count, IntFunction<byte[]> first, String again)
      throws IOException {
    byte[] bytes = again.getBytes(UTF_8);
    return new Flood(new AttackDialer(port, 1), count, first, number -> bytes);
  }
}
