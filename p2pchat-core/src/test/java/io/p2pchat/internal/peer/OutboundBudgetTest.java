package io.p2pchat.internal.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.PeerAddress;
import io.p2pchat.internal.protocol.EncodedText;
import io.p2pchat.internal.security.HostPrefix;
import io.p2pchat.internal.session.QueueLimits;
import io.p2pchat.internal.session.SendFuture;
import io.p2pchat.internal.session.SendQueue;
import io.p2pchat.testing.netty.ManualLoop;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class OutboundBudgetTest {
  private static final int MAX = 1 << 20;
  private static final int LONGEST = 1 << 16;

  private final List<Runnable> completions = new ArrayList<>();
  private final OutboundBudget budget =
      new OutboundBudget(MAX, LONGEST, MAX, new NodeExecutors(new ManualLoop(), completions::add));
  private int hosts;

  private OutboundBudget.Share host() {
    hosts++;
    return budget.of(HostPrefix.of(new PeerAddress("10.1." + hosts / 256 + "." + hosts % 256, 1)));
  }

  /** Lets new hosts take all that they get, until one gets one message only. Returns them. */
  private List<OutboundBudget.Share> fill() {
    List<OutboundBudget.Share> silent = new ArrayList<>();
    int taken = 0;
    while (taken != 1) {
      OutboundBudget.Share host = host();
      taken = 0;
      while (host.take(OutboundBudget.cost(1, 100))) {
        taken++;
      }
      silent.add(host);
    }
    return silent;
  }

  private void complete() {
    List<Runnable> now = List.copyOf(completions);
    completions.clear();
    now.forEach(Runnable::run);
  }

  @Test
  void silentHostsLeaveRoomForOneMessageToEachOther() {
    assertThat(fill()).hasSizeLessThan(20);
    OutboundBudget.Share honest = host();
    assertThat(honest.whenWritable()).isDone();
    assertThat(honest.take(OutboundBudget.cost(1, LONGEST))).isTrue();
    assertThat(honest.take(OutboundBudget.cost(1, 100))).isFalse();
    assertThat(honest.isWritable()).isFalse();
    honest.release(OutboundBudget.cost(1, LONGEST));
    assertThat(honest.take(OutboundBudget.cost(1, LONGEST))).isTrue();
  }

  @Test
  void whatHostsGetBeyondTheLimitIsBounded() {
    fill();
    int more = 0;
    OutboundBudget.Share last = host();
    while (last.isWritable()) {
      assertThat(last.take(OutboundBudget.cost(1, LONGEST))).isTrue();
      more++;
      last = host();
    }
    assertThat(more).isBetween(4, 5);
    assertThat(last.take(OutboundBudget.cost(1, LONGEST))).isFalse();
    assertThat(last.whenWritable()).isNotDone();
  }

  /** Otherwise a sender that waits for room fails and waits without end. */
  @Test
  void hostThatIsWritableHasRoomForAnyLine() {
    List<OutboundBudget.Share> silent = fill();
    OutboundBudget.Share honest = host();
    assertThat(honest.take(OutboundBudget.cost(1, 1))).isTrue();
    CompletableFuture<Void> writable = honest.whenWritable();
    silent.forEach(
        host -> {
          host.release(OutboundBudget.cost(1, 100));
          complete();
          assertThat(writable.isDone()).isEqualTo(honest.isWritable());
          boolean hasRoom = honest.take(OutboundBudget.cost(1, LONGEST));
          if (hasRoom) {
            honest.release(OutboundBudget.cost(1, LONGEST));
          }
          assertThat(hasRoom || !honest.isWritable()).isTrue();
        });
    honest.release(OutboundBudget.cost(1, 1));
    complete();
    assertThat(writable).isDone();
  }

  @Test
  void releasesWakeTheWaitingOnce() {
    List<OutboundBudget.Share> silent = fill();
    OutboundBudget.Share first = silent.get(0);
    CompletableFuture<Void> writable = first.whenWritable();
    for (int i = 0; i < 1000; i++) {
      first.release(OutboundBudget.cost(1, 100));
    }
    assertThat(completions).hasSize(1);
    complete();
    assertThat(writable).isNotDone();
    while (!first.isWritable()) {
      first.release(OutboundBudget.cost(1, 100));
    }
    assertThat(completions).hasSize(1);
    complete();
    assertThat(writable).isDone();
    first.release(OutboundBudget.cost(1, 100));
    assertThat(completions).isEmpty();
  }

  /** Queues and settles as many lines as fill arrays. Returns those of the last ones. */
  private static Set<byte[]> arrays(SendQueue queue) {
    Set<byte[]> arrays = Collections.newSetFromMap(new IdentityHashMap<>());
    SendQueue.Cursor cursor = queue.seek(queue.accepted());
    for (int i = 0; i < 400; i++) {
      queue.offer(new byte[0], EncodedText.of("x".repeat(1000)), new SendFuture());
      SendQueue.Slice slice = Objects.requireNonNull(queue.read(cursor));
      queue.done(slice);
      if (i > 200) {
        arrays.add(slice.array());
      }
    }
    // A later line keeps the size of the arrays.
    queue.release(queue.settle(queue.accepted() - 1));
    return arrays;
  }

  @Test
  void arraysAreKeptWhileMessagesHoldRoom() {
    OutboundBudget large =
        new OutboundBudget(
            1 << 24, LONGEST, MAX, new NodeExecutors(new ManualLoop(), completions::add));
    OutboundBudget.Share host = large.of(HostPrefix.of(new PeerAddress("10.1.1.1", 1)));
    SendQueue queue =
        new SendQueue(new QueueLimits(1000, 1 << 20), host.spares(), (future, bytes) -> {});
    host.take(200);
    Set<byte[]> before = arrays(queue);
    host.release(100);
    Set<byte[]> kept = arrays(queue);
    assertThat(kept).anyMatch(before::contains);
    host.release(100);
    assertThat(arrays(queue)).noneMatch(kept::contains).noneMatch(before::contains);
  }
}
