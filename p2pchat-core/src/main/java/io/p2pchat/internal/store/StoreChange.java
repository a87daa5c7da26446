package io.p2pchat.internal.store;

import io.p2pchat.StoreException;
import io.p2pchat.StoreTransaction;

/**
 * A change of the store. {@link StoreWriter} calls its methods, on its own thread. None may block.
 */
public interface StoreChange {
  /** Returns the length of its texts in UTF-8, about. */
  int bytes();

  /**
   * Makes the change. Called again in another transaction if this one could not be committed, so it
   * must not have other effects.
   */
  void apply(StoreTransaction transaction);

  /** The change is on the disk. Called once, in the order of the changes. */
  default void committed() {}

  /**
   * The change could not be stored.
   *
   * @return whether to try it again, in its order, until it can be
   */
  default boolean failed(StoreException e) {
    return true;
  }

  /** The writer has closed before the change was committed. It never will be. */
  default void dropped(StoreException e) {}
}
