package io.p2pchat.bench;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Sends one durable message after the other, and measures the disk that both ends use. */
final class DurableSingle implements BenchRole {
  /** To a port, texts of a size, for so many milliseconds; answers the median and the count. */
  static final String SEND = "single";

  /** Writes a page and forces it to the disk, for so many milliseconds; answers the same. */
  static final String FSYNC = "fsync";

  private static final int PAGE = 4096;

  private final Path directory = ChatNodes.directory();
  private final PeerNode node = ChatNodes.durable("Single", directory).start();
  private PeerAddress peer = ChatNodes.at(1);

  private interface Work {
    void run() throws IOException;
  }

  @Override
  public long[] answer(String command, long[] args) throws Exception {
    return switch (command) {
      case SEND -> send((int) args[0], (int) args[1], args[2]);
      case FSYNC -> fsync(args[0]);
      default -> throw BenchRole.unknown(command);
    };
  }

  private long[] send(int port, int bytes, long millis) throws IOException {
    if (peer.port() != port) {
      ChatNodes.connect(node, port);
      peer = ChatNodes.at(port);
    }
    Texts texts = Texts.of(bytes);
    return median(millis, () -> node.send(peer, texts.next()).join());
  }

  private long[] fsync(long millis) throws IOException {
    try (FileChannel file = FileChannel.open(directory.resolve("page"), CREATE, WRITE)) {
      ByteBuffer page = ByteBuffer.allocate(PAGE);
      return median(
          millis,
          () -> {
            file.write(page.clear(), 0);
            file.force(false);
          });
    }
  }

  private static long[] median(long millis, Work work) throws IOException {
    List<Long> nanos = new ArrayList<>();
    long until = System.nanoTime() + millis * 1_000_000;
    do {
      long start = System.nanoTime();
      work.run();
      nanos.add(System.nanoTime() - start);
    } while (System.nanoTime() - until < 0);
    Collections.sort(nanos);
    return new long[] {nanos.get(nanos.size() / 2), nanos.size()};
  }
}
