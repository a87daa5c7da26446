package io.p2pchat.internal.event;

/**
 * A source of events: its queued cost, and how it is stopped and resumed. The lock of the source's
 * {@link EventDispatcher} guards the cost. A source belongs to one dispatcher.
 */
public abstract class FlowWindow {
  long waiting;
  volatile boolean stopped;

  /** Creates a source with nothing queued. */
  protected FlowWindow() {}

  /** Returns whether the source may send more events now. May be called from any thread. */
  public final boolean isOpen() {
    return !stopped;
  }

  /**
   * Returns whether stopping the source reduces the queue. If not, other sources are stopped first.
   */
  protected boolean isStoppable() {
    return true;
  }

  /**
   * Stops or resumes the source. Called on the publisher's or the listener's thread, so it must
   * hand the work over and not block.
   *
   * @param open false to stop the source, true to resume it
   */
  protected abstract void set(boolean open);
}
