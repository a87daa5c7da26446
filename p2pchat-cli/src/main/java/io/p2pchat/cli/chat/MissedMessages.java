package io.p2pchat.cli.chat;

import io.p2pchat.Conversation;
import io.p2pchat.HistoryQuery;
import io.p2pchat.MessageStore;
import io.p2pchat.Peer;
import io.p2pchat.PeerEvent.MessageReceived;
import io.p2pchat.StoreException;
import io.p2pchat.StoredMessage;
import io.p2pchat.cli.output.ResultText;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Says how many messages came while the user was away. Those are the messages that were sent before
 * the chat was started, by their time in the store. The messages that the last chat has not shown
 * count too. One line counts all that arrive without a pause.
 *
 * <p>This class is thread-safe. It reads the store on the thread of the executor.
 */
final class MissedMessages {
  private static final long PAUSE_NANOS = Duration.ofMillis(500).toNanos();
  private static final int PAGE = 500;
  private static final int PAGES_AT_ONCE = 20;
  private static final int MOST_PAGES_SINCE_START = 1000;
  private static final int MAX_NAMED = 4;
  private static final int MAX = 4096;

  private final Instant start;
  private final Function<Peer, String> nameOf;
  private final Consumer<String> out;
  private final LongFunction<Executor> delayed;

  /** The peers that were heard since the start, and not ignored, with their names. */
  private final Map<Conversation, String> heard = new LinkedHashMap<>();

  private final Map<Conversation, Integer> came = new LinkedHashMap<>();

  /** The last row that was looked at, by one task at a time. */
  private long row = -1;

  /** How many had come when it last looked. */
  private int counted;

  private @Nullable MessageStore store;
  private boolean isDue;

  /**
   * Creates it.
   *
   * @param start when the chat was started
   * @param nameOf the name of a peer for a sentence
   * @param out takes the lines, not escaped
   * @param delayed returns an executor that waits for that number of nanoseconds first
   */
  MissedMessages(
      Instant start,
      Function<Peer, String> nameOf,
      Consumer<String> out,
      LongFunction<Executor> delayed) {
    this.start = start;
    this.nameOf = nameOf;
    this.out = out;
    this.delayed = delayed;
  }

  /** The chat can show what came. Without a store, nothing that was sent before can come. */
  synchronized void begin(MessageStore opened) {
    store = opened;
    if (!heard.isEmpty()) {
      check(opened);
    }
  }

  /** Takes a message that is shown. */
  synchronized void message(MessageReceived message) {
    Conversation from = Conversation.of(message.peer());
    if (heard.size() < MAX) {
      heard.computeIfAbsent(from, any -> nameOf.apply(message.peer()));
    }
    if (message.redelivered()) {
      add(from);
    }
    if (store != null) {
      check(store);
    }
  }

  private void check(MessageStore in) {
    if (!isDue) {
      isDue = true;
      later(in);
    }
  }

  private void add(Conversation from) {
    came.merge(from, 1, Integer::sum);
  }

  private void later(MessageStore in) {
    delayed.apply(PAUSE_NANOS).execute(() -> look(in));
  }

  private void look(MessageStore in) {
    List<Conversation> found = new ArrayList<>();
    boolean isRead = read(in, found);
    synchronized (this) {
      found.stream().filter(heard::containsKey).forEach(this::add);
      int all = came.values().stream().mapToInt(Integer::intValue).sum();
      if (!isRead || all > counted) {
        counted = all;
        later(in);
        return;
      }
      isDue = false;
      if (all > 0) {
        out.accept(line(all));
        came.clear();
        counted = 0;
      }
    }
  }

  /** Finds what has come since the last time. Returns whether that was all. */
  private boolean read(MessageStore store, List<Conversation> found) {
    try {
      if (row < 0) {
        row = rowBeforeStart(store);
      }
      for (int i = 0; i < PAGES_AT_ONCE; i++) {
        List<StoredMessage> page = store.messages(HistoryQuery.first(PAGE).after(row));
        for (StoredMessage message : page) {
          row = message.row();
          if (!message.state().outgoing()
              && !message.time().isBefore(start)
              && message.claimedTime().filter(start::isAfter).isPresent()) {
            found.add(message.conversation());
          }
        }
        if (page.size() < PAGE) {
          return true;
        }
      }
      return false;
    } catch (StoreException e) {
      return true; // The store has said so already.
    }
  }

  /** Looks for the row from the end on, because there can be a million before. */
  private long rowBeforeStart(MessageStore store) {
    long first = Long.MAX_VALUE;
    for (int i = 0; i < MOST_PAGES_SINCE_START; i++) {
      List<StoredMessage> page = store.messages(HistoryQuery.last(PAGE).before(first));
      if (page.isEmpty() || page.get(0).time().isBefore(start)) {
        return page.isEmpty() ? 0 : page.get(0).row() - 1;
      }
      first = page.get(0).row();
    }
    return first - 1;
  }

  private String line(int all) {
    String what = ResultText.messages(all);
    String end = " came while you were away";
    List<Conversation> from = List.copyOf(came.keySet());
    if (from.size() == 1) {
      return what + " from " + name(from.get(0)) + end + ".";
    }
    List<String> names =
        from.stream().map(each -> name(each) + " (" + came.get(each) + ")").toList();
    return what + end + ": " + NamesText.of(names, MAX_NAMED) + ".";
  }

  private String name(Conversation from) {
    return heard.getOrDefault(from, "others");
  }
}
