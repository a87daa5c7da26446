package io.p2pchat.bench;

import io.p2pchat.Delivery;
import io.p2pchat.NodeSettings;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNode;
import io.p2pchat.PeerNodeBuilder;
import io.p2pchat.Security;
import io.p2pchat.Trust;
import io.p2pchat.sqlite.SqliteStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * What all p2pchat contenders do: nodes with the settings that they have by default, but for the
 * number of peers on one machine. They do not encrypt, as bare Netty does not, but for those that
 * are there to measure it.
 */
final class ChatNodes {
  private static final String HOST = "127.0.0.1";

  /** As many as a {@link BenchCrowd} has. */
  private static final NodeSettings MANY_PEERS =
      NodeSettings.builder().maxPeersPerHost(4096).maxDialedConnectionsPerHost(1024).build();

  private ChatNodes() {}

  static PeerNodeBuilder node(String team) {
    return node(team, Security.plaintext());
  }

  static PeerNodeBuilder node(String team, Security security) {
    return PeerNode.builder()
        .teamName(team)
        .bindAddress(HOST)
        .settings(MANY_PEERS)
        .security(security);
  }

  /** A node with a key and a store in a directory. It always encrypts. */
  static PeerNodeBuilder durable(String team, Path directory) {
    return node(team, Security.required().with(Trust.pinned(directory)))
        .store(SqliteStore.open(history(directory)));
  }

  /** Where such a node stores its messages. */
  static Path history(Path directory) {
    return directory.resolve("history");
  }

  /** Makes a directory that is deleted at the end of this process, if that is regular. */
  static Path directory() {
    try {
      Path made = Files.createTempDirectory("p2pchat-bench");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(made)));
      return made;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      System.err.println("Not deleted: " + e);
    }
  }

  static PeerAddress at(int port) {
    return new PeerAddress(HOST, port);
  }

  /**
   * Has two nodes talk. Where their classes have yet to be loaded, on a core that others use too, a
   * greeting may take longer than a node waits for it.
   */
  static void warmUp() {
    try (PeerNode one = node("One").start();
        PeerNode two = node("Two").start()) {
      one.send(at(two.port()), "hello").join();
      two.send(at(one.port()), "hello").join();
    }
  }

  /**
   * Connects with all these ports at once.
   *
   * @throws IllegalStateException if it holds no session with one of them
   */
  static void connect(PeerNode node, int... ports) {
    List<CompletableFuture<Delivery>> connections =
        Arrays.stream(ports).mapToObj(port -> node.connect(at(port))).toList();
    for (CompletableFuture<Delivery> connection : connections) {
      if (connection.join() != Delivery.ACKNOWLEDGED) {
        throw new IllegalStateException("not greeted in time: is the machine too busy?");
      }
    }
  }
}
