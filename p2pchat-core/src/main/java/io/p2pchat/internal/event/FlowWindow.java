package io.p2pchat.internal.event;

/**
 * What one source has waiting for the listener, and the valve that stops it. Changed under the lock
 * of the {@link EventDispatcher} that made it.
 */
public final class FlowWindow {
  final Valve valve;
  long waiting;
  volatile boolean stopped;

  FlowWindow(Valve valve) {
    this.valve = valve;
  }

  /** Whether the source may go on now. May be called from any thread. */
  public boolean isOpen() {
    return !stopped;
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
