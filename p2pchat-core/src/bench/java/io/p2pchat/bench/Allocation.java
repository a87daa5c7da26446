package io.p2pchat.bench;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;

/**
 * What all threads of this process allocate between two moments. What a thread allocated that ended
 * meanwhile is not known, so those are counted: with one of them the figure is too low.
 */
final class Allocation {
  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private Map<Long, Long> before = Map.of();

  long[] start() {
    before = perThread();
    return new long[0];
  }

  /** Returns bytes, and how many threads have ended. */
  long[] end() {
    Map<Long, Long> after = perThread();
    long bytes = 0;
    for (Map.Entry<Long, Long> thread : after.entrySet()) {
      bytes += thread.getValue() - before.getOrDefault(thread.getKey(), 0L);
    }
    long ended = before.keySet().stream().filter(id -> !after.containsKey(id)).count();
    return new long[] {bytes, ended};
  }

  private Map<Long, Long> perThread() {
    long[] ids = threads.getAllThreadIds();
    long[] bytes = threads.getThreadAllocatedBytes(ids);
    Map<Long, Long> perThread = new HashMap<>();
    for (int i = 0; i < ids.length; i++) {
      if (bytes[i] >= 0) {
        perThread.put(ids[i], bytes[i]);
      }
    }
    return perThread;
  }
}
