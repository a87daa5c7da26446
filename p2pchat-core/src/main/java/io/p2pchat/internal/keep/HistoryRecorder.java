package io.p2pchat.internal.keep;

import io.p2pchat.StoreException;
import io.p2pchat.StoreTransaction;
import io.p2pchat.StoredMessage;
import io.p2pchat.internal.store.StoreChange;
import io.p2pchat.internal.store.StoreWriter;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adds messages to the history only. They are left out if too many wait, because their senders are
 * not slowed down. Thread-safe.
 */
final class HistoryRecorder {
  private static final Logger LOG = LoggerFactory.getLogger(HistoryRecorder.class);

  /** The most bytes of messages that wait to be stored. */
  static final long MOST_BYTES = 16L << 20;

  private final StoreWriter writer;
  private final AtomicLong waiting = new AtomicLong();
  private final AtomicLong leftOut = new AtomicLong();

  HistoryRecorder(StoreWriter writer) {
    this.writer = writer;
  }

  /** Adds a message. It is committed with the next change. */
  void record(StoredMessage message) {
    long size = MessageKeeper.ENTRY_BYTES + 2L * message.text().length();
    if (waiting.addAndGet(size) > MOST_BYTES) {
      waiting.addAndGet(-size);
      if (leftOut.getAndIncrement() == 0) {
        LOG.warn("The store is too slow for the history; messages are left out of it");
      }
    } else if (!writer.submitLazily(new Recording(message, size))) {
      waiting.addAndGet(-size);
    }
  }

  private final class Recording implements StoreChange {
    private final StoredMessage message;
    private final long size;

    Recording(StoredMessage message, long size) {
      this.message = message;
      this.size = size;
    }

    @Override
    public int bytes() {
      return message.text().length();
    }

    @Override
    public void apply(StoreTransaction transaction) {
      transaction.add(message);
    }

    @Override
    public void committed() {
      free();
    }

    @Override
    public boolean failed(StoreException e) {
      free();
      return false;
    }

    @Override
    public void dropped(StoreException e) {
      free();
    }

    private void free() {
      if (waiting.addAndGet(-size) < MOST_BYTES / 2 && leftOut.get() > 0) {
        LOG.warn("{} messages were left out of the history", leftOut.getAndSet(0));
      }
    }
  }
}
