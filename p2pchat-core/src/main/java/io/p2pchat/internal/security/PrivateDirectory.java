package io.p2pchat.internal.security;

import io.p2pchat.TrustStoreException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The directory of a user's key and known peers: private, shared by the user's processes.
 *
 * <p>Thread-safe. Everything here does I/O and may wait for another process: never on an event
 * loop. Every failure is a {@link TrustStoreException} that names the path.
 */
public final class PrivateDirectory {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Path path;
  private final DirectoryLock lock;

  private PrivateDirectory(Path path) {
    this.path = path;
    this.lock = new DirectoryLock(path, PATIENCE);
  }

  /**
   * Opens a directory, making it and what leads to it for the owner only.
   *
   * @throws TrustStoreException if it is no directory, open to others, or cannot be made
   */
  public static PrivateDirectory open(Path path) {
    try {
      if (!Files.isDirectory(path)) {
        Files.createDirectories(path, PrivateFiles.directory(path));
      }
      PrivateFiles.require(path);
      return new PrivateDirectory(path.toRealPath());
    } catch (FileAlreadyExistsException e) {
      throw new TrustStoreException(path, "it is not a directory", e);
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  Path file(String name) {
    return path.resolve(name);
  }

  /** Runs the action while no other thread or process runs one here. */
  <T> T locked(Supplier<T> action) {
    try {
      return lock.locked(action);
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  /**
   * What a file holds, or empty if there is none. One that is longer than {@code max} is refused.
   */
  Optional<byte[]> read(String name, int max) {
    Path file = file(name);
    if (Files.notExists(file)) {
      return Optional.empty();
    }
    // Before it is opened: opening a pipe waits for its other end.
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

  /** Throws if anyone but the owner may do anything with the file. */
  void requirePrivate(String name) {
    try {
      PrivateFiles.require(file(name));
    } catch (IOException e) {
      throw failed(file(name), e);
    }
  }

  /**
   * Puts the content in the place of the file, all of it or nothing, whatever fails. Only while
   * {@linkplain #locked locked}: a crash leaves at most one half-written copy, which the next call
   * removes.
   *
   * @return the file as it was put there
   */
  BasicFileAttributes replace(String name, byte[] content) {
    Path file = file(name);
    Path next = file(name + ".new");
    try {
      Files.deleteIfExists(next);
      write(next, content);
      BasicFileAttributes written = Files.readAttributes(next, BasicFileAttributes.class);
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
      forceDirectory();
      return written;
    } catch (IOException e) {
      throw failed(file, e);
    }
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
   * So that the move survives a power cut. Some systems cannot open a directory; they go without.
   */
  private void forceDirectory() {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      return;
    }
  }

  private static TrustStoreException failed(Path path, IOException e) {
    return new TrustStoreException(path, "cannot be used: " + e, e);
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
