package io.p2pchat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.testing.FreePort;
import java.util.List;

/** A person at the chat menu. */
final class Chatter implements AutoCloseable {
  static final String MENU = "Choose: ";

  final CliProcess process;
  final int port;

  private Chatter(CliProcess process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Starts the menu and answers its first questions. */
  static Chatter start(String team) {
    int port = FreePort.next();
    CliProcess process = CliProcess.start();
    process.type(team, port);
    assertThat(process.awaitPort(process.out)).isEqualTo(port);
    return new Chatter(process, port);
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

  private static List<String> peers(List<String> lines) {
    return lines.stream().filter(line -> line.startsWith("  ")).map(String::strip).toList();
  }

  /** What Query peers listed. */
  record Peers(List<String> active, List<String> connected) {}
}
