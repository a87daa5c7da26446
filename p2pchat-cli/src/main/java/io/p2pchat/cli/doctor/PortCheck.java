package io.p2pchat.cli.doctor;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Says whether the port is free, or who has it, and whether a connection can be made to it at each
 * own address. These connections do not leave the machine.
 */
final class PortCheck implements Check {
  private static final String NAME = "port";
  private static final int FIRST_PORT = 7001;
  private static final int LAST_PORT = 7016;
  private static final int MAX_ADDRESSES = 32;
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(1);
  private static final Duration GREETING_LIMIT = Duration.ofSeconds(2);

  private final LocalNetwork network;
  private final TcpProbe tcp;
  private final Listening listening;
  private final Executor executor;

  /**
   * Where the node listens.
   *
   * @param port the port, or 0 for the first free one of those that the chat proposes
   * @param bind the address, or empty for all
   * @param isOpen whether this program listens there now
   */
  record Listening(int port, Optional<String> bind, boolean isOpen) {}

  PortCheck(LocalNetwork network, TcpProbe tcp, Listening listening, Executor executor) {
    this.network = network;
    this.tcp = tcp;
    this.listening = listening;
    this.executor = executor;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<Finding> run() {
    InetAddress at;
    try {
      at = address();
    } catch (IOException e) {
      return List.of(
          Finding.problem(
              NAME,
              "The address " + listening.bind().orElse("") + " of --bind is unknown.",
              "Give an IP address of this machine, or omit --bind."));
    }
    if (listening.isOpen()) {
      int port = listening.port();
      return andReachable(Finding.ok(NAME, "This chat listens on port " + port + "."), port);
    }
    if (listening.port() != 0) {
      return look(at, listening.port());
    }
    for (int port = FIRST_PORT; port <= LAST_PORT; port++) {
      if (isFree(at, port)) {
        return look(at, port);
      }
    }
    return look(at, FIRST_PORT);
  }

  private InetAddress address() throws IOException {
    return listening.bind().isPresent()
        ? tcp.resolve(listening.bind().get()).get(0)
        : InetAddress.getByAddress(new byte[4]);
  }

  private boolean isFree(InetAddress at, int port) {
    try {
      tcp.listen(new InetSocketAddress(at, port)).close();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private List<Finding> look(InetAddress at, int port) {
    try {
      Closeable opened = tcp.listen(new InetSocketAddress(at, port));
      try {
        return andReachable(Finding.ok(NAME, "Port " + port + " is free."), port);
      } finally {
        opened.close();
      }
    } catch (IOException e) {
      return inUse(at, port, String.valueOf(e.getMessage()));
    }
  }

  private List<Finding> inUse(InetAddress at, int port, String reason) {
    try (TcpProbe.Connection connection =
        tcp.connect(new InetSocketAddress(dialable(at), port), CONNECT_LIMIT)) {
      return isP2pchat(connection)
          ? andReachable(
              Finding.ok(
                  NAME,
                  "A p2pchat listens on port " + port + ".",
                  "To start another one, choose another port with --port."),
              port)
          : List.of(
              Finding.problem(
                  NAME,
                  "Port " + port + " is in use by a program that is not a p2pchat.",
                  "Choose another port with --port, or stop that program."));
    } catch (IOException e) {
      return List.of(
          Finding.problem(
              NAME,
              "Port " + port + " cannot be used: " + reason + ".",
              "Choose another port with --port, such as " + FIRST_PORT + bindAdvice()));
    }
  }

  private String bindAdvice() {
    return listening.bind().isPresent() ? ", and an address of this machine with --bind." : ".";
  }

  private static boolean isP2pchat(TcpProbe.Connection connection) {
    try {
      return connection.greeting(GREETING_LIMIT).isPresent();
    } catch (IOException e) {
      return false;
    }
  }

  private static InetAddress dialable(InetAddress at) throws UnknownHostException {
    return at.isAnyLocalAddress() ? InetAddress.getByAddress(new byte[] {127, 0, 0, 1}) : at;
  }

  private List<Finding> andReachable(Finding first, int port) {
    List<Finding> found = new ArrayList<>(List.of(first));
    List<InetAddress> own = own();
    List<CompletableFuture<@Nullable String>> dials =
        own.stream()
            .map(ip -> CompletableFuture.supplyAsync(() -> failure(ip, port), executor))
            .toList();
    List<String> reached = new ArrayList<>();
    for (int i = 0; i < own.size(); i++) {
      String failure = dials.get(i).join();
      String address = LocalInterface.shown(own.get(i));
      if (failure == null) {
        reached.add(address);
      } else {
        found.add(
            Finding.problem(
                NAME,
                "Port " + port + " cannot be reached at " + address + ": " + failure + ".",
                "Allow TCP port " + port + " in the firewall of this machine."));
      }
    }
    if (!reached.isEmpty()) {
      found.add(
          Finding.ok(
              NAME,
              "Port "
                  + port
                  + " can be reached from this machine at "
                  + String.join(", ", reached)
                  + "."));
    }
    return found;
  }

  private @Nullable String failure(InetAddress ip, int port) {
    try {
      tcp.connect(new InetSocketAddress(ip, port), CONNECT_LIMIT).close();
      return null;
    } catch (IOException e) {
      return ConnectFailure.of(e).text();
    }
  }

  /** Returns the own addresses at which peers can dial. */
  private List<InetAddress> own() {
    try {
      if (listening.bind().isPresent()) {
        return List.of(address());
      }
      return network.interfaces().stream()
          .filter(each -> each.up() && !each.loopback())
          .map(LocalInterface::addresses)
          .flatMap(List::stream)
          .filter(ip -> !ip.isLinkLocalAddress())
          .limit(MAX_ADDRESSES)
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }
}
