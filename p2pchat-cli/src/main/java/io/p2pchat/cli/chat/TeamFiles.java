package io.p2pchat.cli.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The files that the chat keeps beside the known peers. Only the owner can access them. */
final class TeamFiles {
  private static final int MAX_CHARS = 120;
  private static final long LOCK_NANOS = Duration.ofSeconds(2).toNanos();
  private static final long LOCK_POLL_MILLIS = 10;

  private TeamFiles() {}

  /** Returns the file of a team's input history. */
  static Path history(Path directory, String team) {
    return file(directory, "history-", team);
  }

  /** Returns the file of the peers that were connected at the end of the team's last chat. */
  static Path connected(Path directory, String team) {
    return file(directory, "connected-", team);
  }

  /** Returns the file of what was unread at the end of the team's last chat. */
  static Path unread(Path directory, String team) {
    return file(directory, "unread-", team);
  }

  /** Returns the file of the ignored peers. */
  static Path ignored(Path directory) {
    return directory.resolve("ignored");
  }

  /**
   * Returns a file of a team. Its name is the team with percent-encoding for all but ASCII letters,
   * digits, - and _.
   */
  private static Path file(Path directory, String kind, String team) {
    makeOwnerOnly(directory);
    StringBuilder name = new StringBuilder(kind);
    for (byte b : team.getBytes(UTF_8)) {
      boolean plain = b == '-' || b == '_' || (b > 0 && Character.isLetterOrDigit(b));
      name.append(plain ? String.valueOf((char) b) : "%" + HexFormat.of().toHexDigits(b));
    }
    if (name.length() > MAX_CHARS) {
      name.setLength(MAX_CHARS);
      name.append('-').append(Integer.toHexString(team.hashCode()));
    }
    return directory.resolve(name.toString());
  }

  // The node has created it, unless it stores no keys.
  private static void makeOwnerOnly(Path directory) {
    try {
      Files.createDirectories(directory, ownerOnly(directory, "rwx------"));
    } catch (IOException e) {
      // The chat continues without its files.
    }
  }

  private static FileAttribute<?>[] ownerOnly(Path path, String permissions) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  /**
   * Returns the lines of a file, or none if there is no such file.
   *
   * @param max the most lines to read
   * @throws IOException if it cannot be read
   */
  static List<String> read(Path file, int max) throws IOException {
    List<String> lines = new ArrayList<>();
    try (BufferedReader in = Files.newBufferedReader(file)) {
      String line = in.readLine();
      while (line != null && lines.size() < max) {
        lines.add(line);
        line = in.readLine();
      }
    } catch (NoSuchFileException e) {
      return List.of();
    }
    return lines;
  }

  /**
   * Locks a file for a change among the chats of a user. Waits for two seconds at most, and never
   * fails: without a lock, the last chat that writes wins.
   *
   * @return releases the lock
   */
  static Closeable lock(Path file) {
    try {
      FileChannel channel =
          FileChannel.open(
              file.resolveSibling(file.getFileName() + ".lock"),
              Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE),
              ownerOnly(file, "rw-------"));
      long deadline = System.nanoTime() + LOCK_NANOS;
      while (!isLocked(channel) && System.nanoTime() - deadline < 0) {
        TimeUnit.MILLISECONDS.sleep(LOCK_POLL_MILLIS);
      }
      return channel;
    } catch (IOException e) {
      return () -> {};
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return () -> {};
    }
  }

  /** Returns false while another chat has the lock. */
  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  /**
   * Replaces a file at once. Without lines, deletes it.
   *
   * @throws IOException if it cannot be written
   */
  static void write(Path file, List<String> lines) throws IOException {
    if (lines.isEmpty()) {
      Files.deleteIfExists(file);
      return;
    }
    Path directory = Objects.requireNonNull(file.toAbsolutePath().getParent());
    makeOwnerOnly(directory);
    Path whole = Files.createTempFile(directory, "chat", ".new", ownerOnly(directory, "rw-------"));
    try {
      Files.write(whole, lines, UTF_8);
      Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(whole);
    }
  }
}
