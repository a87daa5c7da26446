package io.p2pchat.internal.store;

import io.p2pchat.StoreException;
import io.p2pchat.StoreState;

/**
 * Hears about the store as a whole. {@link StoreWriter} calls it on its own thread, except {@link
 * #hangs}.
 */
public interface StoreListener {
  /** The store is this node's. Called once, before any change is applied. */
  void claimed(StoreState state);

  /** The store cannot be used. It is tried again. Called once for each series of failures. */
  void failing(StoreException e);

  /** The store can be used again after {@link #failing}. */
  void working();

  /** The store has not answered for a long time, or does again. Called on any thread. */
  void hangs(boolean now);
}
