package io.p2pchat.internal.security;

import io.p2pchat.TrustStoreException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The directory of a user's key and known peers. It is private and shared by the user's processes.
 *
 * <p>Thread-safe. Every method does I/O and may wait for another process, so never call one on an
 * event loop. Every failure is a {@link TrustStoreException} that names the path.
 */
public final class PrivateDirectory {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final int MOST_LINKS = 40;
  private static final String UNKNOWN = "the system does not say why";

  private final Path path;
  private final DirectoryLock lock;
  private final @Nullable UserPrincipal user;

  private PrivateDirectory(Path path, @Nullable UserPrincipal user) {
    this.path = path;
    this.user = user;
    this.lock = new DirectoryLock(path, PATIENCE);
  }

  /**
   * Opens a directory. Creates it and its parents for the owner only.
   *
   * @throws TrustStoreException if it is not a directory, is accessible to others, belongs to
   *     another user, or cannot be created
   */
  public static PrivateDirectory open(Path path) {
    try {
      if (!Files.isDirectory(path)) {
        Files.createDirectories(path, PrivateFiles.directory(path));
      }
      PrivateFiles.require(path);
      UserPrincipal user = PrivateFiles.user(path);
      PrivateFiles.requireOwner(path, user);
      return new PrivateDirectory(path.toRealPath(), user);
    } catch (FileAlreadyExistsException e) {
      throw new TrustStoreException(path, "it is not a directory", e);
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  /** Returns the path of a file in the directory, whether it exists or not. */
  public Path file(String name) {
    return path.resolve(name);
  }

  /**
   * Creates an empty file for the owner only. If it exists, it must be private already.
   *
   * @throws IOException if it cannot be created
   * @throws TrustStoreException if another user owns it or can access it
   */
  public Path create(String name) throws IOException {
    Path file = file(name);
    try {
      Files.createFile(file, PrivateFiles.file(file));
    } catch (FileAlreadyExistsException e) {
      requirePrivate(name);
    }
    return file;
  }

  /**
   * Runs the action under the lock of this directory, which excludes other threads and processes.
   */
  <T> T locked(Supplier<T> action) {
    try {
      return lock.locked(action);
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  /**
   * Returns the content of a file, or empty if there is none. A file longer than {@code max} is
   * rejected.
   */
  Optional<byte[]> read(String name, int max) {
    Path file = file(name);
    if (Files.notExists(file)) {
      return Optional.empty();
    }
    // Checked before opening, because opening a pipe waits for its other end.
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new TrustStoreException(file, "it is not a file");
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] content = in.readNBytes(max + 1);
      if (content.length > max) {
        throw new TrustStoreException(file, "it is longer than " + max + " bytes");
      }
      return Optional.of(content);
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  /** Throws if another user owns the file or can access it. */
  void requirePrivate(String name) {
    try {
      PrivateFiles.require(file(name));
      PrivateFiles.requireOwner(file(name), user);
    } catch (IOException e) {
      throw failed(file(name), e);
    }
  }

  /**
   * Replaces the file atomically: after a failure it has its old content. Only while {@linkplain
   * #locked locked}. A crash leaves at most one partial copy, which the next call removes. A
   * symbolic link stays: its target is replaced.
   *
   * @return the attributes of the new file
   */
  BasicFileAttributes replace(String name, byte[] content) {
    Path file = file(name);
    try {
      Path target = target(file);
      Path next = target.resolveSibling(target.getFileName() + ".new");
      Files.deleteIfExists(next);
      write(next, content);
      BasicFileAttributes written = Files.readAttributes(next, BasicFileAttributes.class);
      Files.move(next, target, StandardCopyOption.ATOMIC_MOVE);
      forceDirectory(target.resolveSibling("."));
      return written;
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  /** Follows symbolic links, also to a file that does not exist yet. */
  private static Path target(Path file) throws IOException {
    Path target = file;
    for (int links = 0; Files.isSymbolicLink(target); links++) {
      if (links == MOST_LINKS) {
        throw new FileSystemLoopException(file.toString());
      }
      target = target.resolveSibling(Files.readSymbolicLink(target));
    }
    return target;
  }

  private static void write(Path file, byte[] content) throws IOException {
    Set<StandardOpenOption> asNew = Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
    try (FileChannel channel = FileChannel.open(file, asNew, PrivateFiles.file(file))) {
      ByteBuffer buffer = ByteBuffer.wrap(content);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
  }

  /**
   * Makes the move survive a power cut. On systems that cannot open a directory this does nothing.
   */
  private static void forceDirectory(Path directory) {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      return;
    }
  }

  /** Names the problem in words: the message of most file system exceptions is only a path. */
  static TrustStoreException failed(Path path, IOException e) {
    return new TrustStoreException(path, "cannot be used: " + reason(path, e), e);
  }

  private static String reason(Path path, IOException e) {
    if (!(e instanceof FileSystemException failure)) {
      return Objects.requireNonNullElse(e.getMessage(), UNKNOWN);
    }
    String file = failure.getFile();
    String which = file == null || file.equals(path.toString()) ? "" : file + ": ";
    return which + reason(failure);
  }

  private static String reason(FileSystemException e) {
    if (e instanceof NoSuchFileException) {
      return "there is no such file or directory";
    }
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (e instanceof NotDirectoryException) {
      return "it is not a directory";
    }
    if (e instanceof FileAlreadyExistsException) {
      return "it exists already";
    }
    if (e instanceof FileSystemLoopException) {
      return "its symbolic links lead in a circle";
    }
    return Objects.requireNonNullElse(e.getReason(), UNKNOWN);
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
