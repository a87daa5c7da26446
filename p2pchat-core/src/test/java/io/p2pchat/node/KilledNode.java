package io.p2pchat.node;

import io.p2pchat.Delivery;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNode;
import io.p2pchat.Security;
import io.p2pchat.SendOptions;
import io.p2pchat.Submission;
import io.p2pchat.Trust;
import io.p2pchat.sqlite.SqliteStore;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;

/**
 * A program that {@link KilledNodesTest} kills: a node with a store in a file. It sends numbers as
 * fast as a few are not stored, and prints each that is stored, and each that is delivered.
 */
final class KilledNode {
  private static final int UNSTORED = 64;
  private static final int UNDELIVERED = 2000;

  private KilledNode() {}

  /** Arguments: the directory, the own port, the port of the peer, the first number or -1. */
  public static void main(String[] args) throws InterruptedException {
    Path directory = Path.of(args[0]);
    PeerAddress peer = new PeerAddress("127.0.0.1", Integer.parseInt(args[2]));
    PeerNode node =
        PeerNode.builder()
            .teamName(directory.getFileName().toString())
            .bindAddress("127.0.0.1")
            .port(Integer.parseInt(args[1]))
            .security(Security.opportunistic().with(Trust.pinned(directory.resolve("key"))))
            .store(SqliteStore.open(directory.resolve("store")))
            .start();
    say("started " + node.port());
    Semaphore room = new Semaphore(UNSTORED);
    Semaphore waiting = new Semaphore(UNDELIVERED);
    for (int i = Integer.parseInt(args[3]); i >= 0; i++) {
      int number = i;
      // What is refused is not accepted, so it would show nothing.
      node.whenWritable(peer).join();
      room.acquire();
      waiting.acquire();
      say("sent " + number);
      Submission message = node.submit(peer, "n" + number, SendOptions.defaults());
      message
          .kept()
          .whenComplete(
              (done, failure) -> {
                room.release();
                say((failure == null ? "kept " : "refused ") + number);
              });
      message
          .delivered()
          .whenComplete(
              (delivery, failure) -> {
                waiting.release();
                if (delivery == Delivery.ACKNOWLEDGED) {
                  say("delivered " + number);
                }
              });
    }
    Thread.currentThread().join();
  }

  private static void say(String line) {
    synchronized (System.out) {
      System.out.println(line);
      System.out.flush();
    }
  }
}
