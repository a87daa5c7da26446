package io.p2pchat.internal.event;

/**
 * One source of events: what it has waiting for the listener, and how it is stopped and resumed.
 * What waits changes under the lock of the one {@link EventDispatcher} that the source is used
 * with.
 */
public abstract class FlowWindow {
  long waiting;
  volatile boolean stopped;

  /** Makes a source that has nothing waiting. */
  protected FlowWindow() {}

  /** Whether the source may go on now. May be called from any thread. */
  public final boolean isOpen() {
    return !stopped;
  }

  /** Whether to stop the source makes less wait; if not, others are stopped first. */
  protected boolean isStoppable() {
    return true;
  }

  /**
   * Stops or resumes the source. Called on the thread that publishes or on the one that runs the
   * listener, so it must pass the work on and not block.
   *
   * @param open false if the source is to stop, true if it may go on
   */
  protected abstract void set(boolean open);

  /** The source of what this node does itself: {@link #isOpen} is all that stops it. */
  public static FlowWindow ofOwnSends() {
    return new FlowWindow() {
      @Override
      protected boolean isStoppable() {
        return false;
      }

      @Override
      protected void set(boolean open) {
        // Asked for before each send.
      }
    };
  }
}
