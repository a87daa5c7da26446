package io.p2pchat.testing.peers;

import java.util.HashSet;
import java.util.Set;

/** The threads of the nodes that were started after this was made. */
public final class RunningNodeThreads {
  private final Set<Thread> before = running();

  /** Remembers the threads of the nodes that run. */
  public RunningNodeThreads() {}

  /** The new ones that run now. */
  public Set<Thread> now() {
    Set<Thread> threads = running();
    threads.removeAll(before);
    return threads;
  }

  private static Set<Thread> running() {
    Set<Thread> threads = new HashSet<>(Thread.getAllStackTraces().keySet());
    threads.removeIf(thread -> !thread.getName().startsWith("p2pchat-"));
    return threads;
  }
}
