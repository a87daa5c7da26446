package io.p2pchat.cli;

import io.p2pchat.MessageStore;
import io.p2pchat.sqlite.SqliteStore;
import java.nio.file.Path;

/** The user's stored messages. Only who uses them loads SQLite. */
final class HistoryStore {
  private HistoryStore() {}

  /** Opens the store in a data directory. */
  static MessageStore open(Path dataDir) {
    return SqliteStore.open(dataDir.resolve("history"));
  }
}
