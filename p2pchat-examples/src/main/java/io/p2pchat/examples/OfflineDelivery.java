package io.p2pchat.examples;

import io.p2pchat.Delivery;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNode;
import io.p2pchat.Security;
import io.p2pchat.SendOptions;
import io.p2pchat.Submission;
import io.p2pchat.Trust;
import io.p2pchat.sqlite.SqliteStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Ann writes to Bob, who is away. Then Ann goes away too, and comes back. Bob comes back, and has
 * the message once. Each has a key and a store in a directory of its own.
 *
 * <p>Takes no arguments. Expect
 *
 * <pre>
 * Bob has: hello Bob
 * Ann's message is kept, and Bob is away
 * Ann has closed: KEPT
 * Bob has: are you there?
 * Bob has: good to see you
 * </pre>
 */
public final class OfflineDelivery {
  private OfflineDelivery() {}

  /**
   * Runs the example.
   *
   * @param args none
   * @throws IOException if no temporary directory can be created
   * @throws InterruptedException if it is interrupted
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("offline-delivery");
    PeerAddress bobsAddress;
    try (PeerNode ann = start("Ann", directory, 0);
        PeerNode bob = start("Bob", directory, 0)) {
      bobsAddress = new PeerAddress("127.0.0.1", bob.port());
      ann.send(bobsAddress, "hello Bob").join();
    }
    Submission message;
    try (PeerNode ann = start("Ann", directory, 0)) {
      message = ann.submit(bobsAddress, "are you there?", SendOptions.defaults());
      message.kept().join();
      System.out.println("Ann's message is kept, and Bob is away");
    }
    Delivery delivery = message.delivered().join();
    System.out.println("Ann has closed: " + delivery);
    try (PeerNode bob = start("Bob", directory, bobsAddress.port());
        PeerNode ann = start("Ann", directory, 0)) {
      ann.send(new PeerAddress("127.0.0.1", bob.port()), "good to see you").join();
    }
  }

  private static PeerNode start(String name, Path directory, int port) {
    return PeerNode.builder()
        .teamName(name)
        .port(port)
        .security(Security.opportunistic().with(Trust.pinned(directory.resolve(name))))
        .store(SqliteStore.open(directory.resolve(name).resolve("store")))
        .onMessage(message -> System.out.println(name + " has: " + message.text()))
        .start();
  }
}
