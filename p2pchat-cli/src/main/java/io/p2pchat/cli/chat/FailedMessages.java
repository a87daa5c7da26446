package io.p2pchat.cli.chat;

import io.p2pchat.Peer;
import io.p2pchat.PeerEvent.MessageFailed;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/**
 * Says which messages of an earlier chat have failed. The chat shows the results of its own
 * messages, and the node reports only those that it has found in the store. One line counts all
 * that fail within half a second.
 *
 * <p>This class is thread-safe.
 */
final class FailedMessages {
  private static final long PAUSE_NANOS = Duration.ofMillis(500).toNanos();
  private static final int MAX_NAMED = 4;

  private final PeerNames names;
  private final Consumer<String> out;
  private final LongFunction<Executor> delayed;
  private final Map<Peer, Integer> failed = new LinkedHashMap<>();

  /**
   * Creates it.
   *
   * @param names the names of the peers
   * @param out takes the lines, not escaped
   * @param delayed returns an executor that waits for that number of nanoseconds first
   */
  FailedMessages(PeerNames names, Consumer<String> out, LongFunction<Executor> delayed) {
    this.names = names;
    this.out = out;
    this.delayed = delayed;
  }

  /** Takes a message that has failed. */
  synchronized void failed(MessageFailed message) {
    if (failed.isEmpty()) {
      delayed.apply(PAUSE_NANOS).execute(() -> out.accept(line()));
    }
    failed.merge(message.peer(), 1, Integer::sum);
  }

  private synchronized String line() {
    int all = failed.values().stream().mapToInt(Integer::intValue).sum();
    List<Peer> peers = List.copyOf(failed.keySet());
    List<String> counts = peers.stream().map(this::count).toList();
    failed.clear();
    String what = all + (all == 1 ? " earlier message" : " earlier messages");
    String how = (all == 1 ? " was" : " were") + " not delivered";
    // The command names no peer: this one may not be known any more.
    return peers.size() == 1
        ? what + " to " + name(peers.get(0)) + how + ": see /history"
        : what + how + ", to " + NamesText.of(counts, MAX_NAMED) + ": see /history";
  }

  private String count(Peer peer) {
    return name(peer) + " (" + failed.get(peer) + ")";
  }

  private String name(Peer peer) {
    return PeerNames.inSentence(names.of(peer));
  }
}
