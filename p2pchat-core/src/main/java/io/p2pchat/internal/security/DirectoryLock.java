package io.p2pchat.internal.security;

import io.p2pchat.TrustStoreException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A lock among all threads and processes that use a directory. It locks a file in the directory
 * that is never replaced. Waits for at most the given time. Not reentrant.
 *
 * <p>A file lock belongs to the whole process, and closing any channel of the file releases it. So
 * the threads of this process take a lock of their own first, and only its holder opens the file.
 */
final class DirectoryLock {
  /**
   * By real path, because two nodes of a process may use one directory. One entry for each
   * directory.
   */
  private static final Map<Path, ReentrantLock> IN_PROCESS = new ConcurrentHashMap<>();

  private static final int POLL_MILLIS = 5;

  private final Path file;
  private final Duration patience;
  private final ReentrantLock inProcess;

  DirectoryLock(Path realDirectory, Duration patience) {
    this.file = realDirectory.resolve("lock");
    this.patience = patience;
    this.inProcess = IN_PROCESS.computeIfAbsent(file, any -> new ReentrantLock(true));
  }

  <T> T locked(Supplier<T> action) throws IOException {
    long deadline = System.nanoTime() + patience.toNanos();
    try {
      if (!inProcess.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS)) {
        throw busy();
      }
    } catch (InterruptedException e) {
      throw interrupted();
    }
    try {
      return lockedByFile(action, deadline);
    } finally {
      inProcess.unlock();
    }
  }

  private <T> T lockedByFile(Supplier<T> action, long deadline) throws IOException {
    if (inProcess.getHoldCount() > 1) {
      throw new IllegalStateException("locked by this thread already: " + file);
    }
    try (FileChannel channel = open();
        FileLock lock = await(channel, deadline)) {
      assert lock.isValid();
      return action.get();
    }
  }

  /** Opens the lock file and creates it if missing. An existing file gets no attributes. */
  private FileChannel open() throws IOException {
    try {
      return FileChannel.open(file, StandardOpenOption.WRITE);
    } catch (NoSuchFileException e) {
      return FileChannel.open(
          file,
          Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE),
          PrivateFiles.file(file));
    }
  }

  private FileLock await(FileChannel channel, long deadline) throws IOException {
    while (true) {
      FileLock lock = tryLock(channel);
      if (lock != null) {
        return lock;
      }
      if (System.nanoTime() - deadline > 0) {
        throw busy();
      }
      pause();
    }
  }

  /**
   * Returns null if another process holds the lock. Code in this process with a lock table of its
   * own counts as another process.
   */
  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  private void pause() {
    try {
      Thread.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private TrustStoreException busy() {
    return new TrustStoreException(
        file, "another program has held this lock for " + patience.toMillis() + " ms");
  }

  private TrustStoreException interrupted() {
    Thread.currentThread().interrupt();
    return new TrustStoreException(file, "interrupted while waiting for this lock");
  }
}
