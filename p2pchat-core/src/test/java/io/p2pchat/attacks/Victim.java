package io.p2pchat.attacks;

import com.sun.management.GarbageCollectionNotificationInfo;
import io.p2pchat.NodeMetrics;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNode;
import io.p2pchat.Security;
import io.p2pchat.Trust;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;

/** The node that is attacked. It has the default settings, and a listener that is quick. */
final class Victim implements AttackRole {
  /** The system property by which it knows its peers by their keys. */
  static final String PINNED = "p2pchat.attacks.pinned";

  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Path TASKS = Path.of("/proc/self/task");

  private final AtomicLong greatestHeap = new AtomicLong();
  private final PeerNode node =
      PeerNode.builder()
          .teamName("Victim")
          .bindAddress("127.0.0.1")
          .security(Security.opportunistic().with(trust()))
          .onMessage(m -> {})
          .start();

  private long begunNanos;
  private long begunStarved;

  Victim() {
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      ((NotificationEmitter) collector)
          .addNotificationListener((notification, nothing) -> collected(notification), null, null);
    }
  }

  private static Trust trust() {
    if (!Boolean.getBoolean(PINNED)) {
      return Trust.any();
    }
    try {
      return Trust.pinned(Files.createTempDirectory("p2pchat-attacks-"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void collected(Notification notification) {
    Collection<MemoryUsage> pools =
        GarbageCollectionNotificationInfo.from((CompositeData) notification.getUserData())
            .getGcInfo()
            .getMemoryUsageAfterGc()
            .values();
    long heap = pools.stream().mapToLong(MemoryUsage::getUsed).sum() - nonHeap();
    greatestHeap.accumulateAndGet(heap, Math::max);
  }

  private static long nonHeap() {
    return ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage().getUsed();
  }

  @Override
  public long[] answer(String command, String[] args) throws IOException {
    return switch (command) {
      case "port" -> new long[] {node.port()};
      case "state" -> state();
      case "begin" -> {
        greatestHeap.set(0);
        begunNanos = System.nanoTime();
        begunStarved = starvedNanos();
        yield new long[0];
      }
      case "memory" -> memory();
      case "owe" -> new long[] {owe(new PeerAddress(args[0], Integer.parseInt(args[1])))};
      default -> throw new IllegalArgumentException(command);
    };
  }

  private long[] state() {
    NodeMetrics metrics = node.metrics();
    return new long[] {
      metrics.plainConnections() + metrics.sessionConnections(),
      metrics.bytesReceived(),
      metrics.outboundBytes()
    };
  }

  /**
   * Heap now and the most there was after a collection since "begin", resident memory, and for how
   * many percent of the time since the event loop could run but had no processor.
   */
  private long[] memory() throws IOException {
    System.gc();
    long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    long starved =
        100 * (starvedNanos() - begunStarved) / Math.max(1, System.nanoTime() - begunNanos);
    return new long[] {heap, Math.max(heap, greatestHeap.get()), resident(), starved};
  }

  private static long starvedNanos() throws IOException {
    if (!Files.exists(TASKS)) {
      return 0;
    }
    try (DirectoryStream<Path> tasks = Files.newDirectoryStream(TASKS)) {
      for (Path task : tasks) {
        if (Files.readString(task.resolve("comm")).strip().endsWith("-io")) {
          return Long.parseLong(Files.readString(task.resolve("schedstat")).split(" ", -1)[1]);
        }
      }
    }
    return 0;
  }

  private static long resident() throws IOException {
    List<String> lines = Files.exists(STATUS) ? Files.readAllLines(STATUS) : List.of();
    return lines.stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElse(0);
  }

  /** Sends to a peer until no more may wait. */
  private long owe(PeerAddress peer) {
    String text = "x".repeat(60_000);
    CompletableFuture<?> sent = node.send(peer, text);
    int count = 0;
    while (!sent.isCompletedExceptionally()) {
      count++;
      sent = node.send(peer, text);
    }
    return count;
  }
}
