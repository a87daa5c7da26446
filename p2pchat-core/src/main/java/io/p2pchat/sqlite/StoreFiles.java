package io.p2pchat.sqlite;

import io.p2pchat.StoreException;
import io.p2pchat.StoreException.Reason;
import io.p2pchat.TrustStoreException;
import io.p2pchat.internal.security.PrivateDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The files of a store: the database, and the lock of its owner. For the owner's thread only, but
 * for the paths and {@link #haveDatabase}.
 *
 * <p>A file lock belongs to the whole process, and closing any channel of the file releases it. So
 * a file that this process has locked already is not opened.
 */
final class StoreFiles {
  private static final String DATABASE = "messages.db";
  private static final String LOCK = "messages.lock";
  private static final String CORRUPT = ".corrupt-";
  private static final String[] PARTS = {"", "-wal", "-shm"};
  private static final int MOST_PID_BYTES = 20;

  /** The lock files that this process has locked, by real path. */
  private static final Set<Path> LOCKED = ConcurrentHashMap.newKeySet();

  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH-mm-ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Path directory;
  private @Nullable Path locked;
  private @Nullable FileChannel channel;

  StoreFiles(Path directory) {
    this.directory = directory;
  }

  Path directory() {
    return directory;
  }

  Path database() {
    return directory.resolve(DATABASE);
  }

  /** Creates what is missing, and takes the lock. Does nothing if this object has it. */
  void lock() {
    if (locked != null) {
      return;
    }
    Path file = directory.resolve(LOCK);
    PrivateDirectory owned = open();
    try {
      file = owned.file(LOCK);
      if (!LOCKED.add(file)) {
        throw inUse("another node of this process");
      }
      try {
        owned.create(LOCK);
        owned.create(DATABASE);
        lock(file);
      } finally {
        if (locked == null) {
          LOCKED.remove(file);
        }
      }
    } catch (TrustStoreException e) {
      throw failed(e);
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  private PrivateDirectory open() {
    try {
      return PrivateDirectory.open(directory);
    } catch (TrustStoreException e) {
      throw failed(e);
    }
  }

  private StoreException failed(TrustStoreException e) {
    return e.getCause() instanceof IOException cause
        ? failed(directory, cause)
        : new StoreException(Reason.NOT_WRITABLE, String.valueOf(e.getMessage()), e);
  }

  /** Returns whether there is a database. Its directory is private then. */
  boolean haveDatabase() {
    if (!Files.exists(database())) {
      return false;
    }
    open();
    return true;
  }

  private void lock(Path file) throws IOException {
    FileChannel opened =
        FileChannel.open(file, Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE));
    boolean done = false;
    try {
      if (opened.tryLock() == null) {
        throw inUse("another p2pchat (process " + read(opened) + ")");
      }
      opened.truncate(0);
      opened.write(StandardCharsets.US_ASCII.encode(ProcessHandle.current().pid() + "\n"), 0);
      channel = opened;
      locked = file;
      done = true;
    } catch (OverlappingFileLockException e) {
      throw inUse("another part of this process");
    } finally {
      if (!done) {
        opened.close();
      }
    }
  }

  private static String read(FileChannel opened) {
    ByteBuffer pid = ByteBuffer.allocate(MOST_PID_BYTES);
    try {
      opened.read(pid, 0);
    } catch (IOException e) {
      return "unknown"; // Windows does not let others read what is locked.
    }
    return StandardCharsets.US_ASCII.decode(pid.flip()).toString().strip();
  }

  private StoreException inUse(String by) {
    return new StoreException(
        Reason.LOCKED,
        directory + ": this history is in use by " + by + ". Close that one, or go on without.",
        null);
  }

  void unlock() {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        // The lock is gone all the same.
      }
      channel = null;
    }
    if (locked != null) {
      LOCKED.remove(locked);
      locked = null;
    }
  }

  /**
   * Renames a damaged database, so that a new one takes its place.
   *
   * @return its new path
   */
  Path setAside(Instant now) {
    Path file = database();
    String name = DATABASE + CORRUPT + DATE.format(now);
    Path aside = directory.resolve(name);
    for (int i = 2; Files.exists(aside); i++) {
      aside = directory.resolve(name + "-" + i);
    }
    try {
      for (String part : PARTS) {
        Path from = directory.resolve(DATABASE + part);
        if (Files.exists(from)) {
          Files.move(from, directory.resolve(aside.getFileName() + part));
        }
      }
      open().create(DATABASE);
      return aside;
    } catch (TrustStoreException e) {
      throw failed(e);
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  /** Deletes the databases that were set aside. */
  void deleteAside() {
    try (DirectoryStream<Path> aside =
        Files.newDirectoryStream(directory, DATABASE + CORRUPT + "*")) {
      for (Path file : aside) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw failed(directory, e);
    }
  }

  private static StoreException failed(Path file, IOException e) {
    String reason = e instanceof FileSystemException at ? String.valueOf(at.getReason()) : "";
    if (e instanceof AccessDeniedException || reason.contains("Read-only")) {
      return new StoreException(Reason.NOT_WRITABLE, StoreErrors.notWritable(file), e);
    }
    if (reason.contains("No space") || reason.contains("quota")) {
      return new StoreException(Reason.FULL, StoreErrors.full(file), e);
    }
    return new StoreException(
        Reason.OTHER, file + ": it cannot be used: " + e + ". Check the disk.", e);
  }
}
