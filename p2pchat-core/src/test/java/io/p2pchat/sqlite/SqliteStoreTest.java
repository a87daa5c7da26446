package io.p2pchat.sqlite;

import io.p2pchat.MessageStore;
import io.p2pchat.testing.stores.MessageStoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteStoreTest extends MessageStoreContract {
  @TempDir Path directory;

  @Override
  protected MessageStore open() {
    return SqliteStore.open(directory.resolve("history"));
  }
}
