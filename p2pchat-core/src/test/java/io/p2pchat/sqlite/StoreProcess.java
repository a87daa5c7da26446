package io.p2pchat.sqlite;

import io.p2pchat.Conversation;
import io.p2pchat.MessageStore;
import io.p2pchat.PeerAddress;
import io.p2pchat.StoreException;
import io.p2pchat.StoreTransaction;
import io.p2pchat.StoredMessage;
import io.p2pchat.StoredMessage.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/**
 * A program that claims the store in a directory and adds messages of 1,000 characters until it has
 * added so many, or one fails. Then it waits for a line of input. It prints what happens.
 */
final class StoreProcess {
  private static final int BATCH = 100;

  private StoreProcess() {}

  /**
   * Runs the program.
   *
   * @param args the directory, the number of messages, and perhaps a file to delete after a failure
   */
  public static void main(String[] args) throws IOException {
    try (MessageStore store = SqliteStore.open(Path.of(args[0]))) {
      System.out.println("claimed " + store.claim().lastRow());
      int rest = Integer.parseInt(args[1]);
      while (rest > 0) {
        try {
          add(store, Math.min(BATCH, rest));
          rest -= BATCH;
        } catch (StoreException e) {
          System.out.println(e.reason() + " " + e.getMessage());
          if (args.length < 3) {
            return;
          }
          Files.delete(Path.of(args[2]));
          add(store, 1);
          System.out.println("added again");
          return;
        }
      }
      System.out.println("added");
      System.in.read();
    } catch (StoreException e) {
      System.out.println(e.reason() + " " + e.getMessage());
    }
  }

  private static void add(MessageStore store, int count) {
    Conversation peer = Conversation.of(new PeerAddress("192.0.2.1", 7001));
    try (StoreTransaction transaction = store.begin()) {
      for (int i = 0; i < count; i++) {
        transaction.add(
            StoredMessage.builder(peer, State.TAKEN, "x".repeat(1_000), Instant.now()).build());
      }
      transaction.commit();
    }
  }
}
