package io.p2pchat.node;

import static io.p2pchat.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.HistoryQuery;
import io.p2pchat.StoredMessage;
import io.p2pchat.StoredMessage.State;
import io.p2pchat.sqlite.SqliteStore;
import io.p2pchat.testing.FreePort;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Two programs with stores in files send to each other's store, and are killed at random instants.
 * The whole: {@code -Dp2pchat.killRounds=200}.
 */
@Execution(ExecutionMode.CONCURRENT)
class KilledNodesTest {
  private static final int ROUNDS = Integer.getInteger("p2pchat.killRounds", 10);
  private static final int PAGE = 1000;

  @TempDir private Path directory;

  private final Random random = new Random();
  private final List<Process> processes = new ArrayList<>();
  private final Set<Integer> kept = ConcurrentHashMap.newKeySet();
  private final Set<Integer> delivered = ConcurrentHashMap.newKeySet();
  private final AtomicInteger sent = new AtomicInteger(-1);

  @AfterEach
  void end() {
    processes.forEach(Process::destroyForcibly);
  }

  private final class Program {
    private final String person;
    private final int port;
    private final int peer;
    private final boolean sends;
    private @Nullable Process process;
    private @Nullable Thread reader;

    Program(String person, int port, int peer, boolean sends) {
      this.person = person;
      this.port = port;
      this.peer = peer;
      this.sends = sends;
    }

    void start(boolean sending) throws IOException {
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx128m"));
      // The file of a killed JVM with the same process number would cause a warning.
      command.add("-XX:-UsePerfData");
      command.addAll(List.of("--enable-native-access=ALL-UNNAMED"));
      command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=error");
      command.addAll(List.of("-cp", System.getProperty("java.class.path")));
      command.add(KilledNode.class.getName());
      command.add(directory.resolve(person).toString());
      command.add(Integer.toString(port));
      command.add(Integer.toString(peer));
      command.add(Integer.toString(sends && sending ? sent.get() + 1 : -1));
      Path log = directory.resolve(person + ".log");
      Process started =
          new ProcessBuilder(command).redirectError(Redirect.appendTo(log.toFile())).start();
      process = started;
      processes.add(started);
      BufferedReader out = started.inputReader();
      String first = out.readLine();
      assertThat(first).as(Files.readString(log)).startsWith("started ");
      Thread lines = new Thread(() -> readAll(out));
      lines.start();
      reader = lines;
    }

    /** Not by the process itself: that would drop what it has printed and nobody has read. */
    void kill() throws InterruptedException {
      Process killed = Objects.requireNonNull(process);
      killed.toHandle().destroyForcibly();
      killed.waitFor();
      Objects.requireNonNull(reader).join();
    }
  }

  private void readAll(BufferedReader out) {
    try {
      out.lines().forEach(this::note);
    } catch (UncheckedIOException e) {
      // The test has ended.
    }
  }

  private void note(String line) {
    String[] words = line.split(" ", -1);
    // The last line of a killed program may be cut.
    if (words.length == 2 && words[1].matches("\\d+")) {
      int number = Integer.parseInt(words[1]);
      switch (words[0]) {
        case "sent" -> sent.accumulateAndGet(number, Math::max);
        case "kept" -> kept.add(number);
        case "delivered" -> delivered.add(number);
        default -> {}
      }
    }
  }

  private List<StoredMessage> messages(String person, boolean outgoing) {
    List<StoredMessage> all = new ArrayList<>();
    try (SqliteStore store = SqliteStore.open(directory.resolve(person).resolve("store"))) {
      List<StoredMessage> page;
      long after = 0;
      do {
        page = store.messages(HistoryQuery.first(PAGE).after(after));
        for (StoredMessage message : page) {
          after = message.row();
          if (message.state().outgoing() == outgoing) {
            all.add(message);
          }
        }
      } while (page.size() == PAGE);
    }
    return all;
  }

  private List<StoredMessage> lastMessages(String person) {
    try (SqliteStore store = SqliteStore.open(directory.resolve(person).resolve("store"))) {
      return store.messages(HistoryQuery.last(PAGE));
    }
  }

  private static int number(StoredMessage message) {
    return Integer.parseInt(message.text().substring(1));
  }

  @Test
  @Timeout(value = 60, unit = TimeUnit.MINUTES)
  void eachAcceptedMessageIsInTheReceiversHistoryOnceAndInOrder() throws Exception {
    Files.createDirectories(directory.resolve("Ann"));
    Files.createDirectories(directory.resolve("Bob"));
    int annsPort = FreePort.next();
    int bobsPort = FreePort.next();
    Program ann = new Program("Ann", annsPort, bobsPort, true);
    Program bob = new Program("Bob", bobsPort, annsPort, false);
    bob.start(false);
    ann.start(true);
    eventually(() -> assertThat(delivered).isNotEmpty());
    for (int round = 0; round < ROUNDS; round++) {
      TimeUnit.MILLISECONDS.sleep(random.nextInt(600));
      int who = random.nextInt(3);
      if (who != 0) {
        ann.kill();
      }
      if (who != 1) {
        bob.kill();
      }
      if (who != 1 && random.nextBoolean()) {
        bob.start(false);
        if (who != 0) {
          ann.start(true);
        }
      } else {
        if (who != 0) {
          ann.start(true);
        }
        if (who != 1) {
          bob.start(false);
        }
      }
    }
    ann.kill();
    ann.start(false);
    // They end in their order. To read all of them takes seconds.
    eventually(
        () -> assertThat(lastMessages("Ann")).noneMatch(message -> message.state() == State.KEPT));
    ann.kill();
    bob.kill();
    List<Integer> sentByAnn = messages("Ann", true).stream().map(KilledNodesTest::number).toList();
    assertThat(sentByAnn).as("what the test has sent").doesNotHaveDuplicates();
    List<Integer> received = messages("Bob", false).stream().map(KilledNodesTest::number).toList();
    assertThat(received).doesNotHaveDuplicates().isSorted();
    Set<Integer> missing = new TreeSet<>(kept);
    missing.addAll(delivered);
    received.forEach(missing::remove);
    assertThat(missing).isEmpty();
    assertThat(sentByAnn).containsExactlyElementsOf(received);
    assertThat(messages("Ann", true)).allMatch(message -> message.state() == State.DELIVERED);
  }
}
