package io.p2pchat.internal.session;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.Consumer;

/**
 * The store of one simulated node. What is committed outlives a crash. One change is committed
 * after the other, and its owner learns of it later.
 */
final class SimStore {
  /** A message to another node. */
  static final class Kept {
    final int to;
    final String outbox;
    final long number;
    final String text;
    boolean delivered;
    boolean withdrawn;

    Kept(int to, String outbox, long number, String text) {
      this.to = to;
      this.outbox = outbox;
      this.number = number;
      this.text = text;
    }
  }

  /** A message of another node. */
  record Received(int from, String text) {}

  private record Change(Runnable durable, Runnable told) {}

  private record From(int node, String outbox) {}

  final List<Kept> kept = new ArrayList<>();
  final List<Received> received = new ArrayList<>();
  private final Map<From, Long> numbers = new HashMap<>();
  private final SimConnection.World world;
  private final Consumer<String> crashPoint;

  private final Queue<Change> waiting = new ArrayDeque<>();
  private int opening;

  /**
   * Creates an empty store.
   *
   * @param crashPoint may crash the owner
   */
  SimStore(SimConnection.World world, Consumer<String> crashPoint) {
    this.world = world;
    this.crashPoint = crashPoint;
  }

  /** The owner has crashed: what is not committed is lost. */
  void crash() {
    opening++;
    waiting.clear();
  }

  /** Commits a change, and then tells of it. */
  void change(Runnable durable, Runnable told) {
    waiting.add(new Change(durable, told));
    if (waiting.size() == 1) {
      commitSoon();
    }
  }

  private void commitSoon() {
    int now = opening;
    world.later(10, () -> commit(now));
  }

  private void commit(int of) {
    if (of != opening) {
      return;
    }
    crashPoint.accept("before a commit");
    if (of != opening) {
      return;
    }
    Change change = waiting.element();
    change.durable.run();
    crashPoint.accept("after a commit");
    if (of != opening) {
      return;
    }
    world.later(
        10,
        () -> {
          if (of == opening) {
            waiting.remove();
            change.told.run();
            if (of == opening && !waiting.isEmpty()) {
              commitSoon();
            }
          }
        });
  }

  long stored(int from, String outbox) {
    return numbers.getOrDefault(new From(from, outbox), 0L);
  }

  /** In one transaction: the number, and the message if it is new. */
  void receive(int from, String outbox, long number, String text) {
    if (number > stored(from, outbox)) {
      numbers.put(new From(from, outbox), number);
      received.add(new Received(from, text));
    }
  }
}
