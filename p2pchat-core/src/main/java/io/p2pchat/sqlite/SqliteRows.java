package io.p2pchat.sqlite;

import io.p2pchat.Conversation;
import io.p2pchat.Fingerprint;
import io.p2pchat.PeerAddress;
import io.p2pchat.StoredMessage;
import io.p2pchat.StoredMessage.State;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Messages as rows of the table {@code message}. */
final class SqliteRows {
  private static final int SENT_TO = 15;

  /** The states by their numbers in the table, which never change. */
  private static final List<State> STATES =
      List.of(State.KEPT, State.DELIVERED, State.WRITTEN, State.FAILED, State.UNTAKEN, State.TAKEN);

  // Conditions in the words of the indexes, which are used for no others.
  static final String KEPT = "state = 0";
  static final String UNTAKEN = "state = 4";

  /** The condition of messages that may be removed. */
  static final String SETTLED = "state NOT IN (0, 4)";

  /** The start of a query whose rows {@link #read} reads. */
  static final String SELECT =
      "SELECT m.row, p.key, p.address, m.state, m.text, m.time, m.claimed, m.team, m.address, m.id,"
          + " o.name, m.number, m.expiry, m.failure FROM message m JOIN peer p ON p.id = m.peer"
          + " LEFT JOIN outbox o ON o.id = m.outbox ";

  /**
   * All kept messages, by row, with what only the owner of the store needs. With the sign, SQLite
   * sorts the few rows of the index. Else it scans the whole table in its order.
   */
  static final String SELECT_KEPT =
      SELECT.replace(" FROM message", ", m.sent_to FROM message")
          + "WHERE m."
          + KEPT
          + " ORDER BY +m.row";

  static final String INSERT =
      "INSERT INTO message (row, peer, state, text, time, claimed, team, address, id, outbox,"
          + " number, expiry, failure, sent_to) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

  private SqliteRows() {}

  static int number(State state) {
    return STATES.indexOf(state);
  }

  /** Returns the number of a peer in its table; 0 if there is none. */
  static long peer(SqliteConnection connection, Conversation conversation) throws SQLException {
    PreparedStatement find =
        connection.prepare(
            conversation.key().isPresent()
                ? "SELECT id FROM peer WHERE key = ?"
                : "SELECT id FROM peer WHERE address = ?");
    set(find, conversation);
    return SqliteConnection.number(find);
  }

  /** Sets the only parameter, a key or an address. */
  static void set(PreparedStatement statement, Conversation conversation) throws SQLException {
    if (conversation.key().isPresent()) {
      statement.setBytes(1, bytes(conversation.key().get()));
    } else {
      statement.setString(1, conversation.address().map(PeerAddress::toString).orElseThrow());
    }
  }

  static byte[] bytes(Fingerprint key) {
    return HexFormat.of().parseHex(key.toString().replace("-", ""));
  }

  /** Reads all rows of a query that begins with {@link #SELECT}. */
  static List<StoredMessage> read(PreparedStatement query) throws SQLException {
    List<StoredMessage> messages = new ArrayList<>();
    try (ResultSet row = query.executeQuery()) {
      boolean ofOwner = row.getMetaData().getColumnCount() > SENT_TO - 1;
      while (row.next()) {
        StoredMessage.Builder message = message(row);
        if (ofOwner) {
          message.sentTo(address(row.getString(SENT_TO)));
        }
        messages.add(message.build());
      }
    }
    return messages;
  }

  static StoredMessage.Builder message(ResultSet row) throws SQLException {
    StoredMessage.Builder message =
        StoredMessage.builder(
                conversation(row.getBytes(2), row.getString(3)),
                STATES.get(row.getInt(4)),
                row.getString(5),
                Instant.ofEpochMilli(row.getLong(6)))
            .row(row.getLong(1))
            .claimedTime(time(row, 7))
            .teamName(row.getString(8))
            .address(address(row.getString(9)))
            .id(row.getString(10))
            .expiry(time(row, 13))
            .failure(row.getString(14));
    String outbox = row.getString(11);
    return outbox == null ? message : message.number(outbox, row.getLong(12));
  }

  static Conversation conversation(byte @Nullable [] key, @Nullable String address) {
    return key != null
        ? Conversation.of(Fingerprint.parse(HexFormat.of().formatHex(key)))
        : Conversation.of(parse(String.valueOf(address)));
  }

  private static @Nullable PeerAddress address(@Nullable String text) {
    return text == null ? null : parse(text);
  }

  /** Reads an address without its zone if that is no interface of this computer, or not now. */
  private static PeerAddress parse(String text) {
    try {
      return PeerAddress.parse(text);
    } catch (IllegalArgumentException e) {
      return PeerAddress.parse(text.replaceFirst("%[^\\]]*", ""));
    }
  }

  private static @Nullable Instant time(ResultSet row, int column) throws SQLException {
    long millis = row.getLong(column);
    return row.wasNull() ? null : Instant.ofEpochMilli(millis);
  }

  /** Sets the parameters of {@link #INSERT}. */
  static void set(PreparedStatement insert, StoredMessage message, long row, long peer, long outbox)
      throws SQLException {
    insert.setLong(1, row);
    insert.setLong(2, peer);
    insert.setInt(3, number(message.state()));
    insert.setString(4, message.text());
    insert.setLong(5, message.time().toEpochMilli());
    set(insert, 6, message.claimedTime().orElse(null));
    insert.setString(7, message.teamName().orElse(null));
    insert.setString(8, message.address().map(PeerAddress::toString).orElse(null));
    insert.setString(9, message.id().orElse(null));
    if (outbox == 0) {
      insert.setNull(10, Types.INTEGER);
      insert.setNull(11, Types.INTEGER);
    } else {
      insert.setLong(10, outbox);
      insert.setLong(11, message.number());
    }
    set(insert, 12, message.expiry().orElse(null));
    insert.setString(13, message.failure().orElse(null));
    insert.setString(14, message.sentTo().map(PeerAddress::toString).orElse(null));
  }

  private static void set(PreparedStatement insert, int parameter, @Nullable Instant time)
      throws SQLException {
    if (time == null) {
      insert.setNull(parameter, Types.INTEGER);
    } else {
      insert.setLong(parameter, time.toEpochMilli());
    }
  }
}
