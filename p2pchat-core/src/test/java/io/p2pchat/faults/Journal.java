package io.p2pchat.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * A file of lines that survives {@code kill -9}: a line is with the operating system, whole, when
 * {@link #add} returns.
 *
 * <p>This class is thread-safe.
 */
final class Journal implements AutoCloseable {
  private final FileChannel file;

  Journal(Path path) throws IOException {
    this.file = FileChannel.open(path, CREATE, WRITE, APPEND);
  }

  void add(String line) {
    try {
      // An append is one write, and no signal interrupts one to a file.
      file.write(ByteBuffer.wrap((line + "\n").getBytes(UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
