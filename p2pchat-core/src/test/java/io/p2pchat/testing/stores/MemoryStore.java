package io.p2pchat.testing.stores;

import io.p2pchat.Conversation;
import io.p2pchat.Fingerprint;
import io.p2pchat.HistoryQuery;
import io.p2pchat.MessageStore;
import io.p2pchat.StoreException;
import io.p2pchat.StoreException.Reason;
import io.p2pchat.StoreState;
import io.p2pchat.StoreTransaction;
import io.p2pchat.StoredMessage;
import io.p2pchat.StoredMessage.State;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A store in memory, the simplest one that keeps the contract. Its {@link Disk} stands for the
 * disk: it outlives the store, as a file outlives a killed process.
 */
public final class MemoryStore implements MessageStore {
  private static final Set<State> INCOMING = Set.of(State.UNTAKEN, State.TAKEN);

  private final Disk disk;

  /** Opens a store on a disk. */
  public MemoryStore(Disk disk) {
    this.disk = disk;
  }

  /** What is stored. Thread-safe. */
  public static final class Disk {
    private volatile Content content = new Content();
    private volatile Runnable beforeClaim = () -> {};
    private volatile Runnable beforeCommit = () -> {};
    private volatile Runnable beforeRead = () -> {};
    private @Nullable MemoryStore owner;
    private @Nullable StoreException failure;

    /** Makes every claim and commit fail, as a full disk does. Null: no more. */
    public synchronized void fail(@Nullable StoreException e) {
      failure = e;
    }

    /** Runs before each claim, on the thread that claims. It may throw. */
    public void beforeClaim(Runnable step) {
      beforeClaim = step;
    }

    /** Runs before each commit, on the thread that commits. It may throw. */
    public void beforeCommit(Runnable step) {
      beforeCommit = step;
    }

    /** Runs before each reading of what is untaken. It may throw. */
    public void beforeRead(Runnable step) {
      beforeRead = step;
    }

    /** Frees the store, as the end of its process does. Its owner cannot commit any more. */
    public synchronized void crash() {
      owner = null;
    }

    /** Returns another disk with the same content, as a backup has it. */
    public synchronized Disk copy() {
      Disk copy = new Disk();
      copy.content = new Content(content);
      return copy;
    }

    synchronized void claim(MemoryStore store) {
      if (failure != null) {
        throw failure;
      }
      if (owner != null && owner != store) {
        throw new StoreException(Reason.LOCKED, "The disk is another store's.", null);
      }
      owner = store;
    }

    synchronized void release(MemoryStore store) {
      owner = owner == store ? null : owner;
    }

    synchronized void requireOwner(MemoryStore store) {
      if (owner != store) {
        throw new StoreException(Reason.CLOSED, "The store is closed. Claim it first.", null);
      }
    }

    synchronized void write(MemoryStore store, Content next) {
      requireOwner(store);
      if (failure != null) {
        throw failure;
      }
      content = next;
    }
  }

  /** A version of everything. Immutable once it is the disk's. */
  private static final class Content {
    private final TreeMap<Long, StoredMessage> messages;

    /** The highest numbers, in the order in which their outboxes were named. */
    private final LinkedHashMap<Source, Long> received;

    private long lastRow;

    Content() {
      this.messages = new TreeMap<>();
      this.received = new LinkedHashMap<>();
    }

    Content(Content that) {
      this.messages = new TreeMap<>(that.messages);
      this.received = new LinkedHashMap<>(that.received);
      this.lastRow = that.lastRow;
    }
  }

  private record Source(Fingerprint key, String outbox) {}

  @Override
  public StoreState claim() {
    disk.beforeClaim.run();
    disk.claim(this);
    Content content = disk.content;
    return StoreState.of(
        in(content, State.KEPT).toList(),
        in(content, State.UNTAKEN).map(StoredMessage::conversation).distinct().toList(),
        content.lastRow,
        null);
  }

  private static Stream<StoredMessage> in(Content content, State state) {
    return content.messages.values().stream().filter(message -> message.state() == state);
  }

  @Override
  public StoreTransaction begin() {
    disk.requireOwner(this);
    return new Transaction();
  }

  @Override
  public List<StoredMessage> messages(HistoryQuery query) {
    List<StoredMessage> fit =
        disk.content.messages.values().stream().filter(message -> fits(message, query)).toList();
    return query.forward()
        ? fit.stream().limit(query.limit()).toList()
        : fit.stream().skip(Math.max(0, fit.size() - query.limit())).toList();
  }

  private static boolean fits(StoredMessage message, HistoryQuery query) {
    return message.row() > query.after()
        && message.row() < query.before()
        && query.conversation().map(message.conversation()::equals).orElse(true)
        && query.since().map(since -> !message.time().isBefore(since)).orElse(true)
        && query.state().map(message.state()::equals).orElse(true)
        && (query.words().isBlank() || hasWords(message.text(), query.words()));
  }

  private static boolean hasWords(String text, String words) {
    return Arrays.stream(words.split("\\s+"))
        .allMatch(word -> words(text).contains(words(word).stripTrailing()));
  }

  /** Returns the words, each after a space, and a space. Only Latin letters lose their accents. */
  private static String words(String text) {
    String decomposed = Normalizer.normalize(text, Normalizer.Form.NFD);
    String plain =
        Normalizer.normalize(
            decomposed.replaceAll("(?<=\\p{IsLatin})\\p{Mn}+", ""), Normalizer.Form.NFC);
    return (" " + plain.toLowerCase(Locale.ROOT) + " ").replaceAll("[^\\p{L}\\p{N}]+", " ");
  }

  @Override
  public List<StoredMessage> conversations(int limit) {
    Map<Conversation, StoredMessage> last = new LinkedHashMap<>();
    disk.content.messages.values().forEach(message -> last.put(message.conversation(), message));
    return last.values().stream()
        .sorted(Comparator.comparing(StoredMessage::row).reversed())
        .limit(limit)
        .toList();
  }

  @Override
  public List<StoredMessage> untaken(Conversation conversation, long after, int limit) {
    disk.beforeRead.run();
    return in(disk.content, State.UNTAKEN)
        .filter(message -> message.row() > after && message.conversation().equals(conversation))
        .limit(limit)
        .toList();
  }

  @Override
  public void close() {
    disk.release(this);
  }

  private final class Transaction implements StoreTransaction {
    private final Content content = new Content(disk.content);

    @Override
    public long add(StoredMessage message) {
      long row = ++content.lastRow;
      StoredMessage.Builder stored = message.toBuilder().row(row);
      content.messages.put(
          row, (message.state() == State.KEPT ? stored : stored.withoutNumber()).build());
      return row;
    }

    @Override
    public long receive(StoredMessage message) {
      Fingerprint key = message.conversation().key().orElseThrow();
      String outbox = message.outboxId().orElseThrow();
      if (message.number() <= received(key, outbox)) {
        return 0;
      }
      content.received.put(new Source(key, outbox), message.number());
      return add(message);
    }

    @Override
    public long received(Fingerprint key, String outboxId) {
      Source source = new Source(key, outboxId);
      Long number = content.received.remove(source);
      if (number == null) {
        return 0;
      }
      content.received.put(source, number);
      return number;
    }

    /** Keeps what was named last, and first of keys to which there are messages. */
    private void forget() {
      Set<Conversation> own =
          content.messages.values().stream()
              .filter(message -> !INCOMING.contains(message.state()))
              .map(StoredMessage::conversation)
              .collect(Collectors.toSet());
      List<Source> latest = new ArrayList<>(content.received.keySet());
      Collections.reverse(latest);
      latest.sort(Comparator.comparing(source -> !own.contains(Conversation.of(source.key))));
      Map<Fingerprint, Integer> ofKey = new HashMap<>();
      int all = 0;
      for (Source source : latest) {
        if (ofKey.merge(source.key, 1, Integer::sum) > OUTBOXES_PER_KEY
            || ++all > OUTBOXES_IN_ALL) {
          content.received.remove(source);
        }
      }
    }

    @Override
    public void end(long row, State state, String failure) {
      content.messages.computeIfPresent(
          row,
          (any, message) ->
              message.state() != State.KEPT
                  ? message
                  : message.toBuilder()
                      .state(state)
                      .failure(failure.isEmpty() ? null : failure)
                      .expiry(null)
                      .withoutNumber()
                      .build());
    }

    @Override
    public void taken(long row) {
      content.messages.computeIfPresent(
          row,
          (any, message) ->
              message.state() == State.UNTAKEN
                  ? message.toBuilder().state(State.TAKEN).build()
                  : message);
    }

    @Override
    public void delete(Conversation conversation) {
      content.messages.values().removeIf(message -> message.conversation().equals(conversation));
    }

    @Override
    public void deleteAll() {
      content.messages.clear();
    }

    @Override
    public void commit() {
      disk.beforeCommit.run();
      forget();
      disk.write(MemoryStore.this, content);
    }

    @Override
    public void close() {
      // What was not committed is forgotten.
    }
  }
}
