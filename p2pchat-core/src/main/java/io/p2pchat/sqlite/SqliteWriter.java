package io.p2pchat.sqlite;

import io.p2pchat.Conversation;
import io.p2pchat.Fingerprint;
import io.p2pchat.MessageStore;
import io.p2pchat.StoreException;
import io.p2pchat.StoreTransaction;
import io.p2pchat.StoredMessage;
import io.p2pchat.StoredMessage.State;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The owner's connection, and its transactions, one after the other. After a failure it is of no
 * use any more: it is closed, and another one begins with what is on the disk.
 */
final class SqliteWriter implements StoreTransaction, AutoCloseable {
  /** For larger conversations, the whole index is emptied and filled again when idle. */
  private static final int MOST_UNINDEXED_ONE_BY_ONE = 1_000;

  private static final int MOST_CACHED = 1_024;
  private static final int FORGOTTEN_AT_ONCE = 4_096;

  private final StoreFiles files;
  private final SqliteConnection connection;
  private final Map<Conversation, Long> peers = new HashMap<>();
  private final Map<String, Long> outboxes = new HashMap<>();

  /** What was received, or named, in this transaction. */
  private final Map<ReceivedFrom, Received> received = new LinkedHashMap<>();

  /** What is still to be done to rows that follow each other: one statement is far faster. */
  private @Nullable Settling settling;

  private long settlingFrom;
  private long settlingTo;

  private long lastRow;

  /** Whether the next commit stores {@link #lastRow}, because the database has no such row. */
  private boolean countsRow;

  private long lastNamed;
  private long storedNamed;
  private boolean open;
  private boolean deletes;
  private boolean deletesAll;
  private boolean truncate;
  private @Nullable StoreException failure;

  private record Settling(State from, State to, String reason) {}

  private record ReceivedFrom(Fingerprint key, String outbox) {}

  private static final class Received {
    private final boolean known;
    private final long namedBefore;
    private long number;
    private long named;

    Received(long number, long namedBefore) {
      this.known = number > 0;
      this.namedBefore = namedBefore;
      this.number = number;
    }
  }

  /** Starts after the last row of the database, or after another one if that is higher. */
  SqliteWriter(StoreFiles files, SqliteConnection connection, long lastRow) throws SQLException {
    this.files = files;
    this.connection = connection;
    long stored =
        Math.max(
            connection.number("SELECT value FROM counter WHERE name = 'row'"),
            connection.number("SELECT max(row) FROM message"));
    this.lastRow = Math.max(lastRow, stored);
    this.countsRow = lastRow > stored;
    this.lastNamed = connection.number("SELECT value FROM counter WHERE name = 'named'");
    this.storedNamed = lastNamed;
  }

  long lastRow() {
    return lastRow;
  }

  SqliteConnection connection() {
    return connection;
  }

  @Nullable StoreException failure() {
    return failure;
  }

  /** Runs a part of a transaction. */
  <T> T run(SqliteConnection.Work<T> work) {
    try {
      return work.run();
    } catch (SQLException e) {
      failure = StoreErrors.of(connection.file(), e);
      throw failure;
    }
  }

  void begin() {
    run(
        () -> {
          connection.begin();
          return true;
        });
    open = true;
  }

  @Override
  public long add(StoredMessage message) {
    return run(
        () -> {
          long peer = peer(message.conversation());
          // Only of kept messages, the number is needed again.
          long outbox = message.state() == State.KEPT ? outbox(message) : 0;
          PreparedStatement insert = connection.prepare(SqliteRows.INSERT);
          SqliteRows.set(insert, message, lastRow + 1, peer, outbox);
          insert.executeUpdate();
          return ++lastRow;
        });
  }

  private long peer(Conversation conversation) throws SQLException {
    Long cached = peers.get(conversation);
    if (cached != null) {
      return cached;
    }
    long found = SqliteRows.peer(connection, conversation);
    long id = found == 0 ? newPeer(conversation) : found;
    return cached(peers, conversation, id);
  }

  private long newPeer(Conversation conversation) throws SQLException {
    PreparedStatement insert =
        connection.prepare(
            conversation.key().isPresent()
                ? "INSERT INTO peer (key) VALUES (?) RETURNING id"
                : "INSERT INTO peer (address) VALUES (?) RETURNING id");
    SqliteRows.set(insert, conversation);
    return SqliteConnection.number(insert);
  }

  private long outbox(StoredMessage message) throws SQLException {
    String name = message.outboxId().orElse(null);
    if (name == null) {
      return 0;
    }
    Long cached = outboxes.get(name);
    if (cached != null) {
      return cached;
    }
    long found = findOutbox(name);
    if (found == 0) {
      PreparedStatement insert =
          connection.prepare("INSERT INTO outbox (name) VALUES (?) RETURNING id");
      insert.setString(1, name);
      found = SqliteConnection.number(insert);
    }
    return cached(outboxes, name, found);
  }

  private long findOutbox(String name) throws SQLException {
    PreparedStatement find = connection.prepare("SELECT id FROM outbox WHERE name = ?");
    find.setString(1, name);
    return SqliteConnection.number(find);
  }

  private static <K> long cached(Map<K, Long> cache, K key, long id) {
    if (cache.size() >= MOST_CACHED) {
      cache.clear();
    }
    cache.put(key, id);
    return id;
  }

  @Override
  public long receive(StoredMessage message) {
    Received before =
        receivedFrom(message.conversation().key().orElseThrow(), message.outboxId().orElseThrow());
    if (message.number() <= before.number) {
      return 0;
    }
    before.number = message.number();
    // One that was named last of all is not named anew: that would be two pages more.
    if (before.named == 0 && before.namedBefore != lastNamed) {
      before.named = ++lastNamed;
    }
    return add(message);
  }

  @Override
  public long received(Fingerprint key, String outboxId) {
    Received found = receivedFrom(key, outboxId);
    found.named = ++lastNamed;
    return found.number;
  }

  private Received receivedFrom(Fingerprint key, String outboxId) {
    ReceivedFrom from = new ReceivedFrom(key, outboxId);
    Received known = received.get(from);
    if (known == null) {
      known = run(() -> findReceived(from));
      received.put(from, known);
    }
    return known;
  }

  private Received findReceived(ReceivedFrom from) throws SQLException {
    PreparedStatement find =
        connection.prepare(
            "SELECT number, named FROM received WHERE outbox = ?"
                + " AND peer = (SELECT id FROM peer WHERE key = ?)");
    find.setString(1, from.outbox);
    find.setBytes(2, SqliteRows.bytes(from.key));
    try (ResultSet row = find.executeQuery()) {
      return row.next() ? new Received(row.getLong(1), row.getLong(2)) : new Received(0, -1);
    }
  }

  private void storeReceived() throws SQLException {
    Set<Long> withNew = new HashSet<>();
    for (Map.Entry<ReceivedFrom, Received> entry : received.entrySet()) {
      Received now = entry.getValue();
      if (now.number > 0) {
        long peer = peer(Conversation.of(entry.getKey().key));
        storeReceived(peer, entry.getKey().outbox, now);
        if (!now.known) {
          withNew.add(peer);
        }
      }
    }
    for (long peer : withNew) {
      forgetReceived(peer);
    }
    if (!withNew.isEmpty()) {
      forgetReceived();
    }
  }

  private void storeReceived(long peer, String outbox, Received now) throws SQLException {
    PreparedStatement put =
        connection.prepare(
            now.named == 0
                ? "UPDATE received SET number = ?3 WHERE peer = ?1 AND outbox = ?2"
                : "INSERT INTO received (peer, outbox, number, named) VALUES (?1, ?2, ?3, ?4)"
                    + " ON CONFLICT DO UPDATE SET number = excluded.number, named = excluded.named");
    put.setLong(1, peer);
    put.setString(2, outbox);
    put.setLong(3, now.number);
    if (now.named > 0) {
      put.setLong(4, now.named);
    }
    put.executeUpdate();
  }

  private void forgetReceived(long peer) throws SQLException {
    PreparedStatement forget =
        connection.prepare(
            "DELETE FROM received WHERE peer = ?1 AND named <= (SELECT named FROM received"
                + " WHERE peer = ?1 ORDER BY named DESC LIMIT 1 OFFSET "
                + MessageStore.OUTBOXES_PER_KEY
                + ")");
    forget.setLong(1, peer);
    forget.executeUpdate();
  }

  /** Forgets some more than there are too many, so that this is not to be done for each new one. */
  private void forgetReceived() throws SQLException {
    long most = MessageStore.OUTBOXES_IN_ALL;
    long all = connection.number("SELECT count(*) FROM received");
    if (all <= most) {
      return;
    }
    PreparedStatement forget =
        connection.prepare(
            "DELETE FROM received WHERE (peer, outbox) IN (SELECT r.peer, r.outbox"
                + " FROM received r JOIN peer p ON p.id = r.peer ORDER BY p.own > 0 OR EXISTS"
                + " (SELECT 1 FROM message WHERE peer = p.id AND "
                + SqliteRows.KEPT
                + "), r.named LIMIT ?)");
    forget.setLong(1, all - most + FORGOTTEN_AT_ONCE);
    forget.executeUpdate();
    forgetPeers();
  }

  @Override
  public void end(long row, State state, String reason) {
    settle(row, new Settling(State.KEPT, state, reason));
  }

  @Override
  public void taken(long row) {
    settle(row, new Settling(State.UNTAKEN, State.TAKEN, ""));
  }

  private void settle(long row, Settling how) {
    if (!how.equals(settling) || row != settlingTo + 1) {
      run(this::settle);
      settling = how;
      settlingFrom = row;
    }
    settlingTo = row;
  }

  private int settle() throws SQLException {
    Settling how = settling;
    if (how == null) {
      return 0;
    }
    settling = null;
    PreparedStatement update =
        connection.prepare(
            "UPDATE message SET state = ?, failure = ?, outbox = NULL, number = NULL,"
                + " expiry = NULL, sent_to = NULL WHERE row BETWEEN ? AND ? AND state = ?");
    update.setInt(1, SqliteRows.number(how.to));
    update.setString(2, how.reason.isEmpty() ? null : how.reason);
    update.setLong(3, settlingFrom);
    update.setLong(4, settlingTo);
    update.setInt(5, SqliteRows.number(how.from));
    return update.executeUpdate();
  }

  @Override
  public void delete(Conversation conversation) {
    run(
        () -> {
          long peer = SqliteRows.peer(connection, conversation);
          deletes = true;
          PreparedStatement count =
              connection.prepare("SELECT count(*) FROM message WHERE peer = ?");
          count.setLong(1, peer);
          if (SqliteConnection.number(count) > MOST_UNINDEXED_ONE_BY_ONE) {
            emptyIndex();
          }
          remove("peer = ?1", peer);
          return forgetPeers();
        });
  }

  /** Removes messages, also from the index. Returns how many. */
  int remove(String condition, long... values) throws SQLException {
    PreparedStatement unindex =
        connection.prepare(
            "INSERT INTO word (word, rowid, text, peer)"
                + " SELECT 'delete', row, text, peer FROM message WHERE "
                + condition
                + " AND row <= "
                + SqliteSchema.INDEXED);
    PreparedStatement delete = connection.prepare("DELETE FROM message WHERE " + condition);
    for (int i = 0; i < values.length; i++) {
      unindex.setLong(i + 1, values[i]);
      delete.setLong(i + 1, values[i]);
    }
    unindex.executeUpdate();
    int removed = delete.executeUpdate();
    if (removed > 0) {
      count("row", lastRow);
    }
    return removed;
  }

  void emptyIndex() throws SQLException {
    connection.execute("INSERT INTO word (word) VALUES ('delete-all')");
    connection.execute("UPDATE counter SET value = 0 WHERE name = 'indexed'");
  }

  /** Forgets peers without messages, but not those with received numbers. Returns how many. */
  int forgetPeers() throws SQLException {
    peers.clear();
    return connection
        .prepare(
            "DELETE FROM peer WHERE bytes = 0"
                + " AND NOT EXISTS (SELECT 1 FROM received WHERE peer = peer.id)"
                + " AND NOT EXISTS (SELECT 1 FROM message WHERE peer = peer.id)")
        .executeUpdate();
  }

  @Override
  public void deleteAll() {
    run(
        () -> {
          deletes = true;
          deletesAll = true;
          emptyIndex();
          count("row", lastRow);
          connection.execute("DELETE FROM message");
          return forgetPeers();
        });
  }

  @Override
  public void commit() {
    run(
        () -> {
          settle();
          storeReceived();
          if (countsRow) {
            count("row", lastRow);
          }
          if (lastNamed != storedNamed) {
            count("named", lastNamed);
          }
          connection.commit();
          return true;
        });
    open = false;
    countsRow = false;
    storedNamed = lastNamed;
    received.clear();
    if (deletes) {
      truncate = true;
      truncate();
    }
    if (deletesAll) {
      files.deleteAside();
    }
    deletes = false;
    deletesAll = false;
  }

  /** Stores a counter, which is a page more. That of the rows is needed where rows are removed. */
  private void count(String name, long value) throws SQLException {
    PreparedStatement update =
        connection.prepare("UPDATE counter SET value = ? WHERE name = ? AND value <> ?");
    update.setLong(1, value);
    update.setString(2, name);
    update.setLong(3, value);
    update.executeUpdate();
  }

  /**
   * Empties the log of the database if it still has what was deleted. A reader can prevent that:
   * then the next call does it.
   */
  void truncate() {
    if (truncate) {
      truncate = run(() -> connection.number("PRAGMA wal_checkpoint(TRUNCATE)")) != 0;
    }
  }

  @Override
  public void close() {
    if (open) {
      open = false;
      connection.rollBack();
      peers.clear();
      outboxes.clear();
      received.clear();
      settling = null;
      deletes = false;
      deletesAll = false;
    }
  }

  /** Forgets the own outboxes of which nothing is kept. */
  void forgetOutboxes() {
    run(
        () ->
            connection
                .prepare(
                    "DELETE FROM outbox WHERE id NOT IN"
                        + " (SELECT outbox FROM message WHERE outbox IS NOT NULL AND "
                        + SqliteRows.KEPT
                        + ")")
                .executeUpdate());
  }

  /** Reads all kept messages, by row. */
  List<StoredMessage> kept() {
    return run(() -> SqliteRows.read(connection.prepare(SqliteRows.SELECT_KEPT)));
  }

  /** Reads the conversations with untaken messages. */
  List<Conversation> untaken() {
    return run(
        () -> {
          List<Conversation> found = new ArrayList<>();
          try (ResultSet row =
              connection
                  .prepare(
                      "SELECT p.key, p.address, min(m.row) FROM message m JOIN peer p"
                          + " ON p.id = m.peer WHERE m."
                          + SqliteRows.UNTAKEN
                          + " GROUP BY m.peer ORDER BY 3")
                  .executeQuery()) {
            while (row.next()) {
              found.add(SqliteRows.conversation(row.getBytes(1), row.getString(2)));
            }
          }
          return found;
        });
  }
}
