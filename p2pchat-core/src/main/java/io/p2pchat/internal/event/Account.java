package io.p2pchat.internal.event;

/**
 * What one source has waiting for the listener, and the valve that stops it. Guarded by the {@link
 * HandOver} that made it.
 */
public final class Account {
  final Valve valve;
  long waiting;
  boolean stopped;

  Account(Valve valve) {
    this.valve = valve;
  }

  /**
   * Stops and resumes a source. Called on the thread that publishes or on the one that runs the
   * listener, so it must pass the work on and not block.
   */
  public interface Valve {
    /** A source that cannot be stopped. */
    Valve NONE = open -> {};

    /** Called with false when the source is to stop, with true when it may go on. */
    void set(boolean open);
  }
}
