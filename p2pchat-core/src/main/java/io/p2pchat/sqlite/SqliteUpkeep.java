package io.p2pchat.sqlite;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The work that can wait: fills the full-text index, removes what is too old or too much, and gives
 * free space back. Each step is a transaction of about 50 ms or less. For the owner's thread only.
 */
final class SqliteUpkeep {
  private static final int INDEXED_ROWS = 1_000;

  /** Far fewer than others: overwriting a message in the index takes over a millisecond. */
  private static final int EXPIRED_ROWS = 20;

  private static final int LOOKED_AT_ROWS = 500;
  private static final int REMOVED_ROWS = 500;

  /** What part of the messages goes when the file is too large. */
  private static final int REMOVED_PART = 16;

  /** What part of the limit is left to messages that may be removed. */
  private static final int RESERVED_PART = 4;

  private static final int ADDED_ROWS = 256;
  private static final int FREED_PAGES = 1_000;

  /** About the bytes of a received number in the file, with the row of its peer. */
  private static final int RECEIVED_BYTES = 256;

  private static final long BETWEEN_EXPIRIES = Duration.ofHours(1).toNanos();

  private final SqliteWriter writer;
  private final SqliteConnection connection;
  private final Retention retention;
  private final InstantSource clock;
  private long expireAfter;
  private long checkedRow;
  private long toRemove;
  private long nextExpiry = System.nanoTime();

  /** How long settled messages are kept, and how large the file may be; null: for ever. */
  record Retention(@Nullable Duration time, @Nullable Long bytes) {}

  SqliteUpkeep(SqliteWriter writer, Retention retention, InstantSource clock) {
    this.writer = writer;
    this.connection = writer.connection();
    this.retention = retention;
    this.clock = clock;
    this.checkedRow = writer.lastRow();
  }

  SqliteWriter writer() {
    return writer;
  }

  /** Makes one step. Returns whether there is more to do. */
  boolean step() {
    boolean more =
        writer.run(this::shrink)
            || writer.run(this::index)
            || writer.run(this::expire)
            || writer.run(this::free);
    if (!more) {
      writer.truncate();
    }
    return more;
  }

  /**
   * Received numbers do not count: a peer can name many, and they have a bound. Messages that still
   * wait are not removed, but they leave a part of the limit to the others.
   */
  private boolean isTooLarge() throws SQLException {
    Long most = retention.bytes;
    return most != null
        && bytes() > most
        && bytes() - RECEIVED_BYTES * connection.number("SELECT count(*) FROM received") > most
        && messageBytes() > most / RESERVED_PART;
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
   * each transaction. Looks after every {@value #ADDED_ROWS} new rows or more, and removes up to
   * twice as many.
   */
  void limit() {
    long added = writer.lastRow() - checkedRow;
    if (added < ADDED_ROWS) {
      return;
    }
    checkedRow = writer.lastRow();
    for (int removed = 0; removed < 2 * added; removed += REMOVED_ROWS) {
      if (!writer.run(this::shrink)) {
        return;
      }
    }
  }

  /**
   * Removes a part of the messages if the file is too large, a little at each call. The index is
   * emptied for that, and filled again later. That is rare, and much faster than overwriting each
   * message in it.
   */
  private boolean shrink() throws SQLException {
    if (toRemove <= 0) {
      if (!isTooLarge()) {
        return false;
      }
      toRemove = messageBytes() / REMOVED_PART + 1;
    }
    long removed = removeFromLargest();
    toRemove = removed == 0 ? 0 : toRemove - removed;
    return removed > 0;
  }

  private long messageBytes() throws SQLException {
    return connection.number("SELECT sum(bytes) FROM peer");
  }

  /**
   * Removes the oldest messages of a conversation. There are two groups: the conversations in which
   * the user has written something, and all others. It is the largest conversation of the larger
   * group. So a stranger keeps at most half, whatever names it uses. Returns how many bytes.
   */
  private long removeFromLargest() throws SQLException {
    List<Long> largest = new ArrayList<>();
    PreparedStatement select =
        connection.prepare(
            "SELECT id FROM peer WHERE bytes > 0"
                + " ORDER BY sum(bytes) OVER (PARTITION BY own > 0) DESC, bytes DESC LIMIT ?");
    select.setInt(1, REMOVED_ROWS);
    try (ResultSet row = select.executeQuery()) {
      while (row.next()) {
        largest.add(row.getLong(1));
      }
    }
    if (largest.isEmpty()) {
      return 0;
    }
    return connection.inTransaction(
        () -> {
          long before = messageBytes();
          if (connection.number("SELECT " + SqliteSchema.INDEXED) > 0) {
            writer.emptyIndex();
          }
          int removed = 0;
          for (int i = 0; i < largest.size() && removed < REMOVED_ROWS; i++) {
            removed +=
                writer.remove(
                    "row IN (SELECT row FROM message WHERE peer = ?1 AND "
                        + SqliteRows.SETTLED
                        + " ORDER BY row LIMIT ?2)",
                    largest.get(i),
                    REMOVED_ROWS - removed);
          }
          writer.forgetPeers();
          return before - messageBytes();
        });
  }

  private boolean index() throws SQLException {
    long indexed = connection.number("SELECT " + SqliteSchema.INDEXED);
    PreparedStatement last =
        connection.prepare(
            "SELECT max(row) FROM (SELECT row FROM message WHERE row > ?1 ORDER BY row LIMIT ?2)");
    last.setLong(1, indexed);
    last.setInt(2, INDEXED_ROWS);
    long upTo = SqliteConnection.number(last);
    if (upTo == 0) {
      return false;
    }
    return connection.inTransaction(
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
    last.setInt(2, LOOKED_AT_ROWS);
    long upTo = SqliteConnection.number(last);
    Instant now = clock.instant();
    long before = now.minus(retention.time).toEpochMilli();
    if (upTo > 0) {
      if (expire(upTo, before)) {
        return true;
      }
      if (!isWithin(upTo, before, now.toEpochMilli())) {
        expireAfter = upTo;
        return true;
      }
    }
    expireAfter = 0;
    nextExpiry = System.nanoTime() + BETWEEN_EXPIRIES;
    return false;
  }

  private boolean expire(long upTo, long before) throws SQLException {
    return connection.inTransaction(
        () -> {
          int removed =
              writer.remove(
                  "row IN (SELECT row FROM message WHERE row > ?1 AND row <= ?2 AND time < ?3 AND "
                      + SqliteRows.SETTLED
                      + " ORDER BY row LIMIT ?4)",
                  expireAfter,
                  upTo,
                  before,
                  EXPIRED_ROWS);
          if (removed > 0) {
            writer.forgetPeers();
          }
          return removed > 0;
        });
  }

  /** Returns whether the row is of that time, and not of a clock that was ahead. */
  private boolean isWithin(long row, long first, long last) throws SQLException {
    PreparedStatement count =
        connection.prepare("SELECT count(*) FROM message WHERE row = ? AND time BETWEEN ? AND ?");
    count.setLong(1, row);
    count.setLong(2, first);
    count.setLong(3, last);
    return SqliteConnection.number(count) > 0;
  }

  private boolean free() throws SQLException {
    if (freePages() == 0) {
      return false;
    }
    connection.execute("PRAGMA incremental_vacuum(" + FREED_PAGES + ")");
    return freePages() > 0;
  }
}
