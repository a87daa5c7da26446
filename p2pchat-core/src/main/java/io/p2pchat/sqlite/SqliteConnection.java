package io.p2pchat.sqlite;

import io.p2pchat.StoreException;
import io.p2pchat.StoreException.Reason;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.TransactionMode;
import org.sqlite.SQLiteJDBCLoader;

/**
 * A connection to a database file, with its prepared statements. Not thread-safe. Only this class
 * uses the driver.
 */
final class SqliteConnection implements AutoCloseable {
  /** Where the driver unpacks its native library; the temporary directory by default. */
  private static final String NATIVE_DIRECTORY = "org.sqlite.tmpdir";

  private static final Logger LOG = LoggerFactory.getLogger(SqliteConnection.class);

  /** How the driver names a library that it unpacks, and the file that says it is in use. */
  private static final Pattern LIBRARY =
      Pattern.compile(
          "sqlite-[0-9][0-9A-Za-z.-]*-\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}"
              + "-(lib)?sqlitejdbc\\.(so|dll|dylib|jnilib)(\\.lck)?");

  private static final Duration LEFT_OVER = Duration.ofMinutes(1);

  private final Path file;
  private final Connection connection;
  private final Map<String, PreparedStatement> prepared = new HashMap<>();

  private SqliteConnection(Path file, Connection connection) {
    this.file = file;
    this.connection = connection;
  }

  /** Opens the file for its owner. Every commit reaches the disk. */
  static SqliteConnection forWriting(Path file) throws SQLException {
    return open(
        file,
        TransactionMode.IMMEDIATE,
        // These two have an effect only before the first table. A commit writes whole pages.
        "page_size = 2048",
        "auto_vacuum = INCREMENTAL",
        "journal_mode = WAL",
        "synchronous = FULL",
        "fullfsync = ON",
        "checkpoint_fullfsync = ON",
        "secure_delete = ON",
        "cache_size = -16384",
        "temp_store = MEMORY",
        "wal_autocheckpoint = 4000",
        "journal_size_limit = 16777216");
  }

  /** Opens the file for reading, beside its owner. */
  static SqliteConnection forReading(Path file) throws SQLException {
    return open(
        file,
        TransactionMode.DEFERRED,
        "query_only = ON",
        "cache_size = -8192",
        "temp_store = MEMORY");
  }

  /** Opens an empty database in memory, beside a connection to a file. */
  static SqliteConnection inMemory() throws SQLException {
    Path name = Path.of(":memory:");
    return new SqliteConnection(name, connect(":memory:", TransactionMode.DEFERRED));
  }

  private static Connection connect(String database, TransactionMode mode) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setTransactionMode(mode);
    config.setGetGeneratedKeys(false); // Else a query follows each insertion.
    return new JDBC().connect("jdbc:sqlite:" + database, config.toProperties());
  }

  private static SqliteConnection open(Path file, TransactionMode mode, String... pragmas)
      throws SQLException {
    loadLibrary(file);
    SqliteConnection opened = new SqliteConnection(file, connect(file.toUri().toString(), mode));
    try {
      opened.execute("PRAGMA busy_timeout = 5000");
      for (String pragma : pragmas) {
        opened.execute("PRAGMA " + pragma);
      }
      return opened;
    } catch (SQLException e) {
      opened.close();
      throw e;
    }
  }

  /**
   * Loads the library from the directory of the store. The temporary directory can be shared, or
   * not allow programs.
   */
  private static void loadLibrary(Path file) {
    if (System.getProperty(NATIVE_DIRECTORY) == null) {
      Path directory = Objects.requireNonNull(file.toAbsolutePath().getParent());
      removeLeftOvers(directory);
      System.setProperty(NATIVE_DIRECTORY, directory.toString());
    }
    try {
      if (SQLiteJDBCLoader.initialize()) {
        return;
      }
      throw noLibrary(null);
    } catch (StoreException e) {
      throw e;
    } catch (Exception e) {
      throw noLibrary(e);
    }
  }

  /**
   * Removes the libraries that killed programs have left in a directory. One that was just unpacked
   * may not be loaded yet. Others that are in use can be removed, or the system refuses it.
   */
  static void removeLeftOvers(Path directory) {
    FileTime old = FileTime.from(Instant.now().minus(LEFT_OVER));
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(directory, SqliteConnection::isLibrary)) {
      files.forEach(left -> removeIfOlder(left, old));
    } catch (IOException | DirectoryIteratorException e) {
      LOG.debug("The libraries that were left behind cannot be listed", e);
    }
  }

  private static boolean isLibrary(Path file) {
    return LIBRARY.matcher(file.getFileName().toString()).matches();
  }

  private static void removeIfOlder(Path left, FileTime old) {
    try {
      if (Files.getLastModifiedTime(left).compareTo(old) < 0) {
        Files.deleteIfExists(left);
      }
    } catch (IOException e) {
      LOG.debug("A library that was left behind cannot be removed", e);
    }
  }

  private static StoreException noLibrary(@Nullable Exception e) {
    return new StoreException(
        Reason.LIBRARY,
        System.getProperty(NATIVE_DIRECTORY)
            + ": the library of SQLite cannot be loaded from this directory. Its file system may"
            + " be full or mounted with noexec. Name another directory with the Java option -D"
            + NATIVE_DIRECTORY
            + "=DIRECTORY.",
        e);
  }

  Path file() {
    return file;
  }

  /** Returns the statement, prepared once. The caller sets all its parameters. */
  PreparedStatement prepare(String sql) throws SQLException {
    PreparedStatement statement = prepared.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(sql);
      prepared.put(sql, statement);
    }
    return statement;
  }

  /** Runs a statement to its end. Its results are ignored. */
  void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }

  /** Returns the number that the query yields, or 0 if it yields none. */
  long number(String sql) throws SQLException {
    return number(prepare(sql));
  }

  /** Returns the number that the query yields, or 0 if it yields none. */
  static long number(PreparedStatement query) throws SQLException {
    try (ResultSet result = query.executeQuery()) {
      return result.next() ? result.getLong(1) : 0;
    }
  }

  /** What is done with a connection. */
  interface Work<T> {
    T run() throws SQLException;
  }

  /** Stores all changes of the work, or none. */
  <T> T inTransaction(Work<T> work) throws SQLException {
    begin();
    try {
      T result = work.run();
      commit();
      return result;
    } catch (SQLException e) {
      rollBack();
      throw e;
    }
  }

  /**
   * Begins a transaction. The driver has to know of it: else it tries to begin another one at each
   * statement.
   */
  void begin() throws SQLException {
    connection.setAutoCommit(false);
  }

  void commit() throws SQLException {
    connection.setAutoCommit(true);
  }

  /** Ends a transaction that may have ended already, as after a full disk. */
  void rollBack() {
    try {
      connection.rollback();
    } catch (SQLException e) {
      // There was none.
    }
    try {
      commit(); // The driver has begun another one.
    } catch (SQLException e) {
      // It has not.
    }
  }

  @Override
  public void close() {
    try {
      for (PreparedStatement statement : prepared.values()) {
        statement.close();
      }
      connection.close();
    } catch (SQLException e) {
      // Nothing more can be done. What was committed is on the disk.
    }
  }
}
