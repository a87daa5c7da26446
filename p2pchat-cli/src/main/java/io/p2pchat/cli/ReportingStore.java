package io.p2pchat.cli;

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
import io.p2pchat.cli.output.LineOutput;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A store that says in words when it cannot be used, what to do, and when that is over. It passes
 * on everything.
 */
final class ReportingStore implements MessageStore {
  /** More than the clocks of two machines, or a leap second, explain. */
  private static final Duration TOLERANCE = Duration.ofMinutes(5);

  private static final String AGAIN = "Messages are stored again.";

  private final MessageStore store;
  private final Reports reports;
  private final InstantSource clock;
  private @Nullable Reason failing;
  private boolean hanging;

  /** Receives what the user must know, in sentences. */
  interface Reports {
    /** Receives a problem, and what to do. */
    void warn(String text);

    /** Receives a notice, such as that a problem is over. */
    void tell(String text);

    /** Prints both, for scripts. */
    static Reports to(LineOutput err) {
      return new Reports() {
        @Override
        public void warn(String text) {
          err.print(text);
        }

        @Override
        public void tell(String text) {
          err.print(text);
        }
      };
    }
  }

  ReportingStore(MessageStore store, Reports reports, InstantSource clock) {
    this.store = store;
    this.reports = reports;
    this.clock = clock;
  }

  private interface Work<T> {
    T run();
  }

  private <T> T told(Work<T> work) {
    try {
      return work.run();
    } catch (StoreException e) {
      if (e.reason() != Reason.CLOSED) {
        fails(e);
      }
      throw e;
    }
  }

  private synchronized void fails(StoreException e) {
    if (failing != e.reason()) {
      failing = e.reason();
      reports.warn("Messages are not stored. " + e.getMessage() + option(e));
    }
  }

  /** Says how to give an option to the Java of this program. */
  private static String option(StoreException e) {
    return e.reason() == Reason.LIBRARY
        ? " For p2pchat, put this option into the variable P2PCHAT_JAVA_OPTS."
        : "";
  }

  private synchronized void works() {
    if (failing != null) {
      failing = null;
      reports.tell(AGAIN);
    }
  }

  @Override
  public synchronized void hangs(boolean now) {
    if (now && failing == null) {
      hanging = true;
      reports.warn(
          "Messages are not stored. The disk with the history has not answered for 10 seconds."
              + " Check the disk. What you send waits for it.");
    } else if (!now && hanging) {
      hanging = false;
      if (failing == null) {
        reports.tell(AGAIN);
      }
    }
    store.hangs(now);
  }

  @Override
  public StoreState claim() {
    StoreState state = told(store::claim);
    works();
    state.notice().ifPresent(reports::warn);
    if (isBehind()) {
      reports.warn(
          "The clock of this computer is behind the time of your last message. Set the clock. Until"
              + " then, new messages have wrong times; their order is right.");
    }
    return state;
  }

  private boolean isBehind() {
    Instant latest = clock.instant().plus(TOLERANCE);
    try {
      return store.messages(HistoryQuery.last(1)).stream()
          .anyMatch(last -> last.time().isAfter(latest));
    } catch (StoreException e) {
      return false; // The next transaction says what is wrong.
    }
  }

  @Override
  public StoreTransaction begin() {
    return new Reporting(told(store::begin));
  }

  @Override
  public boolean idle() {
    return told(store::idle);
  }

  @Override
  public List<StoredMessage> messages(HistoryQuery query) {
    return store.messages(query);
  }

  @Override
  public List<StoredMessage> conversations(int limit) {
    return store.conversations(limit);
  }

  @Override
  public List<StoredMessage> untaken(Conversation conversation, long after, int limit) {
    return store.untaken(conversation, after, limit);
  }

  @Override
  public void close() {
    store.close();
  }

  @Override
  public String toString() {
    return store.toString();
  }

  /** A transaction of this store. A failure in it is told, too. */
  private final class Reporting implements StoreTransaction {
    private final StoreTransaction transaction;

    Reporting(StoreTransaction transaction) {
      this.transaction = transaction;
    }

    private void tell(Runnable work) {
      told(
          () -> {
            work.run();
            return true;
          });
    }

    @Override
    public long add(StoredMessage message) {
      return told(() -> transaction.add(message));
    }

    @Override
    public long receive(StoredMessage message) {
      return told(() -> transaction.receive(message));
    }

    @Override
    public long received(Fingerprint key, String outboxId) {
      return told(() -> transaction.received(key, outboxId));
    }

    @Override
    public void end(long row, State state, String failure) {
      tell(() -> transaction.end(row, state, failure));
    }

    @Override
    public void taken(long row) {
      tell(() -> transaction.taken(row));
    }

    @Override
    public void delete(Conversation conversation) {
      tell(() -> transaction.delete(conversation));
    }

    @Override
    public void deleteAll() {
      tell(transaction::deleteAll);
    }

    @Override
    public void commit() {
      tell(transaction::commit);
      works();
    }

    @Override
    public void close() {
      transaction.close();
    }
  }
}
