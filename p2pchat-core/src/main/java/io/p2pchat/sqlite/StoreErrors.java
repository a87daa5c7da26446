package io.p2pchat.sqlite;

import io.p2pchat.StoreException;
import io.p2pchat.StoreException.Reason;
import java.nio.file.Path;
import java.sql.SQLException;

/** What the errors of SQLite mean, and what can be done. */
final class StoreErrors {
  // Result codes of SQLite, see https://www.sqlite.org/rescode.html.
  private static final int PERM = 3;
  private static final int BUSY = 5;
  private static final int READONLY = 8;
  private static final int IOERR = 10;
  private static final int CORRUPT = 11;
  private static final int FULL = 13;
  private static final int CANTOPEN = 14;
  private static final int NOTADB = 26;
  private static final int PRIMARY = 0xff;

  private StoreErrors() {}

  static StoreException of(Path file, SQLException e) {
    return switch (e.getErrorCode() & PRIMARY) {
      case FULL -> new StoreException(Reason.FULL, full(file), e);
      case PERM, READONLY, CANTOPEN ->
          new StoreException(Reason.NOT_WRITABLE, notWritable(file), e);
      case CORRUPT, NOTADB ->
          new StoreException(
              Reason.CORRUPT,
              file
                  + ": this file is damaged. It is set aside when it is next written, and a new one"
                  + " takes its place. Messages in it that were not delivered are lost.",
              e);
      case BUSY ->
          new StoreException(
              Reason.LOCKED,
              file + ": another program has locked this file. Close that program.",
              e);
      case IOERR ->
          new StoreException(
              Reason.OTHER,
              file + ": it cannot be read or written: " + e.getMessage() + ". Check the disk.",
              e);
      default ->
          new StoreException(Reason.OTHER, file + ": it cannot be used: " + e.getMessage(), e);
    };
  }

  /** The driver is not there. */
  static StoreException noDriver(Path file, LinkageError e) {
    return new StoreException(
        Reason.LIBRARY,
        file
            + ": SQLite was not found. Add org.xerial:sqlite-jdbc 3.54 to the class path, or to the"
            + " modules with --add-modules org.xerial.sqlitejdbc",
        e);
  }

  static String full(Path file) {
    return file
        + ": the disk is full, or your quota is used up. Make room there. Messages are accepted"
        + " again within 5 seconds of that.";
  }

  static String notWritable(Path file) {
    return file
        + ": it cannot be written. The file system is read-only, or you have no permission. Make it"
        + " writable, or choose another directory.";
  }
}
