package io.p2pchat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.util.List;

/** A person at the chat menu. */
final class Chatter implements AutoCloseable {
  static final String MENU = "Choose: ";
  private static final int ATTEMPTS = 5;

  final CliProcess process;
  final int port;

  private Chatter(CliProcess process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Starts the menu and answers its first questions, again if another takes the port first. */
  static Chatter start(String team) {
    for (int i = 1; i < ATTEMPTS; i++) {
      Chatter chatter = answering(team, freePort());
      if (chatter.listens()) {
        return chatter;
      }
      chatter.close();
    }
    throw new AssertionError("no port stays free");
  }

  /** A port that nobody listens on at this moment. */
  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String address() {
    return "127.0.0.1:" + port;
  }

  void send(Chatter to, String text) {
    process.type(1, "127.0.0.1", to.port, text);
  }

  void type(Object... lines) {
    process.type(lines);
  }

  String sees(String part) {
    return process.out.take(part);
  }

  Peers query() {
    process.type(2);
    List<String> block = process.out.takeBlock("Active peers", MENU);
    int second = block.indexOf("Connected peers:");
    return new Peers(peers(block.subList(0, second)), peers(block.subList(second, block.size())));
  }

  /** Quits and checks that it ended well. */
  void quit() {
    process.type(0);
    assertThat(process.awaitExit()).isZero();
    assertThat(process.err.awaitAll()).isEmpty();
  }

  @Override
  public void close() {
    process.close();
  }

  private static Chatter answering(String team, int port) {
    CliProcess process = CliProcess.start();
    process.type(team, port);
    return new Chatter(process, port);
  }

  private boolean listens() {
    try {
      return process.awaitPort(process.out) == port;
    } catch (AssertionError e) {
      if (process.err.toString().contains("in use")) {
        return false;
      }
      throw e;
    }
  }

  private static List<String> peers(List<String> lines) {
    return lines.stream().filter(line -> line.startsWith("  ")).map(String::strip).toList();
  }

  /** What Query peers listed. */
  record Peers(List<String> active, List<String> connected) {}
}
