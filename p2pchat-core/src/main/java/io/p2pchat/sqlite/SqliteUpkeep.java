package io.p2pchat.sqlite;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * The work that can wait: fills the full-text index, removes what is too old or too much, and gives
 * free space back. Each step is a transaction of about 50 ms or less. For the owner's thread only.
 */
final class SqliteUpkeep {
  private static final int INDEXED_ROWS = 1_000;
  private static final int EXPIRED_ROWS = 500;
  private static final int ADDED_ROWS = 4_096;
  private static final int FREED_PAGES = 1_000;
  private static final long BETWEEN_EXPIRIES = Duration.ofHours(1).toNanos();

  private final SqliteWriter writer;
  private final SqliteConnection connection;
  private final Retention retention;
  private final InstantSource clock;
  private long expireAfter;
  private long checkedRow;
  private long nextExpiry = System.nanoTime();

  /** How long settled messages are kept, and how large the file may be; null: for ever. */
  record Retention(@Nullable Duration time, @Nullable Long bytes) {}

  SqliteUpkeep(SqliteWriter writer, Retention retention, InstantSource clock) {
    this.writer = writer;
    this.connection = writer.connection();
    this.retention = retention;
    this.clock = clock;
  }

  /** Makes one step. Returns whether there is more to do. */
  boolean step() {
    boolean more =
        writer.run(() -> isTooLarge() && removeOldest())
            || writer.run(this::index)
            || writer.run(this::expire)
            || writer.run(this::free);
    if (!more) {
      writer.truncate();
    }
    return more;
  }

  private boolean isTooLarge() throws SQLException {
    Long most = retention.bytes;
    return most != null && bytes() > most;
  }

  private long bytes() throws SQLException {
    return (connection.number("PRAGMA page_count") - freePages())
        * connection.number("PRAGMA page_size");
  }

  private long freePages() throws SQLException {
    return connection.number("PRAGMA freelist_count");
  }

  /**
   * Keeps the file below its bound while so much comes that nothing is ever idle. Called before
   * each transaction. Looks after every {@value #ADDED_ROWS} new rows, and removes more than that.
   */
  void limit() {
    if (writer.lastRow() - checkedRow < ADDED_ROWS) {
      return;
    }
    checkedRow = writer.lastRow();
    for (int removed = 0; removed < 2 * ADDED_ROWS; removed += EXPIRED_ROWS) {
      if (!writer.run(() -> isTooLarge() && removeOldest())) {
        return;
      }
    }
  }

  private boolean removeOldest() throws SQLException {
    return remove(
        "row IN (SELECT row FROM message WHERE state NOT IN (0, 4) ORDER BY row LIMIT ?1)",
        EXPIRED_ROWS,
        0,
        0);
  }

  private boolean index() throws SQLException {
    long indexed = connection.number("SELECT value FROM counter WHERE name = 'indexed'");
    PreparedStatement last =
        connection.prepare(
            "SELECT max(row) FROM (SELECT row FROM message WHERE row > ?1 ORDER BY row LIMIT ?2)");
    last.setLong(1, indexed);
    last.setInt(2, INDEXED_ROWS);
    long upTo = number(last);
    if (upTo == 0) {
      return false;
    }
    return inTransaction(
        () -> {
          PreparedStatement fill =
              connection.prepare(
                  "INSERT INTO word (rowid, text, peer) SELECT row, text, peer FROM message"
                      + " WHERE row > ?1 AND row <= ?2");
          fill.setLong(1, indexed);
          fill.setLong(2, upTo);
          fill.executeUpdate();
          PreparedStatement count =
              connection.prepare("UPDATE counter SET value = ?1 WHERE name = 'indexed'");
          count.setLong(1, upTo);
          count.executeUpdate();
          return true;
        });
  }

  /** Removes settled messages that are too old, from the first row on until some are not. */
  private boolean expire() throws SQLException {
    if (retention.time == null || System.nanoTime() - nextExpiry < 0) {
      return false;
    }
    PreparedStatement last =
        connection.prepare(
            "SELECT max(row) FROM (SELECT row FROM message WHERE row > ?1 ORDER BY row LIMIT ?2)");
    last.setLong(1, expireAfter);
    last.setInt(2, EXPIRED_ROWS);
    long upTo = number(last);
    Instant now = clock.instant();
    long before = now.minus(retention.time).toEpochMilli();
    if (upTo > 0
        && (remove(
                "row > ?1 AND row <= ?2 AND time < ?3 AND state NOT IN (0, 4)",
                expireAfter,
                upTo,
                before)
            || !isWithin(upTo, before, now.toEpochMilli()))) {
      expireAfter = upTo;
      return true;
    }
    expireAfter = 0;
    nextExpiry = System.nanoTime() + BETWEEN_EXPIRIES;
    return false;
  }

  /** Returns whether the row is of that time, and not of a clock that was ahead. */
  private boolean isWithin(long row, long first, long last) throws SQLException {
    PreparedStatement count =
        connection.prepare("SELECT count(*) FROM message WHERE row = ? AND time BETWEEN ? AND ?");
    count.setLong(1, row);
    count.setLong(2, first);
    count.setLong(3, last);
    return number(count) > 0;
  }

  private boolean remove(String condition, long first, long second, long third)
      throws SQLException {
    return inTransaction(
        () -> {
          PreparedStatement unindex =
              connection.prepare(
                  "INSERT INTO word (word, rowid, text, peer)"
                      + " SELECT 'delete', row, text, peer FROM message WHERE "
                      + condition
                      + " AND row <= (SELECT value FROM counter WHERE name = 'indexed')");
          set(unindex, condition, first, second, third);
          unindex.executeUpdate();
          PreparedStatement delete = connection.prepare("DELETE FROM message WHERE " + condition);
          set(delete, condition, first, second, third);
          boolean some = delete.executeUpdate() > 0;
          if (some) {
            writer.forgetPeers();
          }
          return some;
        });
  }

  private static void set(
      PreparedStatement statement, String condition, long first, long second, long third)
      throws SQLException {
    statement.setLong(1, first);
    if (condition.contains("?3")) {
      statement.setLong(2, second);
      statement.setLong(3, third);
    }
  }

  private boolean free() throws SQLException {
    if (freePages() == 0) {
      return false;
    }
    connection.execute("PRAGMA incremental_vacuum(" + FREED_PAGES + ")");
    return freePages() > 0;
  }

  private interface Work {
    boolean run() throws SQLException;
  }

  private boolean inTransaction(Work work) throws SQLException {
    connection.execute("BEGIN IMMEDIATE");
    try {
      boolean more = work.run();
      connection.execute("COMMIT");
      return more;
    } catch (SQLException e) {
      connection.rollBack();
      throw e;
    }
  }

  private static long number(PreparedStatement query) throws SQLException {
    try (ResultSet result = query.executeQuery()) {
      return result.next() ? result.getLong(1) : 0;
    }
  }
}
