package io.p2pchat.sqlite;

import io.p2pchat.Conversation;
import io.p2pchat.HistoryQuery;
import io.p2pchat.MessageStore;
import io.p2pchat.StoreException;
import io.p2pchat.StoreException.Reason;
import io.p2pchat.StoreState;
import io.p2pchat.StoreTransaction;
import io.p2pchat.StoredMessage;
import io.p2pchat.sqlite.SqliteUpkeep.Retention;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A store of messages in the file {@code messages.db} of a directory, by SQLite. Only the owner may
 * access the directory and its files. The messages in it are not encrypted.
 *
 * <p>Your program needs {@code org.xerial:sqlite-jdbc} on its class path or module path. The native
 * library of SQLite is unpacked into the directory, unless the system property {@code
 * org.sqlite.tmpdir} names another one.
 *
 * <p>A damaged file is renamed to {@code messages.db.corrupt-} with the date, and an empty one
 * takes its place. It is never deleted, except by {@link StoreTransaction#deleteAll}.
 *
 * <p>Thread-safety is that of {@link MessageStore}. Specification: docs/STORE.md.
 */
public final class SqliteStore implements MessageStore {
  private final StoreFiles files;
  private final SqliteReader reader;

  /** Of the owner alone: a long search must not hold it up. */
  private final SqliteReader ownReader;

  private final Retention retention;
  private final InstantSource clock;
  private @Nullable SqliteUpkeep opened;
  private boolean claimed;
  private long lastRow;

  private SqliteStore(Path directory, Retention retention, InstantSource clock) {
    this.files = new StoreFiles(directory);
    this.reader = new SqliteReader(files);
    this.ownReader = new SqliteReader(files);
    this.retention = retention;
    this.clock = clock;
  }

  /**
   * Opens a store that keeps messages for 90 days and has at most 1 GiB. Nothing is read or created
   * before the first use.
   *
   * @param directory its directory, which is created if it is missing
   * @return the store; the node that gets it closes it
   */
  public static SqliteStore open(Path directory) {
    return builder(directory).open();
  }

  /**
   * Creates a builder.
   *
   * @param directory the directory of the store, which is created if it is missing
   * @return the builder
   */
  public static Builder builder(Path directory) {
    return new Builder(directory);
  }

  @Override
  public StoreState claim() {
    files.lock();
    try {
      try {
        return state(null);
      } catch (StoreException e) {
        if (e.reason() != Reason.CORRUPT) {
          throw e;
        }
        return state(setAside(e));
      }
    } finally {
      if (!claimed) {
        close();
      }
    }
  }

  private StoreState state(@Nullable String notice) {
    SqliteWriter own = opened().writer();
    own.forgetOutboxes();
    StoreState state = StoreState.of(own.kept(), own.untaken(), own.lastRow(), notice);
    claimed = true;
    return state;
  }

  private SqliteUpkeep opened() {
    if (opened == null) {
      SqliteConnection connection = null;
      try {
        connection = SqliteConnection.forWriting(files.database());
        SqliteSchema.migrate(connection);
        SqliteWriter writer = new SqliteWriter(files, connection, lastRow);
        opened = new SqliteUpkeep(writer, retention, clock);
        connection = null;
      } catch (SQLException e) {
        throw StoreErrors.of(files.database(), e);
      } catch (LinkageError e) {
        throw StoreErrors.noDriver(files.database(), e);
      } finally {
        if (connection != null) {
          connection.close();
        }
      }
    }
    return opened;
  }

  private String setAside(StoreException e) {
    closeFile();
    reader.close();
    ownReader.close();
    Path aside = files.setAside(clock.instant());
    return e.getMessage() + " The damaged file is now " + aside + ".";
  }

  @Override
  public StoreTransaction begin() {
    SqliteUpkeep own = usable();
    own.limit();
    own.writer().begin();
    return own.writer();
  }

  /**
   * Returns the open file, opened anew after a failure. The node hears of a damage that only a
   * reader has found: it is of what the node has kept, too.
   */
  private SqliteUpkeep usable() {
    if (!claimed) {
      throw new StoreException(
          Reason.CLOSED, files.directory() + ": this history is closed. Claim it first.", null);
    }
    StoreException failure = opened == null ? null : opened.writer().failure();
    if (failure == null) {
      StoreException found = reader.damage() == null ? ownReader.damage() : reader.damage();
      if (found != null) {
        setAside(found);
        throw found;
      }
    }
    if (failure != null) {
      if (failure.reason() == Reason.CORRUPT) {
        setAside(failure);
      } else {
        closeFile();
      }
    }
    try {
      return opened();
    } catch (StoreException e) {
      if (e.reason() == Reason.CORRUPT) {
        setAside(e);
      }
      throw e;
    }
  }

  @Override
  public boolean idle() {
    return usable().step();
  }

  @Override
  public List<StoredMessage> messages(HistoryQuery query) {
    return reader.messages(query);
  }

  @Override
  public List<StoredMessage> conversations(int limit) {
    return reader.conversations(limit);
  }

  @Override
  public List<StoredMessage> untaken(Conversation conversation, long after, int limit) {
    return ownReader.untaken(conversation, after, limit);
  }

  @Override
  public void close() {
    claimed = false;
    reader.close();
    ownReader.close();
    closeFile();
    files.unlock();
  }

  private void closeFile() {
    if (opened != null) {
      lastRow = opened.writer().lastRow();
      opened.writer().connection().close();
      opened = null;
    }
  }

  /** Returns the directory. */
  @Override
  public String toString() {
    return "SqliteStore[" + files.directory() + "]";
  }

  /** Builds a store. This class is not thread-safe. */
  public static final class Builder {
    private static final long SMALLEST = 1L << 20;

    private final Path directory;
    private @Nullable Duration time = Duration.ofDays(90);
    private @Nullable Long bytes = 1L << 30;
    private InstantSource clock = InstantSource.system();

    private Builder(Path directory) {
      this.directory = Objects.requireNonNull(directory, "directory");
    }

    /**
     * Sets how long the history goes back. Messages that are not delivered yet, or that the
     * application's listener has not taken, are kept for longer.
     *
     * @param most 1 hour or more; 90 days by default
     * @return this builder
     * @throws IllegalArgumentException if it is shorter
     */
    public Builder retainFor(Duration most) {
      if (most.compareTo(Duration.ofHours(1)) < 0) {
        throw new IllegalArgumentException(
            "retainFor is " + most + ". Choose 1 hour or more, or retainForever.");
      }
      this.time = most;
      return this;
    }

    /**
     * Sets how large the file may become. Beyond that, the oldest messages of the largest
     * conversation are removed, with the exceptions of {@link #retainFor}. If these exceptions fill
     * the file, the history keeps a quarter of the limit, and the file becomes larger. In a full
     * file, the conversations in which the user has written nothing keep at most half of the
     * history.
     *
     * @param most 1 MiB or more; 1 GiB by default
     * @return this builder
     * @throws IllegalArgumentException if it is less
     */
    public Builder maxBytes(long most) {
      if (most < SMALLEST) {
        throw new IllegalArgumentException(
            "maxBytes is " + most + ". Choose " + SMALLEST + " or more, or retainForever.");
      }
      this.bytes = most;
      return this;
    }

    /**
     * Removes no message by itself, whatever its age and the size of the file.
     *
     * @return this builder
     */
    public Builder retainForever() {
      this.time = null;
      this.bytes = null;
      return this;
    }

    /** For tests of what time does. */
    Builder clock(InstantSource source) {
      this.clock = source;
      return this;
    }

    /**
     * Opens the store, as {@link SqliteStore#open}.
     *
     * @return the store
     */
    public SqliteStore open() {
      return new SqliteStore(directory, new Retention(time, bytes), clock);
    }
  }
}
