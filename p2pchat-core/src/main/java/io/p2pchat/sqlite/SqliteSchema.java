package io.p2pchat.sqlite;

import io.p2pchat.StoreException;
import io.p2pchat.StoreException.Reason;
import java.sql.SQLException;
import java.util.List;

/**
 * The tables, as docs/STORE.md describes them. A database has the version up to which the steps
 * were made. To change the tables, add a step: those before it are never edited.
 */
final class SqliteSchema {
  /** The last row that is in the index. */
  static final String INDEXED = "(SELECT value FROM counter WHERE name = 'indexed')";

  /** What a word is. Another one needs a step that fills the index again. */
  static final String TOKENIZER = "unicode61 remove_diacritics 2";

  private static final List<List<String>> STEPS =
      List.of(
          List.of(
              "CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID",
              "INSERT INTO counter VALUES ('row', 0), ('named', 0)",
              "CREATE TABLE peer (id INTEGER PRIMARY KEY, key BLOB UNIQUE, address TEXT UNIQUE,"
                  + " CHECK ((key IS NULL) <> (address IS NULL)))",
              "CREATE TABLE outbox (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)",
              "CREATE TABLE message (row INTEGER PRIMARY KEY, peer INTEGER NOT NULL,"
                  + " state INTEGER NOT NULL, text TEXT NOT NULL, time INTEGER NOT NULL,"
                  + " claimed INTEGER, team TEXT, address TEXT, id TEXT,"
                  + " outbox INTEGER, number INTEGER, expiry INTEGER, failure TEXT)",
              "CREATE INDEX message_peer ON message (peer)",
              "CREATE INDEX message_kept ON message (peer, outbox, number) WHERE state = 0",
              "CREATE INDEX message_untaken ON message (peer) WHERE state = 4",
              "CREATE TABLE received (peer INTEGER NOT NULL, outbox TEXT NOT NULL,"
                  + " number INTEGER NOT NULL, named INTEGER NOT NULL, PRIMARY KEY (peer, outbox))"
                  + " WITHOUT ROWID",
              "CREATE INDEX received_named ON received (peer, named)"),
          List.of(
              "INSERT INTO counter VALUES ('indexed', 0)",
              "CREATE VIRTUAL TABLE word USING fts5 (text, peer, content = 'message',"
                  + " content_rowid = 'row', columnsize = 0, prefix = '1 2 3',"
                  + " tokenize = '"
                  + TOKENIZER
                  + "')",
              "INSERT INTO word (word, rank) VALUES ('secure-delete', 1)"),
          List.of("ALTER TABLE message ADD COLUMN sent_to TEXT"),
          List.of(
              "DROP INDEX message_kept",
              "CREATE INDEX message_kept ON message (peer) WHERE state = 0",
              "ALTER TABLE peer ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0",
              "ALTER TABLE peer ADD COLUMN own INTEGER NOT NULL DEFAULT 0",
              "UPDATE peer SET (bytes, own) = (SELECT"
                  + " ifnull(sum(200 + length(CAST(text AS BLOB))), 0), ifnull(sum(state < 4), 0)"
                  + " FROM message WHERE peer = peer.id AND state NOT IN (0, 4))",
              "CREATE TRIGGER message_added AFTER INSERT ON message"
                  + " WHEN new.state NOT IN (0, 4) "
                  + count("+", "new"),
              "CREATE TRIGGER message_settled AFTER UPDATE OF state ON message"
                  + " WHEN old.state IN (0, 4) AND new.state NOT IN (0, 4) "
                  + count("+", "new"),
              "CREATE TRIGGER message_removed AFTER DELETE ON message"
                  + " WHEN old.state NOT IN (0, 4) "
                  + count("-", "old")));

  static final int VERSION = STEPS.size();

  private SqliteSchema() {}

  /** Adds a message to the sums of its peer, or takes it off. */
  private static String count(String sign, String row) {
    return ("BEGIN UPDATE peer SET bytes = bytes %1$s (200 + length(CAST(%2$s.text AS BLOB))),"
            + " own = own %1$s (%2$s.state < 4) WHERE id = %2$s.peer; END")
        .formatted(sign, row);
  }

  static int version(SqliteConnection connection) throws SQLException {
    return (int) connection.number("PRAGMA user_version");
  }

  /** Brings a database to the current version, also an empty one. */
  static void migrate(SqliteConnection connection) throws SQLException {
    migrate(connection, VERSION);
  }

  static void migrate(SqliteConnection connection, int target) throws SQLException {
    int version = version(connection);
    requireKnown(connection, version);
    for (int next = version; next < target; next++) {
      int step = next;
      connection.inTransaction(
          () -> {
            for (String statement : STEPS.get(step)) {
              connection.execute(statement);
            }
            connection.execute("PRAGMA user_version = " + (step + 1));
            return true;
          });
    }
  }

  static void requireKnown(SqliteConnection connection, int version) {
    if (version > VERSION) {
      throw new StoreException(
          Reason.TOO_NEW,
          connection.file()
              + ": a later version of p2pchat has written this file (format "
              + version
              + ", and this version knows "
              + VERSION
              + "). Update p2pchat, or choose another directory.",
          null);
    }
  }
}
