package io.p2pchat.attacks;

import static io.p2pchat.testing.peers.BareConnection.dial;
import static io.p2pchat.testing.peers.BareConnection.line;

import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNode;
import io.p2pchat.testing.peers.BareConnection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Sends ten messages a second to the victim and keeps how long the slowest and the median took: in
 * a session that was there before the attack, to acknowledged; at level 0, to taken; and once a
 * second from a node that is new, first contact included.
 */
final class CalmPeer implements AttackRole {
  private static final int PERIOD_MILLIS = 100;
  private static final int NEWCOMER_EVERY = 10;
  private static final long PATIENCE_SECONDS = 60;
  private static final String VICTIM = "127.0.0.1";

  private final PeerNode node =
      PeerNode.builder().teamName("Calm").bindAddress("127.0.0.3").start();
  private final ExecutorService senders = Executors.newCachedThreadPool();
  private final ScheduledExecutorService rounds = Executors.newSingleThreadScheduledExecutor();

  @Override
  public long[] answer(String command, String[] args) throws Exception {
    int port = Integer.parseInt(args[0]);
    return switch (command) {
      case "once" -> new long[] {inSession(node, port), atLevel0(port), asNewcomer(port)};
      case "measure" -> measure(port, Integer.parseInt(args[1]));
      default -> throw new IllegalArgumentException(command);
    };
  }

  /** The greatest microseconds of each kind, and then the median ones. */
  private long[] measure(int port, int count) throws Exception {
    List<List<Future<Long>>> kinds =
        List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    List<Future<?>> begun = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int round = i;
      begun.add(
          rounds.schedule(
              () -> {
                kinds.get(0).add(senders.submit(() -> inSession(node, port)));
                kinds.get(1).add(senders.submit(() -> atLevel0(port)));
                if (round % NEWCOMER_EVERY == 0) {
                  kinds.get(2).add(senders.submit(() -> asNewcomer(port)));
                }
              },
              (long) i * PERIOD_MILLIS,
              TimeUnit.MILLISECONDS));
    }
    for (Future<?> round : begun) {
      round.get();
    }
    long[] micros = new long[2 * kinds.size()];
    for (int kind = 0; kind < kinds.size(); kind++) {
      long[] sorted = new long[kinds.get(kind).size()];
      for (int i = 0; i < sorted.length; i++) {
        sorted[i] = micros(kinds.get(kind).get(i));
      }
      Arrays.sort(sorted);
      micros[kind] = sorted[sorted.length - 1];
      micros[kinds.size() + kind] = sorted[sorted.length / 2];
    }
    return micros;
  }

  /** A message that did not arrive took for ever. */
  private static long micros(Future<Long> message) throws InterruptedException {
    try {
      return message.get();
    } catch (ExecutionException e) {
      System.err.println(e.getCause());
      return Long.MAX_VALUE;
    }
  }

  private static long inSession(PeerNode from, int port) throws Exception {
    return timed(
        () ->
            from.send(new PeerAddress(VICTIM, port), "in a session")
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS));
  }

  private static long atLevel0(int port) throws Exception {
    return timed(
        () -> {
          try (BareConnection connection = dial("127.0.0.4", VICTIM, port)) {
            connection.write(line(4000, "Plain", "at level 0")).endOutput();
            return connection.readToEnd();
          }
        });
  }

  private static long asNewcomer(int port) throws Exception {
    try (PeerNode newcomer =
        PeerNode.builder().teamName("Newcomer").bindAddress("127.0.0.5").start()) {
      return inSession(newcomer, port);
    }
  }

  private static long timed(Callable<?> action) throws Exception {
    long start = System.nanoTime();
    action.call();
    return TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - start);
  }
}
