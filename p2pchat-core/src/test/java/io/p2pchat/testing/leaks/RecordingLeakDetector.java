package io.p2pchat.testing.leaks;

import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakTracker;
import java.lang.ref.WeakReference;
import java.util.Collections;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A leak detector that hands each leak to a listener instead of the log. It also knows what is not
 * released yet: where that is nothing, or nothing that is garbage, there is no leak to look for.
 */
final class RecordingLeakDetector<T> extends ResourceLeakDetector<T> {
  private final Consumer<String> listener;
  private final Set<Tracker<T>> unreleased = ConcurrentHashMap.newKeySet();

  RecordingLeakDetector(Class<?> resource, int interval, Consumer<String> listener) {
    super(resource, interval);
    this.listener = listener;
  }

  @Override
  public @Nullable ResourceLeakTracker<T> track(T object) {
    return watch(object, super.track(object));
  }

  @Override
  public @Nullable ResourceLeakTracker<T> trackForcibly(T object) {
    return watch(object, super.trackForcibly(object));
  }

  private @Nullable ResourceLeakTracker<T> watch(
      T object, @Nullable ResourceLeakTracker<T> tracker) {
    if (tracker == null) {
      return null;
    }
    var watched = new Tracker<>(object, tracker, unreleased);
    unreleased.add(watched);
    return watched;
  }

  /** Returns the trackers of what is not released yet, be it garbage or in use. */
  Set<?> unreleased() {
    return Set.copyOf(unreleased);
  }

  /** Returns whether none of these trackers is of something unreleased. */
  boolean hasReleased(Set<?> trackers) {
    return Collections.disjoint(unreleased, trackers);
  }

  /** Returns whether the last collection of garbage took something that was not released. */
  boolean hasLeak() {
    return unreleased.stream().anyMatch(tracker -> tracker.refersTo(null));
  }

  /** Netty reports what was collected only when it starts to track something: so start. */
  void poll() {
    @SuppressWarnings("unchecked") // the tracker is asked for the object's identity only
    T probe = (T) new Object();
    var tracker = super.trackForcibly(probe);
    if (tracker != null) {
      tracker.close(probe);
    }
    unreleased.removeIf(leaked -> leaked.refersTo(null));
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

  /** Netty's tracker of an object, in the set until that is released. */
  private static final class Tracker<T> extends WeakReference<T> implements ResourceLeakTracker<T> {
    private final ResourceLeakTracker<T> tracker;
    private final Set<Tracker<T>> unreleased;

    Tracker(T object, ResourceLeakTracker<T> tracker, Set<Tracker<T>> unreleased) {
      super(object);
      this.tracker = tracker;
      this.unreleased = unreleased;
    }

    @Override
    public void record() {
      tracker.record();
    }

    @Override
    public void record(Object hint) {
      tracker.record(hint);
    }

    @Override
    public boolean close(T object) {
      unreleased.remove(this);
      return tracker.close(object);
    }

    @Override
    public @Nullable Throwable getCloseStackTraceIfAny() {
      return tracker.getCloseStackTraceIfAny();
    }
  }
}
