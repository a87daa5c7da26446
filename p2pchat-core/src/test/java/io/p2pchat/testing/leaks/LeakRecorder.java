package io.p2pchat.testing.leaks;

import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** Makes leak detectors that record what they find. Thread-safe. */
final class LeakRecorder extends ResourceLeakDetectorFactory {
  private static final long PATIENCE_MILLIS = 500;
  private static final long LOOK_MILLIS = 10;

  private final Queue<RecordingLeakDetector<?>> detectors = new ConcurrentLinkedQueue<>();
  private final Queue<String> leaks = new ConcurrentLinkedQueue<>();

  @Override
  public <T> ResourceLeakDetector<T> newResourceLeakDetector(Class<T> resource, int interval) {
    var detector = new RecordingLeakDetector<T>(resource, interval, leaks::add);
    detectors.add(detector);
    return detector;
  }

  @Override
  @SuppressWarnings("deprecation") // abstract all the same
  public <T> ResourceLeakDetector<T> newResourceLeakDetector(
      Class<T> resource, int interval, long maxActive) {
    return newResourceLeakDetector(resource, interval);
  }

  /**
   * Returns the leaks since the last call. Collects garbage for it only if something stays
   * unreleased: in the large heap of the tests a collection takes longer than many a test class.
   */
  List<String> collect() {
    if (!isAllReleasedSoon()) {
      GarbageCollection.run();
      if (detectors.stream().anyMatch(RecordingLeakDetector::hasLeak)) {
        // The references found by one collection are queued in no particular order, but all of them
        // before those of the next. Netty reads the queue.
        GarbageCollection.run();
        detectors.forEach(RecordingLeakDetector::poll);
      }
    }
    var found = new ArrayList<String>();
    for (var leak = leaks.poll(); leak != null; leak = leaks.poll()) {
      found.add(leak);
    }
    return found;
  }

  /** Most of what the classes that run at the same time have in use is released in no time. */
  private boolean isAllReleasedSoon() {
    var trackers = new HashSet<Object>();
    detectors.forEach(detector -> trackers.addAll(detector.unreleased()));
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
    try {
      while (!detectors.stream().allMatch(detector -> detector.hasReleased(trackers))) {
        if (System.nanoTime() - end > 0) {
          return false;
        }
        TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while buffers were in use", e);
    }
  }
}
