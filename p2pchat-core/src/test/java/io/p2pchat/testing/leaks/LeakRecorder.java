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

  /** Collects garbage, and returns the leaks found since the last call. */
  List<String> collect() {
    GarbageCollection.run();
    detectors.forEach(RecordingLeakDetector::poll);
    var found = new ArrayList<String>();
    for (var leak = leaks.poll(); leak != null; leak = leaks.poll()) {
      found.add(leak);
    }
    return found;
  }
}
