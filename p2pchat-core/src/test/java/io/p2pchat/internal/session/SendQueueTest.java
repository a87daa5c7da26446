package io.p2pchat.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Fingerprint;
import io.p2pchat.internal.protocol.ChatLine;
import io.p2pchat.internal.protocol.EncodedText;
import io.p2pchat.internal.protocol.ExactText;
import io.p2pchat.internal.protocol.ReservedText;
import io.p2pchat.internal.session.SendQueue.Cursor;
import io.p2pchat.internal.session.SendQueue.Slice;
import io.p2pchat.testing.RandomText;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SendQueueTest {
  private static final byte[] HEADER = bytes("LISTENING_PORT:1|TEAM_NAME:T|");
  private static final int UNBOUNDED = Integer.MAX_VALUE;

  /** A line that was offered. */
  private record Sent(String line, SendFuture future) {}

  private final List<Sent> sent = new ArrayList<>();

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static SendQueue unbounded() {
    return new SendQueue(new QueueLimits(UNBOUNDED, Long.MAX_VALUE), (future, bytes) -> {});
  }

  /** Offers a line of this many bytes, with its line end, that begins with its number. */
  private boolean offer(SendQueue queue, int length) {
    String number = sent.size() + ".";
    String line = number + "x".repeat(Math.max(0, length - 1 - number.length()));
    SendFuture future = new SendFuture();
    int cut = line.length() / 2;
    byte[] head = bytes(line.substring(0, cut));
    EncodedText rest = EncodedText.of(line.substring(cut));
    boolean taken = queue.offer(head, rest, future) == SendQueue.Offer.TAKEN;
    if (taken) {
      sent.add(new Sent(line, future));
    }
    return taken;
  }

  private void offer(SendQueue queue, int length, int count) {
    for (int i = 0; i < count; i++) {
      assertThat(offer(queue, length)).isTrue();
    }
  }

  /** Settles lines and gives their room back. */
  private static List<SendFuture> settle(SendQueue queue, long number) {
    CompletedSends settled = queue.settle(number);
    queue.release(settled);
    List<SendFuture> futures = new ArrayList<>();
    settled.forEach(futures::add);
    return futures;
  }

  private String text(long from, long to) {
    StringBuilder text = new StringBuilder();
    sent.subList((int) from, (int) to).forEach(line -> text.append(line.line).append('\n'));
    return text.toString();
  }

  private List<SendFuture> futures(long from, long to) {
    return sent.subList((int) from, (int) to).stream().map(Sent::future).toList();
  }

  private static String text(@Nullable Slice slice) {
    return slice == null
        ? ""
        : new String(slice.array(), slice.offset(), slice.length(), StandardCharsets.UTF_8);
  }

  private static String readAll(SendQueue queue, Cursor from) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Slice slice = queue.read(from);
    while (slice != null) {
      bytes.write(slice.array(), slice.offset(), slice.length());
      EncodedText shared = slice.shared();
      if (shared != null) {
        bytes.write(shared.bytes(), 0, shared.bytes().length);
        bytes.write('\n');
      }
      slice = queue.read(from);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /** Fills a queue with chunks of the largest size. Returns the array of one in the middle. */
  private byte[] fill(SendQueue queue, boolean done) {
    offer(queue, 1000, 1000);
    Slice slice = null;
    Cursor cursor = queue.seek(queue.settled());
    for (int i = 0; i < 12; i++) {
      slice = Objects.requireNonNull(queue.read(cursor));
      if (done) {
        queue.done(slice);
      }
    }
    return Objects.requireNonNull(slice).array();
  }

  /** Returns whether further lines are written to an array. */
  private boolean isUsedAgain(SendQueue queue, byte[] array) {
    int from = sent.size();
    Cursor cursor = queue.seek(queue.accepted());
    offer(queue, 1000, 1000);
    boolean again = false;
    StringBuilder lines = new StringBuilder();
    for (Slice slice = queue.read(cursor); slice != null; slice = queue.read(cursor)) {
      lines.append(text(slice));
      again |= slice.array() == array;
    }
    assertThat(lines.toString()).isEqualTo(text(from, sent.size()));
    return again;
  }

  private static SendQueue sharing(SendQueue.Spares spares) {
    QueueLimits limits = new QueueLimits(UNBOUNDED, Long.MAX_VALUE);
    return new SendQueue(limits, spares, (future, bytes) -> {});
  }

  @Test
  void arrayOfSettledLinesIsUsedAgain() {
    SendQueue queue = sharing(new SendQueue.Spares(1 << 20));
    byte[] array = fill(queue, true);
    settle(queue, 999);
    assertThat(isUsedAgain(queue, array)).isTrue();
  }

  @Test
  void arrayIsNotUsedAgainWhileSomebodyMayReadIt() {
    SendQueue queue = sharing(new SendQueue.Spares(1 << 20));
    byte[] array = fill(queue, false);
    settle(queue, 999);
    assertThat(isUsedAgain(queue, array)).isFalse();
  }

  @Test
  void arrayIsNotUsedAgainBeyondTheLimitOrWhenAllWereDropped() {
    SendQueue small = sharing(new SendQueue.Spares(1000));
    byte[] array = fill(small, true);
    settle(small, 999);
    assertThat(isUsedAgain(small, array)).isFalse();
    sent.clear();
    SendQueue.Spares spares = new SendQueue.Spares(1 << 20);
    SendQueue queue = sharing(spares);
    array = fill(queue, true);
    settle(queue, 999);
    spares.clear();
    assertThat(isUsedAgain(queue, array)).isFalse();
  }

  @Test
  void linesAreNumberedFromZeroAsTheyAreAccepted() {
    SendQueue queue = unbounded();
    assertThat(queue.accepted()).isZero();
    offer(queue, 100, 3);
    assertThat(queue.accepted()).isEqualTo(3);
    assertThat(queue.settled()).isZero();
    settle(queue, 2);
    offer(queue, 100, 1);
    assertThat(queue.accepted()).isEqualTo(4);
    assertThat(queue.settled()).isEqualTo(2);
  }

  @Test
  void aLineIsItsHeaderItsTextAndALineEnd() {
    SendQueue queue = unbounded();
    queue.offer(HEADER, EncodedText.of("hello"), new SendFuture());
    queue.offer(HEADER, EncodedText.of(""), new SendFuture());
    assertThat(readAll(queue, queue.seek(0)))
        .isEqualTo("LISTENING_PORT:1|TEAM_NAME:T|hello\nLISTENING_PORT:1|TEAM_NAME:T|\n");
  }

  @Test
  void onlyAnExitAtTheFrontIsTakenAsSuch() {
    SendQueue queue = unbounded();
    SendFuture first = new SendFuture();
    SendFuture withdrawn = new SendFuture();
    queue.offer(HEADER, EncodedText.of("hello"), first);
    queue.offer(HEADER, EncodedText.of("exit"), withdrawn);
    queue.offer(HEADER, EncodedText.of("secret"), new SendFuture());
    queue.offer(HEADER, EncodedText.of("exit"), new SendFuture());
    assertThat(queue.takeExit()).isNull();
    first.cancel(false);
    withdrawn.cancel(false);
    assertThat(queue.takeExit()).isNull();
    assertThat(queue.take()).isNotNull();
    assertThat(queue.takeExit())
        .isNotNull()
        .satisfies(line -> assertThat(line.text().reserved()).isEqualTo(ReservedText.EXIT));
    assertThat(queue.takeExit()).isNull();
  }

  @Test
  void aTextToManyIsInNoQueueTwice() {
    EncodedText text = EncodedText.forMany("y".repeat(60_000));
    List<SendQueue> queues = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      SendQueue queue = unbounded();
      offer(queue, 100, 1);
      queue.offer(HEADER, text, new SendFuture());
      offer(queue, 100, 1);
      queues.add(queue);
    }
    for (int i = 0; i < queues.size(); i++) {
      long first = 2L * i;
      SendQueue queue = queues.get(i);
      Cursor cursor = queue.seek(0);
      assertThat(text(queue.read(cursor))).isEqualTo(text(first, first + 1));
      Slice shared = queue.read(cursor);
      assertThat(shared)
          .isNotNull()
          .satisfies(
              slice -> {
                assertThat(slice.shared()).isSameAs(text);
                assertThat(slice.array()).isSameAs(HEADER);
                assertThat(slice.length()).isEqualTo(HEADER.length);
                assertThat(slice.lines()).isOne();
              });
      assertThat(text(queue.read(cursor))).isEqualTo(text(first + 1, first + 2));
      assertThat(queue.heldBytes()).isEqualTo(200 + HEADER.length + 60_000 + 1);
      settle(queue, 1);
      assertThat(queue.take())
          .isNotNull()
          .satisfies(line -> assertThat(line.text()).isSameAs(text));
      settle(queue, 3);
    }
  }

  @Test
  void aSharedTextOverThePeersLimitIsTakenOut() {
    SendQueue queue = unbounded();
    queue.offer(HEADER, EncodedText.forMany("y".repeat(1000)), new SendFuture());
    queue.setPeer(1000, true, false);
    assertThat(queue.read(queue.seek(0))).isNull();
    assertThat(queue.takeUnsendable())
        .isNotNull()
        .satisfies(line -> assertThat(line.length()).isEqualTo(HEADER.length + 1001))
        .satisfies(line -> assertThat(line.settled().bytes()).isEqualTo(HEADER.length + 1001));
  }

  private static KeptSend kept(long number) {
    Fingerprint key = Fingerprint.parse("ab".repeat(32));
    KeptSend kept = new KeptSend("id", new KeptSend.Wanted(key, null, null, null), true, 0);
    kept.number(key, "o".repeat(26), number, null);
    kept.committed(number);
    return kept;
  }

  @Test
  void whatWasWrittenAndGivenUpIsCountedByItsSessionAndLeftOutInTheNext() {
    SendQueue queue = unbounded();
    KeptSend written = kept(1);
    queue.offer(HEADER, EncodedText.of("given up"), written);
    queue.read(queue.seek(0));
    queue.offer(HEADER, EncodedText.of("next"), kept(2));
    written.completeExceptionally(new IllegalStateException("expired"));
    assertThat(queue.hasWrittenKept()).isTrue();
    assertThat(queue.after(1)).isEqualTo(1);
    queue.begin();
    assertThat(queue.hasWrittenKept()).isFalse();
    assertThat(readAll(queue, queue.seek(0))).endsWith("next\n").doesNotContain("given up");
  }

  /** A message that is sent meanwhile must not overtake them. */
  @Test
  void looseMessagesAreWaitedForUntilTheyArePassedOn() {
    for (boolean written : List.of(true, false)) {
      SendQueue queue = unbounded();
      KeptSend.Wanted anyone = new KeptSend.Wanted(null, null, null, null);
      queue.offer(HEADER, EncodedText.of("first"), new KeptSend("1", anyone, false, 0));
      queue.offer(HEADER, EncodedText.of("second"), new KeptSend("2", anyone, false, 0));
      List<Long> ends = new ArrayList<>();
      queue.removeLoose(written, any -> true, line -> ends.add(queue.looseEnd()));
      assertThat(ends).containsExactly(2L, 2L);
      assertThat(queue.looseEnd()).isZero();
    }
  }

  /** A thread may withdraw a message at any instant of its way to another queue. */
  @Test
  void whatIsTakenOutCanBeWithdrawnOnItsWay() {
    KeptSend moved = kept(1);
    List<Boolean> withdrawn = new ArrayList<>();
    SendQueue queue =
        new SendQueue(
            new QueueLimits(9, Long.MAX_VALUE), (future, bytes) -> withdrawn.add(moved.abandon()));
    queue.offer(HEADER, EncodedText.of("moved"), moved);
    queue.takeOut((future, reserved) -> true);
    assertThat(withdrawn).containsExactly(true);
  }

  @Test
  void whatWasWrittenAndGivenUpIsNotTakenToAnotherQueue() {
    SendQueue queue = unbounded();
    KeptSend written = kept(1);
    queue.offer(HEADER, EncodedText.of("given up"), written);
    queue.read(queue.seek(0));
    assertThat(written.abandon()).isFalse();
    assertThat(queue.takeOut((future, reserved) -> true)).isEmpty();
    assertThat(queue.heldLines()).isZero();
  }

  /** A peer with a store would take it for another one when it comes again. */
  @Test
  void whatIsKeptIsNotReadWithoutItsNumbersForAPeerWithAStore() {
    SendQueue queue = unbounded();
    queue.offer(HEADER, EncodedText.of("kept"), kept(1));
    queue.setPeer(UNBOUNDED, true, true);
    assertThat(queue.read(queue.seek(0))).isNull();
    assertThat(queue.read(queue.seek(0, new KeptSend.Numbers(() -> 0)))).isNotNull();
    queue.setPeer(UNBOUNDED, true, false);
    assertThat(queue.read(queue.seek(0))).isNotNull();
  }

  @Test
  void linesAreReadInTheFormThatThePeerTakes() {
    Random random = new Random(7);
    RandomText texts = new RandomText(8);
    for (int run = 0; run < 200; run++) {
      SendQueue queue = unbounded();
      List<String> exact = new ArrayList<>();
      List<String> plain = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        String text = random.nextInt(3) == 0 ? texts.next(8) + "." : "text " + i;
        text = random.nextInt(8) == 0 ? "y".repeat(300) + text : text;
        EncodedText encoded =
            random.nextBoolean() ? EncodedText.ofMessage(text) : EncodedText.forMany(text);
        queue.offer(HEADER, encoded, new SendFuture());
        exact.add(new String(HEADER, StandardCharsets.UTF_8) + ExactText.escape(text) + "\n");
        plain.add(ChatLine.of(1, "T", text).format() + "\n");
      }
      long from = random.nextInt(60);
      assertThat(readAll(queue, queue.seek(from))).isEqualTo(joined(exact, from));
      queue.setPeer(UNBOUNDED, false, false);
      assertThat(readAll(queue, queue.seek(from))).isEqualTo(joined(plain, from));
      settle(queue, from);
      assertThat(readAll(queue, queue.seek(0))).isEqualTo(joined(plain, from));
      queue.setPeer(UNBOUNDED, true, false);
      assertThat(readAll(queue, queue.seek(0))).isEqualTo(joined(exact, from));
    }
  }

  private static String joined(List<String> lines, long from) {
    return String.join("", lines.subList((int) from, lines.size()));
  }

  @Test
  void aMovedLineKeepsBothForms() {
    SendQueue queue = unbounded();
    String text = " a\n\\ ";
    queue.offer(HEADER, EncodedText.ofMessage(text), new SendFuture());
    queue.offer(HEADER, EncodedText.ofMessage("exit"), new SendFuture());
    SendQueue other = unbounded();
    for (SendQueue.DequeuedLine line = queue.take(); line != null; line = queue.take()) {
      other.offer(line.header(), line.text(), new SendFuture());
    }
    String header = new String(HEADER, StandardCharsets.UTF_8);
    assertThat(readAll(other, other.seek(0)))
        .isEqualTo(header + " a\\n\\\\ \n" + header + "\\exit\n");
    other.setPeer(UNBOUNDED, false, false);
    assertThat(readAll(other, other.seek(0))).isEqualTo(header + "a\u2028\\\n");
  }

  @Test
  void linesThatThePeerCannotTakeAreRemovedInItsForm() {
    SendQueue queue = unbounded();
    queue.offer(HEADER, EncodedText.of("a\n\nb\n"), new SendFuture());
    queue.offer(HEADER, EncodedText.ofMessage("exit"), new SendFuture());
    assertThat(queue.takeUnsendable()).isNull();
    queue.setPeer(HEADER.length + 8, false, false);
    assertThat(queue.read(queue.seek(0))).isNull();
    assertThat(queue.takeUnsendable())
        .isNotNull()
        .satisfies(line -> assertThat(line.length()).isEqualTo(HEADER.length + 9));
    assertThat(queue.read(queue.seek(0))).isNull();
    assertThat(queue.takeUnsendable())
        .isNotNull()
        .satisfies(line -> assertThat(line.length()).isEqualTo(EncodedText.NONE));
    assertThat(queue.takeUnsendable()).isNull();
  }

  @Test
  void aShortTextToManyIsCopiedBecauseThatIsSmaller() {
    assertThat(EncodedText.forMany("hello").isShared()).isFalse();
    assertThat(EncodedText.of("y".repeat(1000)).isShared()).isFalse();
  }

  @Test
  void linesAreBounded() {
    SendQueue queue = new SendQueue(new QueueLimits(3, Long.MAX_VALUE), (future, bytes) -> {});
    offer(queue, 10, 3);
    assertThat(offer(queue, 10)).isFalse();
    assertThat(queue.accepted()).isEqualTo(3);
    settle(queue, 1);
    assertThat(offer(queue, 10)).isTrue();
    assertThat(offer(queue, 10)).isFalse();
  }

  @Test
  void bytesAreBoundedWithTheLineEnds() {
    SendQueue queue = new SendQueue(new QueueLimits(UNBOUNDED, 30), (future, bytes) -> {});
    offer(queue, 10, 2);
    assertThat(offer(queue, 11)).isFalse();
    assertThat(offer(queue, 10)).isTrue();
    assertThat(offer(queue, 1)).isFalse();
    settle(queue, 1);
    assertThat(offer(queue, 11)).isFalse();
    assertThat(offer(queue, 10)).isTrue();
  }

  @Test
  void aSingleLineFitsHoweverLongItIs() {
    SendQueue queue = new SendQueue(new QueueLimits(UNBOUNDED, 100), (future, bytes) -> {});
    assertThat(offer(queue, 200_000)).isTrue();
    assertThat(offer(queue, 5)).isFalse();
    assertThat(readAll(queue, queue.seek(0))).isEqualTo(text(0, 1));
    settle(queue, 1);
    assertThat(offer(queue, 101)).isTrue();
    assertThat(readAll(queue, queue.seek(1))).isEqualTo(text(1, 2));
  }

  @Test
  void itCanBeReadFromEveryLine() {
    SendQueue queue = unbounded();
    offer(queue, 1000, 10);
    offer(queue, 100_000, 2);
    offer(queue, 30, 500);
    for (int i = 0; i <= sent.size(); i++) {
      assertThat(readAll(queue, queue.seek(i))).isEqualTo(text(i, sent.size()));
    }
  }

  @Test
  void slicesAreWholeAndConsecutiveAndTheCursorCountsTheirLines() {
    SendQueue queue = unbounded();
    offer(queue, 700, 1000);
    Cursor cursor = queue.seek(3);
    int slices = 0;
    while (cursor.line() < sent.size()) {
      long from = cursor.line();
      assertThat(text(queue.read(cursor))).isNotEmpty().isEqualTo(text(from, cursor.line()));
      slices++;
    }
    assertThat(queue.read(cursor)).isNull();
    assertThat(slices).isBetween(5, 30);
  }

  @Test
  void aCursorAtTheEndReadsWhatIsOfferedLater() {
    SendQueue queue = unbounded();
    Cursor cursor = queue.seek(0);
    assertThat(queue.read(cursor)).isNull();
    for (int i = 0; i < 200; i++) {
      offer(queue, 50, 1);
      assertThat(readAll(queue, cursor)).isEqualTo(text(i, i + 1));
      assertThat(cursor.line()).isEqualTo(i + 1);
    }
  }

  @Test
  void whatWasReadStaysTheSame() {
    SendQueue queue = unbounded();
    offer(queue, 50, 2);
    Slice slice = queue.read(queue.seek(0));
    offer(queue, 50, 200);
    settle(queue, 202);
    offer(queue, 60, 200);
    assertThat(text(slice)).isEqualTo(text(0, 2));
  }

  @Test
  void twoCursorsReadOnTheirOwn() {
    SendQueue queue = unbounded();
    offer(queue, 50, 10);
    Cursor first = queue.seek(0);
    Cursor second = queue.seek(4);
    assertThat(readAll(queue, first)).isEqualTo(text(0, 10));
    assertThat(second.line()).isEqualTo(4);
    assertThat(readAll(queue, second)).isEqualTo(text(4, 10));
  }

  @Test
  void settledFuturesComeInOrderAndOnce() {
    SendQueue queue = unbounded();
    offer(queue, 700, 300);
    assertThat(settle(queue, 0)).isEmpty();
    assertThat(settle(queue, 1)).isEqualTo(futures(0, 1));
    assertThat(settle(queue, 1)).isEmpty();
    assertThat(settle(queue, 250)).isEqualTo(futures(1, 250));
    assertThat(settle(queue, 3)).isEmpty();
    assertThat(queue.settled()).isEqualTo(250);
    assertThat(settle(queue, Long.MAX_VALUE)).isEqualTo(futures(250, 300));
    assertThat(queue.settled()).isEqualTo(300);
    assertThat(sent).noneMatch(line -> line.future.isDone());
  }

  @Test
  void eachSettledLineFreesItsOwnRoom() {
    SendQueue queue = new SendQueue(new QueueLimits(UNBOUNDED, 10_000), (future, bytes) -> {});
    offer(queue, 100, 100);
    for (int i = 1; i <= 300; i++) {
      assertThat(offer(queue, 100)).isFalse();
      settle(queue, i);
      assertThat(queue).hasToString("99 messages with 9900 bytes");
      assertThat(offer(queue, 100)).isTrue();
    }
  }

  @Test
  void aCursorAtTheEndGoesOnWhenAllBeforeItIsSettled() {
    SendQueue queue = unbounded();
    Cursor cursor = queue.seek(0);
    for (int length : new int[] {50, 5000, 100, 100_000, 10}) {
      offer(queue, length, 3);
      int from = sent.size() - 3;
      assertThat(readAll(queue, cursor)).isEqualTo(text(from, from + 3));
      settle(queue, sent.size());
      assertThat(queue.read(cursor)).isNull();
      assertThat(cursor.line()).isEqualTo(sent.size());
    }
  }

  @Test
  void aCursorThatStaysBehindNeverReadsSettledLines() {
    SendQueue queue = unbounded();
    offer(queue, 700, 3);
    Cursor fresh = queue.seek(0);
    Cursor begun = queue.seek(0);
    queue.read(begun);
    offer(queue, 700, 300);
    Cursor inTheMiddle = queue.seek(3);
    settle(queue, 200);
    for (Cursor cursor : List.of(fresh, begun, inTheMiddle)) {
      assertThat(readAll(queue, cursor)).isEqualTo(text(200, 303));
    }
    Cursor behind = queue.seek(250);
    settle(queue, 303);
    assertThat(queue.read(behind)).isNull();
    assertThat(behind.line()).isEqualTo(303);
  }

  @Test
  void belowHalfIsLessThanHalfOfEitherBound() {
    SendQueue queue = new SendQueue(new QueueLimits(4, 100), (future, bytes) -> {});
    assertThat(queue.isBelowHalf()).isTrue();
    offer(queue, 10, 1);
    assertThat(queue.isBelowHalf()).isTrue();
    offer(queue, 10, 1);
    assertThat(queue.isBelowHalf()).isFalse();
    settle(queue, 2);
    offer(queue, 50, 1);
    assertThat(queue.isBelowHalf()).isFalse();
    settle(queue, 3);
    offer(queue, 49, 1);
    assertThat(queue.isBelowHalf()).isTrue();
  }

  @Test
  void belowHalfHoldsForTheSmallestAndTheGreatestBounds() {
    SendQueue smallest = new SendQueue(new QueueLimits(1, 1), (future, bytes) -> {});
    assertThat(smallest.isBelowHalf()).isTrue();
    offer(smallest, 10, 1);
    assertThat(smallest.isBelowHalf()).isFalse();
    settle(smallest, 1);
    assertThat(smallest.isBelowHalf()).isTrue();
    assertThat(unbounded().isBelowHalf()).isTrue();
  }

  @Test
  void itBehavesAsAListOfLines() {
    for (int seed = 0; seed < 60; seed++) {
      sent.clear();
      modelRun(new Random(seed));
    }
  }

  /** Does at random what can be done with a queue, and compares it with the list of sent lines. */
  private void modelRun(Random random) {
    int maxLines = 1 + random.nextInt(300);
    long maxBytes = 1L + random.nextInt(100_000);
    SendQueue queue = new SendQueue(new QueueLimits(maxLines, maxBytes), (future, bytes) -> {});
    Cursor cursor = queue.seek(0);
    int settled = 0;
    long read = 0;
    for (int step = 0; step < 300; step++) {
      int waiting = sent.size() - settled;
      int bytes = text(settled, sent.size()).length();
      switch (random.nextInt(8)) {
        case 0 -> {
          int to = settled - 1 + random.nextInt(waiting + 3);
          int below = Math.max(settled, Math.min(to, sent.size()));
          assertThat(settle(queue, to)).isEqualTo(futures(settled, below));
          settled = below;
        }
        case 1 -> {
          read = (long) settled + random.nextInt(waiting + 1);
          cursor = queue.seek(read);
        }
        case 2, 3 -> {
          read = Math.max(read, settled);
          Slice slice = queue.read(cursor);
          assertThat(text(slice)).isEqualTo(text(read, cursor.line()));
          assertThat(slice == null).isEqualTo(read == sent.size());
          read = cursor.line();
        }
        default -> {
          int length = 8 + random.nextInt(random.nextInt(20) == 0 ? 100_000 : 400);
          boolean room = waiting < maxLines && (waiting == 0 || bytes + length <= maxBytes);
          assertThat(offer(queue, length)).isEqualTo(room);
        }
      }
      assertThat(queue.settled()).isEqualTo(settled);
      assertThat(queue.accepted()).isEqualTo(sent.size());
      waiting = sent.size() - settled;
      bytes = text(settled, sent.size()).length();
      assertThat(queue).hasToString(waiting + " messages with " + bytes + " bytes");
      assertThat(queue.isBelowHalf()).isEqualTo(2 * waiting < maxLines && 2L * bytes < maxBytes);
    }
    assertThat(readAll(queue, queue.seek(settled))).isEqualTo(text(settled, sent.size()));
  }

  @Test
  void twoThreadsOfferWhileAThirdReadsAndSettles() throws InterruptedException {
    int each = 20_000;
    SendQueue queue = new SendQueue(new QueueLimits(1000, 50_000), (future, bytes) -> {});
    Thread first = new Thread(() -> offerAll(queue, "a", each));
    Thread second = new Thread(() -> offerAll(queue, "b", each));
    StringBuilder text = new StringBuilder();
    Cursor cursor = queue.seek(0);
    int settled = 0;
    first.start();
    second.start();
    while (settled < 2 * each) {
      text.append(readAll(queue, cursor));
      settled += settle(queue, cursor.line()).size();
      Thread.onSpinWait();
    }
    first.join();
    second.join();
    List<String> lines = text.toString().lines().toList();
    assertThat(lines).hasSize(2 * each);
    assertThat(lines).filteredOn(line -> line.startsWith("a")).isEqualTo(numbered("a", each));
    assertThat(lines).filteredOn(line -> line.startsWith("b")).isEqualTo(numbered("b", each));
    assertThat(queue).hasToString("0 messages with 0 bytes");
  }

  private static void offerAll(SendQueue queue, String name, int count) {
    for (String line : numbered(name, count)) {
      while (queue.offer(bytes(name), EncodedText.of(line.substring(1)), new SendFuture())
          != SendQueue.Offer.TAKEN) {
        Thread.onSpinWait();
      }
    }
  }

  private static List<String> numbered(String name, int count) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      lines.add(name + i);
    }
    return lines;
  }
}
