package io.p2pchat.internal.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerEvent;
import io.p2pchat.PeerEvent.ProtocolViolation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Drives a dispatcher by hand: tasks run when the test says so, on its own thread. */
class EventDispatcherTest {
  private static final Peer REMOTE = Peer.builder(new PeerAddress("10.0.0.1", 7001)).build();

  private final Deque<Runnable> tasks = new ArrayDeque<>();
  private final Queue<Runnable> retries = new ArrayDeque<>();
  private final List<String> told = new ArrayList<>();
  private final List<String> toldLast = new ArrayList<>();
  private final List<String> failed = new ArrayList<>();
  private @Nullable Throwable throwing;
  private Runnable inListener = () -> {};
  private final EventDispatcher dispatcher =
      new EventDispatcher(
          List.of(this::tell, event -> toldLast.add(name(event))),
          (event, failure) -> failed.add(name(event)),
          this::execute,
          retries::add,
          1000,
          2500);

  private void tell(PeerEvent event) {
    String name = name(event);
    told.add(name);
    inListener.run();
    if (name.startsWith("throw")) {
      throw new IllegalStateException("as the test asked");
    }
  }

  private static String name(PeerEvent event) {
    return ((ProtocolViolation) event).description();
  }

  private void execute(Runnable task) {
    if (throwing instanceof Error error) {
      throw error;
    }
    if (throwing instanceof RuntimeException failure) {
      throw failure;
    }
    tasks.add(task);
  }

  private Source source() {
    return new Source();
  }

  private void publish(String name, Source from, int cost) {
    dispatcher.publish(ProtocolViolation.of(REMOTE, name, Instant.EPOCH), from, cost);
  }

  private void run() {
    while (!tasks.isEmpty()) {
      tasks.remove().run();
    }
  }

  private static final class Source extends FlowWindow {
    final List<Boolean> valve = new ArrayList<>();

    @Override
    protected void set(boolean open) {
      valve.add(open);
    }
  }

  @Test
  void eventsComeInOrderOnTheExecutorInOneTaskAtATime() {
    Source source = source();
    for (int i = 0; i < 600; i++) {
      publish("e" + i, source, 1);
      assertThat(tasks).hasSize(1);
    }
    assertThat(told).isEmpty();
    run();
    assertThat(told).hasSize(600).startsWith("e0", "e1", "e2").endsWith("e599");
  }

  @Test
  void aListenerThatThrowsGetsTheNextEventAndItsEventCountsAsTaken() {
    Source source = source();
    publish("throw", source, 900);
    publish("next", source, 50);
    run();
    assertThat(told).containsExactly("throw", "next");
    assertThat(dispatcher.isIdle(source)).isTrue();
  }

  @Test
  void aSourceStopsAtItsBoundAndGoesOnBelowHalf() {
    Source source = source();
    for (int i = 0; i < 4; i++) {
      publish("e" + i, source, 300);
    }
    assertThat(source.valve).containsExactly(false);
    assertThat(source.isOpen()).isFalse();
    run();
    assertThat(source.valve).containsExactly(false, true);
    assertThat(source.isOpen()).isTrue();
  }

  @Test
  void overTheBoundOfAllTheOneWithMostWaitingIsStoppedFirst() {
    Source small = source();
    Source medium = source();
    Source large = source();
    Source idle = source();
    publish("s", small, 500);
    publish("l", large, 990);
    publish("m", medium, 800);
    assertThat(large.valve).isEmpty();
    publish("s", small, 300);
    assertThat(large.valve).containsExactly(false);
    publish("s", small, 5);
    assertThat(small.valve).containsExactly(false);
    publish("m", medium, 1);
    assertThat(medium.valve).containsExactly(false);
    assertThat(idle.isOpen()).isTrue();
    run();
    assertThat(List.of(small.valve, medium.valve, large.valve))
        .allSatisfy(valve -> assertThat(valve).containsExactly(false, true));
  }

  @Test
  void aSourceWithNothingWaitingGoesOnThoughOthersHoldTheNodeAtItsBound() {
    Source first = source();
    Source second = source();
    Source third = source();
    publish("f", first, 999);
    publish("s", second, 998);
    publish("t", third, 997);
    assertThat(first.valve).containsExactly(false);
    tasks.remove();
    dispatcher.runOne();
    assertThat(first.valve).containsExactly(false, true);
    assertThat(dispatcher.isIdle(first)).isTrue();
  }

  @Test
  void aSourceThatCannotBeStoppedIsNotStoppedForTheOthers() {
    FlowWindow own = new OwnSendsWindow(Runnable::run);
    dispatcher.publish(ProtocolViolation.of(REMOTE, "own", Instant.EPOCH), own, 999);
    publish("a", source(), 900);
    publish("b", source(), 900);
    publish("c", source(), 1);
    assertThat(own.isOpen()).isTrue();
  }

  @Test
  void anExecutorThatThrowsAnythingIsAskedAgain() {
    assertAskedAgainAfter(new IllegalStateException("as the test asked"));
  }

  @Test
  void anExecutorThatCanCreateNoThreadIsAskedAgain() {
    assertAskedAgainAfter(
        new OutOfMemoryError("unable to create native thread, as the test asked"));
  }

  private void assertAskedAgainAfter(Throwable failure) {
    throwing = failure;
    publish("e", source(), 1);
    throwing = null;
    retries.remove().run();
    run();
    assertThat(told).containsExactly("e");
  }

  @Test
  void aTaskThatIsKeptAndRejectedIsNoSecondOne() {
    Runnable[] kept = new Runnable[1];
    EventDispatcher keeping =
        new EventDispatcher(
            List.of(this::tell),
            (event, failure) -> {},
            task -> {
              kept[0] = kept[0] == null ? task : kept[0];
              throw new RejectedExecutionException("as the test asked");
            },
            retries::add,
            1000,
            2500);
    keeping.publish(ProtocolViolation.of(REMOTE, "e", Instant.EPOCH), source(), 1);
    kept[0].run();
    assertThat(told).isEmpty();
  }

  @Test
  void aTaskIsNotRunOnTheCallingThread() {
    List<Throwable> outcomes = new ArrayList<>();
    boolean[] direct = {true};
    EventDispatcher callerRuns =
        new EventDispatcher(
            List.of(this::tell),
            (event, failure) -> outcomes.add(failure),
            task -> {
              if (direct[0]) {
                task.run();
              } else {
                tasks.add(task);
              }
            },
            retries::add,
            1000,
            2500);
    callerRuns.publish(ProtocolViolation.of(REMOTE, "e", Instant.EPOCH), source(), 1);
    assertThat(told).isEmpty();
    direct[0] = false;
    retries.remove().run();
    run();
    assertThat(told).containsExactly("e");
    assertThat(outcomes).isEmpty();
    assertThat(EventDispatcher.isDirect(Runnable::run)).isTrue();
    assertThat(EventDispatcher.isDirect(tasks::add)).isFalse();
  }

  @Test
  void aRejectedTaskIsOfferedAgain() {
    throwing = new RejectedExecutionException("as the test asked");
    publish("e", source(), 1);
    publish("f", source(), 1);
    assertThat(retries).hasSize(1);
    throwing = null;
    retries.remove().run();
    run();
    assertThat(told).containsExactly("e", "f");
  }

  @Test
  void afterClosingNothingIsTakenAndWhatWaitsIsStillTold() throws InterruptedException {
    Source source = source();
    publish("before", source, 1);
    dispatcher.close();
    publish("after", source, 1);
    run();
    assertThat(dispatcher.awaitIdle(Duration.ofSeconds(1))).isZero();
    assertThat(told).containsExactly("before");
  }

  @Test
  void whatIsNotTakenInTimeIsDroppedAndCounted() throws InterruptedException {
    publish("e", source(), 1);
    assertThat(dispatcher.awaitIdle(Duration.ofMillis(1))).isEqualTo(1);
    run();
    assertThat(told).isEmpty();
  }

  @Test
  void whatOneListenerThrowsHidesNoEventFromTheNext() {
    publish("throw", source(), 1);
    publish("next", source(), 1);
    run();
    assertThat(toldLast).containsExactly("throw", "next");
    assertThat(failed).containsExactly("throw");
  }

  @Test
  void theRestOfAGroupIsDroppedAndCountedToo() {
    List<ProtocolViolation> group =
        Stream.of("a", "b", "c", "d")
            .map(name -> ProtocolViolation.of(REMOTE, name, Instant.EPOCH))
            .toList();
    dispatcher.publish(group, source(), 4, ConsumedCallback.NONE);
    publish("e", source(), 1);
    List<Integer> dropped = new ArrayList<>();
    inListener =
        () -> {
          if (told.size() == 2) {
            dropped.add(giveUp());
          }
        };
    run();
    assertThat(told).containsExactly("a", "b");
    assertThat(toldLast).containsExactly("a");
    // The first listener has b, the second does not get it.
    assertThat(dropped).containsExactly(4);
  }

  private int giveUp() {
    try {
      return dispatcher.awaitIdle(Duration.ZERO);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void theRestOfAnOverGroupIsTakenAndNotTold() {
    List<String> calls = new ArrayList<>();
    ConsumedCallback over =
        new ConsumedCallback() {
          @Override
          public boolean isOver() {
            return told.size() == 1;
          }

          @Override
          public void taken() {
            calls.add("taken");
          }

          @Override
          public void takenAll() {
            calls.add("takenAll");
          }
        };
    List<ProtocolViolation> group =
        Stream.of("a", "b").map(name -> ProtocolViolation.of(REMOTE, name, Instant.EPOCH)).toList();
    dispatcher.publish(group, source(), 2, over);
    run();
    assertThat(told).containsExactly("a");
    assertThat(calls).containsExactly("taken", "taken", "takenAll");
  }
}
