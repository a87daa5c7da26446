package io.p2pchat.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Delivery;
import io.p2pchat.Fingerprint;
import io.p2pchat.internal.protocol.EncodedText;
import io.p2pchat.internal.session.SendQueue.Cursor;
import io.p2pchat.internal.session.SendQueue.Slice;
import io.p2pchat.testing.Fingerprints;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Lines that are withdrawn from a queue before they are written. */
class WithdrawnLinesTest {
  private static final Fingerprint KEY = Fingerprints.random(new Random(1));
  private static final byte[] HEADER = "H|".getBytes(StandardCharsets.UTF_8);
  private static final int MANY = 65_000;

  private record Line(long number, String text, SendFuture future) {}

  private final List<Line> sent = new ArrayList<>();
  private long freed;
  private final SendQueue queue =
      new SendQueue(
          new QueueLimits(Integer.MAX_VALUE, Long.MAX_VALUE), (future, bytes) -> freed += bytes);

  private Line offer(String text) {
    return offer(EncodedText.of(text), text);
  }

  private Line offer(EncodedText encoded, String text) {
    return offer(encoded, text, new SendFuture());
  }

  private Line offerKeyed(EncodedText encoded, String text) {
    return offer(encoded, text, SendFuture.forKey(KEY));
  }

  private Line offer(EncodedText encoded, String text, SendFuture future) {
    Line line = new Line(queue.accepted(), "H|" + text + "\n", future);
    assertThat(queue.offer(HEADER, encoded, line.future)).isEqualTo(SendQueue.Offer.TAKEN);
    sent.add(line);
    return line;
  }

  private static String text(List<Line> lines) {
    return lines.stream().map(Line::text).collect(Collectors.joining());
  }

  /** Reads one slice. */
  private String read(Cursor cursor) {
    Slice slice = queue.read(cursor);
    if (slice == null) {
      return "";
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(slice.array(), slice.offset(), slice.length());
    EncodedText shared = slice.shared();
    if (shared != null) {
      bytes.writeBytes(shared.bytes());
      bytes.write('\n');
    }
    String text = bytes.toString(StandardCharsets.UTF_8);
    assertThat(text.chars().filter(c -> c == '\n')).hasSize(slice.lines());
    return text;
  }

  private String readAll(Cursor cursor) {
    StringBuilder all = new StringBuilder();
    for (String next = read(cursor); !next.isEmpty(); next = read(cursor)) {
      all.append(next);
    }
    return all.toString();
  }

  @Test
  void aLineThatWasNotReadIsWithdrawn() {
    Line a = offer("a");
    Line b = offer("b");
    Line c = offer("c");
    assertThat(b.future.cancel(true)).isTrue();
    assertThat(queue.heldLines()).isEqualTo(2);
    assertThat(queue.heldBytes()).isEqualTo(8);
    assertThat(freed).isEqualTo(4);
    assertThat(readAll(queue.seek(0))).isEqualTo(a.text + c.text);
    assertThat(b.future.cancel(true)).isTrue();
    assertThat(freed).isEqualTo(4);
  }

  @Test
  void aLineThatWasReadStays() {
    Line a = offer("a");
    readAll(queue.seek(0));
    assertThat(a.future.cancel(true)).isTrue();
    assertThat(a.future).isCancelled();
    assertThat(freed).isZero();
    assertThat(queue.heldLines()).isOne();
    assertThat(readAll(queue.seek(0))).isEqualTo(a.text);
    queue.release(queue.settle(1));
    assertThat(queue.heldLines()).isZero();
  }

  /** Reading goes on at the chunk read last, which is not where another cursor reads. */
  @Test
  void cursorsReadTheirLinesWhereverOthersHaveRead() {
    Random random = new Random(9);
    for (int i = 0; i < 500; i++) {
      String text = i + "y".repeat(1000);
      offer(random.nextBoolean() ? EncodedText.forMany(text) : EncodedText.of(text), text);
    }
    List<Line> left = new ArrayList<>(sent);
    for (int run = 0; run < 400 && !left.isEmpty(); run++) {
      long settled = queue.settled();
      Cursor cursor = queue.seek(settled + random.nextInt(40));
      long from = cursor.line();
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(4); i > 0; i--) {
        text.append(read(cursor));
      }
      assertThat(text.toString())
          .isEqualTo(
              text(
                  left.stream()
                      .filter(line -> line.number >= from && line.number < cursor.line())
                      .toList()));
      if (random.nextInt(3) == 0) {
        queue.release(queue.settle(cursor.line()));
        left.removeIf(line -> line.number < queue.settled());
      }
      for (Line line : List.copyOf(left)) {
        if (random.nextInt(20) == 0 && line.number >= cursor.line()) {
          long before = freed;
          line.future.cancel(false);
          if (freed > before) {
            left.remove(line);
          }
        }
      }
    }
    assertThat(readAll(queue.seek(0))).isEqualTo(text(left));
  }

  @Test
  void everyCompletionByOthersWithdraws() {
    offer("a").future.completeExceptionally(new IllegalStateException());
    offer("b").future.complete(Delivery.WRITTEN);
    offer("c").future.cancel(false);
    assertThat(queue.heldLines()).isZero();
    assertThat(queue.settled()).isEqualTo(queue.accepted());
    assertThat(queue.closeIfUnused()).isTrue();
  }

  @Test
  void aFutureThatIsDoneIsWithdrawnWhereItComes() {
    Line gone = new Line(0, "", new SendFuture());
    gone.future.cancel(false);
    assertThat(queue.offer(HEADER, EncodedText.of("x"), gone.future))
        .isEqualTo(SendQueue.Offer.TAKEN);
    assertThat(queue.heldLines()).isZero();
    SendFuture abandoned = new SendFuture();
    assertThat(abandoned.abandon()).isTrue();
    queue.offer(HEADER, EncodedText.of("x"), abandoned);
    assertThat(queue.heldLines()).isZero();
    assertThat(abandoned).isNotDone();
  }

  @Test
  void aWithdrawnExitHoldsNothingBack() {
    Line exit = offer("exit");
    Line after = offer("after");
    exit.future.cancel(false);
    assertThat(queue.exit()).isNull();
    assertThat(queue.reservedBelow(Long.MAX_VALUE)).isEmpty();
    assertThat(readAll(queue.seek(0))).isEqualTo(after.text);
  }

  @Test
  void manyCancelsAreQuick() {
    for (boolean forwards : new boolean[] {true, false}) {
      offer("written");
      queue.read(queue.seek(queue.accepted() - 1));
      List<Line> lines =
          new ArrayList<>(IntStream.range(0, MANY).mapToObj(i -> offer("line " + i)).toList());
      if (!forwards) {
        Collections.reverse(lines);
      }
      lines.forEach(line -> line.future.cancel(false));
      assertThat(queue.heldLines()).isOne();
      queue.release(queue.settle(Long.MAX_VALUE));
      assertThat(queue.heldLines()).isZero();
    }
  }

  @Test
  void cancelsBetweenAcknowledgementsAreQuick() {
    Cursor cursor = queue.seek(0);
    IntStream.range(0, MANY).forEach(i -> offer("line " + i));
    for (int i = 0; i < MANY; i += 2) {
      sent.get(i + 1).future.cancel(false);
    }
    assertThat(readAll(cursor))
        .isEqualTo(text(IntStream.range(0, MANY / 2).mapToObj(i -> sent.get(2 * i)).toList()));
    for (int i = 0; i < MANY / 2; i++) {
      queue.release(queue.settle(queue.after(1)));
    }
    assertThat(queue.settled()).isEqualTo(MANY);
    assertThat(queue.heldLines()).isZero();
  }

  @Test
  void randomWithdrawalsKeepOrderRoomAndCounts() {
    for (int seed = 0; seed < 400; seed++) {
      new Run(seed).run();
    }
  }

  /** One random schedule, compared with a list of lines. */
  private static final class Run {
    private final Random random;
    private final WithdrawnLinesTest test = new WithdrawnLinesTest();
    private final SendQueue queue = test.queue;
    private final List<Line> live = new ArrayList<>();
    private Cursor cursor = queue.seek(0);
    private int read;

    /** The index behind the last line ever read. */
    private int readEver;

    Run(int seed) {
      random = new Random(seed);
    }

    void run() {
      for (int i = 0; i < 300; i++) {
        step();
        check();
      }
      long accepted = queue.accepted();
      queue.release(queue.settle(accepted));
      assertThat(queue.heldBytes()).isZero();
      assertThat(queue.settled()).isEqualTo(accepted);
    }

    private void step() {
      switch (random.nextInt(6)) {
        case 0, 1 -> {
          for (int i = random.nextInt(20); i >= 0; i--) {
            offer();
          }
        }
        case 2 -> {
          String slice = test.read(cursor);
          int lines = (int) slice.chars().filter(c -> c == '\n').count();
          assertThat(slice).isEqualTo(text(live.subList(read, read + lines)));
          assertThat(slice.isEmpty()).isEqualTo(read == live.size());
          read += lines;
          readEver = Math.max(readEver, read);
        }
        case 3 -> settle(random.nextInt(readEver + 1));
        case 4 -> {
          // A new connection begins behind some lines.
          read = random.nextInt(readEver + 1);
          cursor = queue.seek(queue.after(read));
        }
        default -> withdraw();
      }
    }

    private void offer() {
      String text = random.nextInt(1000) + "x".repeat(random.nextInt(600));
      boolean shared = random.nextInt(4) == 0;
      live.add(test.offer(shared ? EncodedText.forMany(text) : EncodedText.of(text), text));
    }

    private void settle(int lines) {
      long number = queue.after(lines);
      assertThat(number).isGreaterThanOrEqualTo(lines == 0 ? 0 : live.get(lines - 1).number + 1);
      CompletedSends settled = queue.settle(number);
      assertThat(settled.lines()).isEqualTo(lines);
      List<SendFuture> futures = new ArrayList<>();
      settled.forEach(futures::add);
      futures.removeIf(SendFuture::isDone);
      assertThat(futures)
          .isEqualTo(
              live.subList(0, lines).stream()
                  .map(Line::future)
                  .filter(future -> !future.isDone())
                  .toList());
      queue.release(settled);
      live.subList(0, lines).clear();
      read = Math.max(0, read - lines);
      readEver -= lines;
    }

    private void withdraw() {
      boolean most = random.nextBoolean();
      for (Line line : List.copyOf(live)) {
        if (random.nextInt(10) < (most ? 8 : 1)) {
          line.future.cancel(false);
          if (live.indexOf(line) >= readEver) {
            live.remove(line);
          }
        }
      }
    }

    private void check() {
      assertThat(queue.heldLines()).isEqualTo(live.size());
      assertThat(queue.heldBytes()).isEqualTo(live.stream().mapToInt(l -> l.text.length()).sum());
      assertThat(queue.settled()).isEqualTo(live.isEmpty() ? queue.accepted() : live.get(0).number);
      for (int i = 0; i < live.size(); i += 7) {
        assertThat(queue.after(i + 1)).isEqualTo(live.get(i).number + 1);
      }
      assertThat(queue.after(live.size() + 1)).isGreaterThan(queue.accepted());
    }
  }

  @Test
  void theMemoryOfWithdrawnLinesIsFreed() {
    offer("written");
    Cursor cursor = queue.seek(0);
    queue.read(cursor);
    List<Line> live = new ArrayList<>();
    for (int round = 0; round < 2_000; round++) {
      live.add(offer("live " + round));
      for (int i = 0; i < 10; i++) {
        assertThat(offer("x".repeat(5_000)).future.cancel(false)).isTrue();
      }
    }
    StringBuilder read = new StringBuilder();
    Set<byte[]> arrays = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Slice slice = queue.read(cursor); slice != null; slice = queue.read(cursor)) {
      arrays.add(slice.array());
      read.append(
          new String(slice.array(), slice.offset(), slice.length(), StandardCharsets.UTF_8));
    }
    assertThat(read).hasToString(text(live));
    assertThat(arrays.stream().mapToInt(array -> array.length).sum()).isLessThan(500_000);
  }

  /** It is completed by the code that withdrew it, a moment later. */
  @Test
  void aWithdrawnLineIsNotReportedAsDelivered() {
    Line a = offer("a");
    Line b = offer("b");
    Line c = offer("c");
    assertThat(b.future.abandon()).isTrue();
    readAll(queue.seek(0));
    queue.settle(3).forEach(future -> future.deliver(Delivery.ACKNOWLEDGED));
    assertThat(a.future).isCompleted();
    assertThat(b.future).isNotDone();
    assertThat(c.future).isCompleted();
    assertThat(b.future.cancel(false)).isTrue();
  }

  @Test
  void linesForAKeyAreTakenOutOfTheMiddleUnlessTheyWereWritten() {
    offerKeyed(EncodedText.of("written"), "written");
    Cursor cursor = queue.seek(0);
    read(cursor);
    offer("bare");
    Line keyed = offerKeyed(EncodedText.of("x".repeat(3000)), "x".repeat(3000));
    offerKeyed(EncodedText.of("exit"), "exit");
    offer("last");
    assertThat(queue.key()).isEqualTo(KEY);
    List<SendQueue.RemovedLine> removed =
        queue.remove((future, reserved) -> future.isForPeer() && reserved == null);
    assertThat(removed).singleElement().extracting(line -> line.future()).isSameAs(keyed.future);
    assertThat(freed).isEqualTo(keyed.text.length());
    assertThat(readAll(cursor)).isEqualTo("H|bare\nH|exit\n");
    SendQueue other = new SendQueue(new QueueLimits(9, 9999), (future, bytes) -> {});
    for (SendQueue.RemovedLine line : removed) {
      other.offer(line.header(), line.text(), line.future());
    }
    Slice moved = other.read(other.seek(0));
    assertThat(moved).isNotNull().satisfies(slice -> assertThat(slice.lines()).isOne());
    assertThat(keyed.future.abandon()).isFalse();
    assertThat(queue.remove((future, reserved) -> true))
        .singleElement()
        .extracting(line -> line.text().reserved())
        .isNull();
  }

  @Test
  void lineBetweenTwoQueuesIsWithdrawnAndWasNotWritten() {
    Line first = offerKeyed(EncodedText.of("first"), "first");
    Line second = offerKeyed(EncodedText.of("second"), "second");
    assertThat(second.future.abandon()).isTrue();
    List<SendQueue.RemovedLine> removed = queue.remove((future, reserved) -> true);
    assertThat(removed).singleElement().extracting(line -> line.future()).isSameAs(first.future);
    assertThat(first.future.abandon()).isTrue();
    SendQueue other = new SendQueue(new QueueLimits(9, 9999), (future, bytes) -> {});
    SendQueue.RemovedLine line = removed.get(0);
    other.offer(line.header(), line.text(), line.future());
    assertThat(other.heldLines()).isZero();
  }

  /** A sender can look up the queue of a peer, and offer when another has taken its place. */
  @Test
  void queueOfASessionHoldsNothingForAnotherPeer() {
    Fingerprint other = Fingerprints.random(new Random(2));
    offer("bare");
    Line forKey = offerKeyed(EncodedText.of("for a key"), "for a key");
    Line forTeam = offer(EncodedText.of("for a team"), "for a team", SendFuture.forPeer(null, "T"));
    Line both = offer(EncodedText.of("for both"), "for both", SendFuture.forPeer(KEY, "T"));
    assertThat(queue.team()).isEqualTo("T");
    assertThat(queue.opened(other, "T"))
        .extracting(line -> line.future())
        .containsExactly(forKey.future, both.future);
    assertThat(offered(SendFuture.forKey(KEY))).isEqualTo(SendQueue.Offer.ELSEWHERE);
    assertThat(offered(SendFuture.forPeer(KEY, "T"))).isEqualTo(SendQueue.Offer.ELSEWHERE);
    assertThat(offered(SendFuture.forPeer(null, "U"))).isEqualTo(SendQueue.Offer.ELSEWHERE);
    assertThat(offered(SendFuture.forPeer(null, "T"))).isEqualTo(SendQueue.Offer.TAKEN);
    assertThat(offered(SendFuture.forKey(other))).isEqualTo(SendQueue.Offer.TAKEN);
    assertThat(offered(new SendFuture())).isEqualTo(SendQueue.Offer.TAKEN);
    queue.ended();
    assertThat(offered(SendFuture.forKey(other))).isEqualTo(SendQueue.Offer.ELSEWHERE);
    assertThat(offered(new SendFuture())).isEqualTo(SendQueue.Offer.TAKEN);
    assertThat(queue.opened(null, "T"))
        .hasSize(3)
        .first()
        .extracting(line -> line.future())
        .isSameAs(forTeam.future);
    assertThat(queue.heldLines()).isEqualTo(3);
    assertThat(queue.key()).isNull();
    assertThat(queue.team()).isNull();
  }

  private SendQueue.Offer offered(SendFuture future) {
    return queue.offer(HEADER, EncodedText.of("x"), future);
  }
}
