package io.p2pchat.testing.leaks;

import io.netty.util.ResourceLeakDetector;
import java.util.function.Consumer;

/** A leak detector that hands each leak to a listener instead of the log. */
final class RecordingLeakDetector<T> extends ResourceLeakDetector<T> {
  private final Consumer<String> listener;

  RecordingLeakDetector(Class<?> resource, int interval, Consumer<String> listener) {
    super(resource, interval);
    this.listener = listener;
  }

  /** Netty reports what was collected only when it starts to track something: so start. */
  void poll() {
    @SuppressWarnings("unchecked") // the tracker is asked for the object's identity only
    T probe = (T) new Object();
    var tracker = trackForcibly(probe);
    if (tracker != null) {
      tracker.close(probe);
    }
  }

  @Override
  protected boolean needReport() {
    return true;
  }

  @Override
  protected void reportTracedLeak(String resourceType, String records) {
    listener.accept("LEAK: " + resourceType + records);
  }

  @Override
  protected void reportUntracedLeak(String resourceType) {
    listener.accept("LEAK: " + resourceType);
  }
}
