package io.p2pchat.cli.chat;

import io.p2pchat.Delivery;
import io.p2pchat.DeliveryUnknownException;
import io.p2pchat.Peer;
import io.p2pchat.PeerUnreachableException;
import io.p2pchat.SendOutcome;
import io.p2pchat.cli.chat.ChatFormat.Mark;
import io.p2pchat.cli.output.ResultText;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A message to all connected peers with its results. The results are one line, as soon as every
 * peer that can be reached has answered. Later results come together too.
 *
 * <p>This class is thread-safe.
 */
final class SentToAll implements ChatOutput.Pending {
  private static final String UNREACHABLE = "unreachable";
  private static final String RETURN = "Peers that return within two minutes still get it.";
  private static final int MAX_NAMED = 8;
  private static final int MAX_DETAILS = 3;
  private static final long PATIENCE_NANOS = Duration.ofSeconds(5).toNanos();
  private static final Duration CHECK = Duration.ofMillis(500);
  private static final Duration RECHECK = Duration.ofSeconds(15);
  private static final Duration TOGETHER = Duration.ofSeconds(1);

  private final ChatFormat format;
  private final ChatOutput output;
  private final BiFunction<String, Throwable, List<String>> failure;
  private final Function<Peer, String> nameOf;
  private final Supplier<Map<Peer, Boolean>> unreachable;
  private final String text;
  private final Instant sentAt = Instant.now();
  private final long startNanos = System.nanoTime();

  /** Those that it goes to, as far as that is known: peers come and go while it begins. */
  private final Set<Peer> all;

  private final Set<Peer> open;

  /** Those that are shown as unreachable. */
  private final Set<Peer> toldAway = new HashSet<>();

  private Results results = new Results();
  private State state = State.NEW;
  private boolean isLateDue;

  private enum State {
    /** Nothing is shown yet. */
    NEW,
    /** The message is shown as pending. */
    PENDING,
    /** The results are shown. Others are late. */
    SHOWN
  }

  /** What came since the last line of results. */
  private static final class Results {
    final List<Peer> delivered = new ArrayList<>();
    final List<Peer> written = new ArrayList<>();
    final List<Peer> kept = new ArrayList<>();
    final Map<String, List<Peer>> failed = new LinkedHashMap<>();
    final List<String> details = new ArrayList<>();

    boolean areEmpty() {
      return delivered.isEmpty()
          && written.isEmpty()
          && kept.isEmpty()
          && failed.isEmpty()
          && details.isEmpty();
    }

    List<Peer> sent(Delivery how) {
      return switch (how) {
        case ACKNOWLEDGED -> delivered;
        case WRITTEN -> written;
        case KEPT -> kept;
      };
    }

    void fail(Peer peer, String reason) {
      failed.computeIfAbsent(reason, key -> new ArrayList<>()).add(peer);
    }
  }

  /**
   * Creates a message that is about to be sent.
   *
   * @param failure formats a failure, with a line that names it
   * @param to the connected peers. The outcomes say to whom else it went
   * @param nameOf formats the name of a peer
   * @param unreachable the connected peers that cannot be reached now and for which messages wait,
   *     and whether these are kept
   */
  SentToAll(
      ChatFormat format,
      ChatOutput output,
      BiFunction<String, Throwable, List<String>> failure,
      String text,
      Collection<Peer> to,
      Function<Peer, String> nameOf,
      Supplier<Map<Peer, Boolean>> unreachable) {
    this.format = format;
    this.output = output;
    this.failure = failure;
    this.text = text;
    this.all = new LinkedHashSet<>(to);
    this.open = new LinkedHashSet<>(to);
    this.nameOf = nameOf;
    this.unreachable = unreachable;
  }

  /** Takes the outcome of one peer. */
  void take(SendOutcome outcome) {
    synchronized (this) {
      Peer peer = outcome.peer();
      all.add(peer);
      open.remove(peer);
      if (outcome instanceof SendOutcome.Delivered sent) {
        if (sent.delivery() != Delivery.KEPT || !toldAway.contains(peer)) {
          results.sent(sent.delivery()).add(peer);
        }
      } else if (outcome instanceof SendOutcome.Failed end) {
        fail(peer, end.failure());
      }
    }
    changed();
  }

  private void fail(Peer peer, Throwable failure) {
    if (failure instanceof PeerUnreachableException) {
      results.fail(peer, UNREACHABLE);
      return;
    }
    boolean isUnknown = failure instanceof DeliveryUnknownException;
    results.fail(peer, isUnknown ? "perhaps delivered" : "not sent");
    if (results.details.size() < MAX_DETAILS) {
      String line = peer.address() + ": " + ResultText.failed(failure);
      results.details.addAll(this.failure.apply(line, failure));
    }
  }

  /** All outcomes were taken, or nothing was sent at all. */
  void end(@Nullable Throwable failure) {
    synchronized (this) {
      if (failure == null) {
        all.removeAll(open); // They left before it was sent.
      } else {
        results.details.addAll(this.failure.apply(ResultText.failed(failure), failure));
      }
      open.clear();
    }
    changed();
  }

  private void changed() {
    output.changed();
    check();
  }

  @Override
  public synchronized @Nullable List<String> lines(long nowNanos) {
    Map<Peer, Boolean> away = away();
    if (isAnswered(away)) {
      return answered(away, false);
    }
    if (nowNanos - startNanos - output.pendingDelay().toNanos() < 0) {
      return null;
    }
    state = State.PENDING;
    after(CHECK, this::check);
    after(CHECK.multipliedBy(3), this::check);
    after(Duration.ofNanos(PATIENCE_NANOS), this::check);
    String line = format.sent(sentAt, Mark.PENDING, group(all.size()), text);
    return List.of(line + format.dim(" (not yet delivered)"));
  }

  private static void after(Duration delay, Runnable task) {
    CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS).execute(task);
  }

  private Map<Peer, Boolean> away() {
    return open.isEmpty() ? Map.of() : unreachable.get();
  }

  private boolean isAnswered(Map<Peer, Boolean> away) {
    return away.keySet().containsAll(open);
  }

  /** Shows the results if it is time. */
  private void check() {
    List<String> lines = due();
    if (!lines.isEmpty()) {
      output.offer(now -> lines);
    }
  }

  private synchronized List<String> due() {
    if (state == State.PENDING) {
      Map<Peer, Boolean> away = away();
      if (isAnswered(away) || System.nanoTime() - startNanos - PATIENCE_NANOS >= 0) {
        return answered(away, true);
      }
    } else if (state == State.SHOWN && !results.areEmpty() && !isLateDue) {
      isLateDue = true;
      after(TOGETHER, this::showLate);
    }
    return List.of();
  }

  private void showLate() {
    List<String> lines = late();
    output.offer(now -> lines);
  }

  private synchronized List<String> late() {
    isLateDue = false;
    Results late = results;
    results = new Results();
    Instant now = Instant.now();
    List<String> lines = new ArrayList<>();
    if (!late.delivered.isEmpty()) {
      lines.add(format.result(now, Mark.DELIVERED, named(late.delivered), sentAt, begin()));
    }
    if (!late.written.isEmpty()) {
      lines.add(format.result(now, Mark.WRITTEN, named(late.written), sentAt, begin()));
    }
    if (!late.kept.isEmpty()) {
      lines.add(format.result(now, Mark.PENDING, kept(late.kept), sentAt, begin()));
    }
    late.failed.forEach(
        (reason, peers) -> {
          String whom = named(peers) + " (" + reason + ")";
          lines.add(format.result(now, Mark.FAILED, whom, sentAt, begin()));
        });
    late.details.forEach(line -> lines.add(ChatFormat.detail(line)));
    return lines;
  }

  /** Shows who has become unreachable: without a word, a peer is silent for a while before. */
  void recheck() {
    List<String> lines = newlyAway();
    if (!lines.isEmpty()) {
      output.offer(now -> lines);
    }
  }

  private synchronized List<String> newlyAway() {
    Map<Peer, Boolean> away = away();
    List<Peer> newly = open.stream().filter(away::containsKey).filter(toldAway::add).toList();
    List<Peer> kept = newly.stream().filter(peer -> away.getOrDefault(peer, false)).toList();
    List<Peer> lost = newly.stream().filter(peer -> !kept.contains(peer)).toList();
    List<String> lines = new ArrayList<>();
    if (!kept.isEmpty()) {
      String whom = format.part(Mark.PENDING, kept(kept));
      lines.add(format.results(Instant.now(), whom, sentAt, begin()));
    }
    if (!lost.isEmpty()) {
      String whom = format.part(Mark.FAILED, named(lost) + " (" + UNREACHABLE + ")");
      lines.add(format.results(Instant.now(), whom, sentAt, begin()));
      lines.add(ChatFormat.detail(RETURN));
    }
    return lines;
  }

  private String begin() {
    return SentMessage.begin(text);
  }

  /** Returns the line of the message with its results, or that of the results alone. */
  private List<String> answered(Map<Peer, Boolean> away, boolean isLate) {
    state = State.SHOWN;
    Results shown = results;
    results = new Results();
    open.stream().filter(peer -> away.getOrDefault(peer, false)).forEach(shown.kept::add);
    int sent = shown.delivered.size() + shown.written.size();
    Mark mark =
        sent > 0
            ? shown.written.isEmpty() ? Mark.DELIVERED : Mark.WRITTEN
            : open.isEmpty() && shown.kept.isEmpty() ? Mark.FAILED : Mark.PENDING;
    String whom = group(sent > 0 ? sent : all.size());
    List<String> parts = parts(shown, away);
    String counts = String.join(", ", parts);
    boolean isOneKept = all.size() == 1 && shown.kept.size() == 1;
    boolean isSame = parts.isEmpty() || (parts.size() == 1 && sent > 0) || (isOneKept && !isLate);
    List<String> lines = new ArrayList<>();
    if (!isLate) {
      String remark = isOneKept ? format.dim(" (kept until " + whom + " is back)") : "";
      lines.add(format.sent(sentAt, mark, whom, text) + remark);
      lines.addAll(isSame ? List.of() : List.of(ChatFormat.DETAIL + counts));
    } else if (isSame) {
      lines.add(format.result(Instant.now(), mark, whom, sentAt, begin()));
    } else {
      lines.add(format.results(Instant.now(), counts, sentAt, begin()));
    }
    open.stream().filter(away::containsKey).forEach(toldAway::add);
    if (!shown.kept.containsAll(toldAway)) {
      lines.add(ChatFormat.detail(RETURN));
    }
    if (toldAway.size() < open.size()) {
      after(RECHECK, this::recheck);
      after(RECHECK.multipliedBy(2), this::recheck);
    }
    shown.details.forEach(line -> lines.add(ChatFormat.detail(line)));
    return lines;
  }

  private String group(int count) {
    int most = all.size();
    if (count < most) {
      return count + " of " + most + " connected peers";
    }
    return switch (most) {
      case 1 -> named(List.copyOf(all));
      case 2 -> "both connected peers";
      default -> "all " + most + " connected peers";
    };
  }

  private List<String> parts(Results shown, Map<Peer, Boolean> away) {
    Map<String, List<Peer>> failed = new LinkedHashMap<>(shown.failed);
    List<Peer> slow = new ArrayList<>();
    for (Peer peer : open) {
      if (away.containsKey(peer) && !shown.kept.contains(peer)) {
        List<Peer> others = failed.getOrDefault(UNREACHABLE, List.of());
        failed.put(UNREACHABLE, Stream.concat(others.stream(), Stream.of(peer)).toList());
      } else if (!away.containsKey(peer)) {
        slow.add(peer);
      }
    }
    List<String> parts = new ArrayList<>();
    if (!shown.delivered.isEmpty()) {
      parts.add(format.part(Mark.DELIVERED, String.valueOf(shown.delivered.size())));
    }
    if (!shown.written.isEmpty()) {
      parts.add(format.part(Mark.WRITTEN, String.valueOf(shown.written.size())));
    }
    if (!shown.kept.isEmpty()) {
      parts.add(format.part(Mark.PENDING, kept(shown.kept)));
    }
    failed.forEach(
        (reason, peers) -> parts.add(format.part(Mark.FAILED, named(peers) + " (" + reason + ")")));
    if (!slow.isEmpty()) {
      parts.add(format.part(Mark.PENDING, named(slow)));
    }
    return parts;
  }

  private String kept(List<Peer> peers) {
    String until = peers.size() == 1 ? named(peers) + " is back" : "they are back";
    return named(peers) + " (kept until " + until + ")";
  }

  private String named(List<Peer> peers) {
    return NamesText.of(peers.stream().map(nameOf).toList(), MAX_NAMED);
  }
}
