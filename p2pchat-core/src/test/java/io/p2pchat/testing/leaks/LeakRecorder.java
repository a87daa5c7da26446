package io.p2pchat.testing.leaks;

import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Makes leak detectors that record what they find. Thread-safe. */
final class LeakRecorder extends ResourceLeakDetectorFactory {
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
   * Returns the leaks since the last call. Collects garbage for it only if something is not
   * released: in the large heap of the tests a collection takes longer than many a test class.
   */
  List<String> collect() {
    if (detectors.stream().anyMatch(RecordingLeakDetector::hasUnreleased)) {
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
}
