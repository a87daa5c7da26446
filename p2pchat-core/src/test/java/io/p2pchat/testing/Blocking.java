package io.p2pchat.testing;

import java.util.concurrent.CountDownLatch;

/** What an application should not do: it does not even heed interruption. */
public final class Blocking {
  private Blocking() {}

  /**
   * Blocks the calling thread.
   *
   * @param end what it waits for
   * @param begun counted down before
   * @return whether it was interrupted
   */
  public static boolean until(CountDownLatch end, CountDownLatch begun) {
    begun.countDown();
    boolean interrupted = false;
    while (end.getCount() > 0) {
      try {
        end.await();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    return interrupted;
  }
}
