package io.p2pchat.bench;

import io.p2pchat.Conversation;
import io.p2pchat.Fingerprint;
import io.p2pchat.HistoryQuery;
import io.p2pchat.MessageStore;
import io.p2pchat.PeerNode;
import io.p2pchat.StoreTransaction;
import io.p2pchat.StoredMessage;
import io.p2pchat.StoredMessage.State;
import io.p2pchat.sqlite.SqliteStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;

/**
 * What a long history of messages of 100 B costs, in 100 conversations: the start of a node beside
 * that with an empty one, reading, the disk and the memory.
 */
final class LongHistory {
  private static final int CONVERSATIONS = 100;
  private static final int BATCH = 4_096;
  private static final int SIZE = 100;
  private static final int WORDS = 20_000;
  private static final int PAGE = 50;
  private static final String RARE = "needle";
  private static final String COMMON = "w1";
  private static final double NANOS_PER_MILLI = 1e6;
  private static final double MEBI = 1 << 20;

  private final BenchOptions options;
  private final Report report;
  private final Path directory;
  private final int count;

  private LongHistory(BenchOptions options, Report report, Path directory) {
    this.options = options;
    this.report = report;
    this.directory = directory;
    this.count = options.messages();
  }

  static void run(BenchOptions options, Report report) throws Exception {
    new LongHistory(options, report, ChatNodes.directory()).run();
  }

  private void run() throws Exception {
    Path store = ChatNodes.history(directory);
    note("stored, thousand messages/s", fill(store));
    note("disk, MiB", size(store) / MEBI);
    try (MessageStore history = SqliteStore.open(store)) {
      HistoryQuery page = HistoryQuery.last(PAGE);
      note("first page of all, ms", millis(history, page));
      note("first page of a conversation, ms", millis(history, page.with(with(7))));
      note("search of a rare word, ms", millis(history, page.words(RARE)));
      note("search of a common word, ms", millis(history, page.words(COMMON)));
      note("search of two words, ms", millis(history, page.words(COMMON + " " + RARE)));
    }
    Path empty = ChatNodes.directory();
    Rounds.compare(
        options,
        report,
        "start beside an empty history, ms",
        millis -> start(empty),
        millis -> start(directory));
    long[] without = memory(empty);
    long[] with = memory(directory);
    report.row(
        "heap, MiB",
        without[0] / MEBI,
        with[0] / MEBI,
        Report.Ratio.of((double) with[0] / without[0]));
    report.row(
        "resident, MiB",
        without[1] / MEBI,
        with[1] / MEBI,
        Report.Ratio.of((double) with[1] / without[1]));
  }

  private void note(String what, double value) {
    report.note(
        String.format(Locale.ROOT, "history of %,d messages: %s: %.1f", count, what, value));
  }

  private static Conversation with(int number) {
    return Conversation.of(Fingerprint.parse(String.format(Locale.ROOT, "%064x", number + 1)));
  }

  /** Fills a store, and its index. Returns thousand messages a second. */
  private double fill(Path in) {
    Random random = new Random(1);
    long start = System.nanoTime();
    try (MessageStore store = SqliteStore.open(in)) {
      store.claim();
      for (int i = 0; i < count; i += BATCH) {
        try (StoreTransaction transaction = store.begin()) {
          for (int j = i; j < Math.min(count, i + BATCH); j++) {
            transaction.add(message(j, random));
          }
          transaction.commit();
        }
      }
      double seconds = (System.nanoTime() - start) / (1000 * NANOS_PER_MILLI);
      boolean more = true;
      while (more) {
        more = store.idle();
      }
      return count / seconds / 1000;
    }
  }

  private StoredMessage message(int number, Random random) {
    StringBuilder text = new StringBuilder(number % (count / 20) == 0 ? RARE + " " : "");
    while (text.length() < SIZE) {
      // Some words are far more frequent than others.
      text.append('w').append((int) Math.pow(WORDS, random.nextDouble())).append(' ');
    }
    State state = number % 2 == 0 ? State.TAKEN : State.DELIVERED;
    return StoredMessage.builder(
            with(random.nextInt(CONVERSATIONS)), state, text.substring(0, SIZE), Instant.now())
        .teamName("Team")
        .build();
  }

  /** The fastest of some: what is slower has been disturbed. */
  private double millis(MessageStore store, HistoryQuery query) {
    long fastest = Long.MAX_VALUE;
    for (int i = 0; i < options.rounds(); i++) {
      long start = System.nanoTime();
      if (store.messages(query).isEmpty()) {
        throw new IllegalStateException("nothing was found for " + query);
      }
      fastest = Math.min(fastest, System.nanoTime() - start);
    }
    return fastest / NANOS_PER_MILLI;
  }

  private static double start(Path in) {
    long start = System.nanoTime();
    PeerNode node = ChatNodes.durable("Start", in).start();
    double millis = (System.nanoTime() - start) / NANOS_PER_MILLI;
    node.close();
    return millis;
  }

  private static long[] memory(Path in) throws IOException, InterruptedException {
    PeerNode node = ChatNodes.durable("Memory", in).start();
    long[] bytes = Memory.measure();
    node.close();
    return bytes;
  }

  private static double size(Path directory) throws IOException {
    long bytes = 0;
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(each -> each.toString().contains("messages.db")).toList()) {
        bytes += Files.size(file);
      }
    }
    return bytes;
  }
}
