package io.p2pchat.testing.peers;

import io.p2pchat.PeerEvent;
import io.p2pchat.PeerListener;
import java.util.concurrent.CountDownLatch;

/** A listener that blocks at every event until it is opened. */
public final class Gate implements PeerListener {
  private final CountDownLatch open = new CountDownLatch(1);

  /** Makes a closed gate. */
  public Gate() {}

  @Override
  public void onEvent(PeerEvent event) {
    try {
      open.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Lets all events pass from now on. */
  public void open() {
    open.countDown();
  }
}
