package io.p2pchat.sqlite;

import io.p2pchat.Conversation;
import io.p2pchat.HistoryQuery;
import io.p2pchat.StoreException;
import io.p2pchat.StoreException.Reason;
import io.p2pchat.StoredMessage;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads beside the owner. Thread-safe: one read at a time. */
final class SqliteReader {
  /** The first version of the tables with an index. */
  private static final int WITH_INDEX = 2;

  private static final int SCANNED_ROWS = 256;

  private final StoreFiles files;
  private final Path file;
  private @Nullable SqliteConnection connection;
  private volatile @Nullable StoreException damage;

  SqliteReader(StoreFiles files) {
    this.files = files;
    this.file = files.database();
  }

  /** Returns what a read has found to be damaged in the file, or null. */
  @Nullable StoreException damage() {
    return damage;
  }

  /** Forgets the file, which is replaced. The next read opens the new one. */
  synchronized void close() {
    damage = null;
    disconnect();
  }

  private void disconnect() {
    if (connection != null) {
      connection.close();
      connection = null;
    }
  }

  private interface Work<T> {
    T run(SqliteConnection connection) throws SQLException;
  }

  /** All parts of a read see the same commit. */
  private synchronized <T> T read(T nothing, Work<T> work) {
    try {
      if (connection == null) {
        // Native code is loaded from there. An empty file is a database without tables.
        if (!files.haveDatabase()) {
          return nothing;
        }
        connection = SqliteConnection.forReading(file);
      }
      SqliteConnection opened = connection;
      opened.begin();
      try {
        int version = SqliteSchema.version(opened);
        SqliteSchema.requireKnown(opened, version);
        return version == 0 ? nothing : work.run(opened);
      } finally {
        opened.rollBack();
      }
    } catch (SQLException e) {
      disconnect();
      StoreException failure = StoreErrors.of(file, e);
      if (failure.reason() == Reason.CORRUPT) {
        damage = failure;
      }
      throw failure;
    } catch (LinkageError e) {
      throw StoreErrors.noDriver(file, e);
    }
  }

  List<StoredMessage> messages(HistoryQuery query) {
    return read(List.of(), opened -> messages(opened, query));
  }

  private static List<StoredMessage> messages(SqliteConnection opened, HistoryQuery query)
      throws SQLException {
    long peer = 0;
    if (query.conversation().isPresent()) {
      peer = SqliteRows.peer(opened, query.conversation().get());
      if (peer == 0) {
        return List.of();
      }
    }
    Page page = new Page(query, peer, query.after(), query.before());
    if (Words.areNone(query.words())) {
      return inOrder(query, page(opened, page));
    }
    try (Words words = Words.of(query.words())) {
      return inOrder(query, search(opened, page, words));
    }
  }

  private static List<StoredMessage> inOrder(HistoryQuery query, List<StoredMessage> found) {
    if (!query.forward()) {
      Collections.reverse(found);
    }
    return List.copyOf(found);
  }

  /** The conditions of a query, within other bounds of the rows. */
  private record Page(HistoryQuery query, long peer, long after, long before) {
    long since() {
      return query.since().map(time -> time.toEpochMilli()).orElse(Long.MIN_VALUE);
    }

    /** The number is in the text, so that SQLite finds the index of the state. */
    String state() {
      return query.state().map(it -> "m.state = " + SqliteRows.number(it) + " AND ").orElse("");
    }

    String order() {
      return query.forward() ? " ASC" : " DESC";
    }
  }

  private static List<StoredMessage> page(SqliteConnection opened, Page page) throws SQLException {
    PreparedStatement select = opened.prepare(rows(page) + " LIMIT ?");
    int next = set(select, page);
    select.setInt(next, page.query.limit());
    return SqliteRows.read(select);
  }

  private static String rows(Page page) {
    return SqliteRows.SELECT
        + "WHERE "
        + page.state()
        + (page.peer == 0 ? "" : "m.peer = ? AND ")
        + "m.row > ? AND m.row < ? AND m.time >= ? ORDER BY m.row"
        + page.order();
  }

  private static int set(PreparedStatement select, Page page) throws SQLException {
    int next = 1;
    if (page.peer != 0) {
      select.setLong(next++, page.peer);
    }
    select.setLong(next++, page.after);
    select.setLong(next++, page.before);
    select.setLong(next++, page.since());
    return next;
  }

  /** Searches what is indexed in the index, and scans the rest. */
  private static List<StoredMessage> search(SqliteConnection opened, Page page, Words words)
      throws SQLException {
    long indexed =
        SqliteSchema.version(opened) < WITH_INDEX
            ? 0
            : opened.number("SELECT " + SqliteSchema.INDEXED);
    Page in = new Page(page.query, page.peer, page.after, Math.min(page.before, indexed + 1));
    Page rest = new Page(page.query, page.peer, Math.max(page.after, indexed), page.before);
    List<StoredMessage> found = new ArrayList<>();
    if (page.query.forward()) {
      searchIndex(opened, in, words, found);
      scan(opened, rest, words, found);
    } else {
      scan(opened, rest, words, found);
      searchIndex(opened, in, words, found);
    }
    return found;
  }

  private static void scan(
      SqliteConnection opened, Page page, Words words, List<StoredMessage> found)
      throws SQLException {
    if (found.size() >= page.query.limit() || page.after >= page.before) {
      return;
    }
    PreparedStatement select = opened.prepare(rows(page));
    set(select, page);
    List<StoredMessage> next = new ArrayList<>();
    try (ResultSet row = select.executeQuery()) {
      boolean more = true;
      while (more && found.size() < page.query.limit()) {
        more = row.next();
        if (more) {
          next.add(SqliteRows.message(row).build());
        }
        if (!more || next.size() == SCANNED_ROWS) {
          addMatching(next, words, page.query.limit(), found);
          next.clear();
        }
      }
    }
  }

  private static void addMatching(
      List<StoredMessage> messages, Words words, int limit, List<StoredMessage> found)
      throws SQLException {
    Set<Integer> matching = words.in(messages.stream().map(StoredMessage::text).toList());
    for (int i = 0; i < messages.size() && found.size() < limit; i++) {
      if (matching.contains(i)) {
        found.add(messages.get(i));
      }
    }
  }

  private static void searchIndex(
      SqliteConnection opened, Page page, Words words, List<StoredMessage> found)
      throws SQLException {
    int left = page.query.limit() - found.size();
    if (left <= 0 || page.after >= page.before - 1) {
      return;
    }
    PreparedStatement select =
        opened.prepare(
            SqliteRows.SELECT
                + "JOIN word w ON w.rowid = m.row WHERE "
                + page.state()
                + "word MATCH ? AND w.rowid > ? AND w.rowid < ? AND m.time >= ? ORDER BY w.rowid"
                + page.order()
                + " LIMIT ?");
    select.setString(1, words.query() + (page.peer == 0 ? "" : " AND peer : " + page.peer));
    select.setLong(2, page.after);
    select.setLong(3, page.before);
    select.setLong(4, page.since());
    select.setInt(5, left);
    found.addAll(SqliteRows.read(select));
  }

  List<StoredMessage> conversations(int limit) {
    return read(
        List.of(),
        opened -> {
          PreparedStatement select =
              opened.prepare(
                  SqliteRows.SELECT
                      + "WHERE m.row IN (SELECT (SELECT max(row) FROM message WHERE peer = peer.id)"
                      + " FROM peer) ORDER BY m.row DESC LIMIT ?");
          select.setInt(1, limit);
          return List.copyOf(SqliteRows.read(select));
        });
  }

  List<StoredMessage> untaken(Conversation conversation, long after, int limit) {
    return read(
        List.of(),
        opened -> {
          PreparedStatement select =
              opened.prepare(
                  SqliteRows.SELECT
                      + "WHERE m."
                      + SqliteRows.UNTAKEN
                      + " AND m.peer = ? AND m.row > ? ORDER BY m.row LIMIT ?");
          select.setLong(1, SqliteRows.peer(opened, conversation));
          select.setLong(2, after);
          select.setInt(3, limit);
          return List.copyOf(SqliteRows.read(select));
        });
  }
}
