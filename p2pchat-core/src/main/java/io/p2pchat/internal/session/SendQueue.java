package io.p2pchat.internal.session;

import io.p2pchat.Fingerprint;
import io.p2pchat.internal.protocol.ChatLine;
import io.p2pchat.internal.protocol.EncodedText;
import io.p2pchat.internal.protocol.Next;
import io.p2pchat.internal.protocol.ReservedText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ObjIntConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The bounded queue of chat lines to one peer (PROTOCOL.md section 6). The sending threads encode
 * lines into chunks. A text that many queues share is not copied. Lines are numbered from 0, and
 * kept until settled: acknowledged, failed, or removed for level 0.
 *
 * <p>Lines are held in their exact form. The few that differ in plain form are converted when they
 * are read for a peer that does not take exact texts.
 *
 * <p>A line can be withdrawn until it is read for the first time. Its number is not used again.
 *
 * <p>A {@link KeptSend} is not read before it is committed.
 *
 * <p>Room is released only when the futures of settled lines have completed, which bounds the
 * pending completions too. Thread-safe.
 */
public final class SendQueue implements LineQueue {
  private static final int SMALLEST_CHUNK = 256;
  private static final int LARGEST_CHUNK = 64 * 1024;
  private static final int FEW_LINES = 4;

  private final QueueLimits limits;
  private final Spares spares;
  private final ObjIntConsumer<SendFuture> whenWithdrawn;

  /** The first and the last chunk, linked by {@link LineChunk#next}; both null if there is none. */
  private @Nullable LineChunk first;

  private @Nullable LineChunk last;

  /** The chunk read last, while it is queued. Reading goes on there, not from the front. */
  private @Nullable LineChunk lastRead;

  private final NavigableMap<Long, ReservedText> reservedLines = new TreeMap<>();
  private final NavigableSet<Long> exits = new TreeSet<>();
  private long accepted;
  private long settled;

  /** The number after the last line ever read. Lines from there on can be withdrawn. */
  private long read;

  /** The number of lines that are neither settled nor withdrawn. */
  private int unsettled;

  /** The bytes of withdrawn lines that the chunks still hold. */
  private long withdrawnBytes;

  private int heldLines;
  private long heldBytes;
  private int chunkSize = SMALLEST_CHUNK;
  private boolean closed;

  /** The number after the last line for the holder of one key. It may have been withdrawn. */
  private long keyedEnd;

  /** Whether there was a {@link KeptSend}. Without one, reading examines no single lines. */
  private boolean hasKept;

  /** The number after the last loose message that a store would keep. It may be gone. */
  private long looseEnd;

  /** Loose messages were removed, and are not all passed on yet. */
  private boolean movesLoose;

  /** The number after the last line for one team. It may have been withdrawn. */
  private long teamEnd;

  /** Who takes the lines, or null before the first session. */
  private @Nullable Recipient recipient;

  private int limit = Integer.MAX_VALUE;
  private boolean exact = true;

  /** Whether nothing that is kept is read without its number. */
  private boolean mustNumber;

  /** The result of offering a line. */
  public enum Offer {
    /** The line is queued. */
    TAKEN,
    /** There is no room. */
    FULL,
    /** There is no room among what is kept for all peers that are away. */
    FULL_OF_KEPT,
    /** There is no room among the messages to all peers. */
    FULL_IN_ALL,
    /** The queue accepts no more lines. A new queue may exist. */
    CLOSED,
    /** The line is not for the peer whose lines these are now. */
    ELSEWHERE
  }

  private record Recipient(@Nullable Fingerprint key, String team) {
    /** Who has no key is no peer that a line can be for. */
    static final Recipient NOBODY = new Recipient(null, "");
  }

  /**
   * A line with a reserved text.
   *
   * @param number its number
   * @param reserved its reserved text
   */
  public record ReservedLine(long number, ReservedText reserved) {}

  /**
   * A line removed from the queue.
   *
   * @param header the encoded line, up to the text
   * @param text its text; empty if the header holds it
   * @param settled its future and room
   */
  @SuppressWarnings("ArrayRecordComponent") // Passed once, never compared
  public record DequeuedLine(byte[] header, EncodedText text, CompletedSends settled) {}

  /**
   * A line removed from the queue because the peer cannot take it.
   *
   * @param length its length in the peer's form with the line end, or {@link EncodedText#NONE}
   * @param settled its future and room
   */
  public record UnsendableLine(int length, CompletedSends settled) {}

  /** A position in the queue, from which one connection writes. Used by one thread. */
  public static final class Cursor {
    private final KeptSend.@Nullable Numbers numbers;
    private long line;

    private Cursor(long line, KeptSend.@Nullable Numbers numbers) {
      this.line = line;
      this.numbers = numbers;
    }

    /** Returns the number of the next line. */
    public long line() {
      return line;
    }
  }

  /**
   * Whole, consecutive, encoded lines. The bytes do not change. If they are followed by a shared
   * text, they are the header of one line, and its line end is in neither.
   *
   * @param array the array that holds them
   * @param offset the offset of the first
   * @param length their length in bytes
   * @param lines the number of lines
   * @param shared the text that follows, or null
   * @param next what precedes them between two stores, or null
   * @param chunk whose array it is, or null if no chunk waits for it
   */
  @SuppressWarnings("ArrayRecordComponent") // Written uncopied, never compared
  public record Slice(
      byte[] array,
      int offset,
      int length,
      int lines,
      @Nullable EncodedText shared,
      @Nullable Next next,
      @Nullable LineChunk chunk) {
    private Slice after(@Nullable Next numbered) {
      return numbered == null
          ? this
          : new Slice(array, offset, length, lines, shared, numbered, chunk);
    }
  }

  /**
   * The arrays of settled chunks, which the next chunks use again: fresh memory is slow. All queues
   * of a node share one instance. Thread-safe.
   */
  public static final class Spares {
    private final long most;
    private final Deque<byte[]> arrays = new ArrayDeque<>();

    /**
     * Creates an empty instance.
     *
     * @param bytes how many it holds at most
     */
    public Spares(long bytes) {
      this.most = bytes / LARGEST_CHUNK;
    }

    /** Drops all. */
    public synchronized void clear() {
      arrays.clear();
    }

    private synchronized byte[] take() {
      byte[] spare = arrays.pollLast();
      return spare == null ? new byte[LARGEST_CHUNK] : spare;
    }

    private synchronized void add(byte[] array) {
      if (array.length == LARGEST_CHUNK && arrays.size() < most) {
        arrays.add(array);
      }
    }
  }

  /** Creates an empty queue that uses no array again. */
  public SendQueue(QueueLimits limits, ObjIntConsumer<SendFuture> whenWithdrawn) {
    this(limits, new Spares(0), whenWithdrawn);
  }

  /**
   * Creates an empty queue.
   *
   * @param limits the limits on unsettled lines
   * @param spares the arrays to use again
   * @param whenWithdrawn gets the future and the bytes of each line that was withdrawn. Their room
   *     is free. Runs on any thread
   */
  public SendQueue(QueueLimits limits, Spares spares, ObjIntConsumer<SendFuture> whenWithdrawn) {
    this.limits = limits;
    this.spares = spares;
    this.whenWithdrawn = whenWithdrawn;
  }

  /**
   * Adds a line, if there is room.
   *
   * @param header the encoded header; must not change
   * @param text the text
   * @param future completed by the code that settles the line
   */
  public synchronized Offer offer(byte[] header, EncodedText text, SendFuture future) {
    int lineBytes = header.length + text.bytes().length + 1;
    if (closed) {
      return Offer.CLOSED;
    }
    KeptSend kept = future instanceof KeptSend known ? known : null;
    boolean bound = kept != null && kept.isBound();
    if (recipient != null && !bound && !future.isFor(recipient.key, recipient.team)) {
      return Offer.ELSEWHERE;
    }
    // What was accepted is not refused later.
    if ((kept == null || !kept.isNumbered()) && !limits.hasRoom(heldLines, heldBytes, lineBytes)) {
      return Offer.FULL;
    }
    LineChunk chunk;
    if (text.isShared()) {
      chunk = new LineChunk(this, accepted, header, text, future);
      append(chunk);
    } else {
      chunk = chunkFor(lineBytes);
      chunk.add(header, text, future);
    }
    ReservedText reserved = text.reserved();
    if (reserved != null) {
      reservedLines.put(accepted, reserved);
      if (reserved == ReservedText.EXIT) {
        exits.add(accepted);
      }
    }
    accepted++;
    unsettled++;
    heldLines++;
    heldBytes += lineBytes;
    keyedEnd = future.key() == null ? keyedEnd : accepted;
    teamEnd = future.team() == null ? teamEnd : accepted;
    hasKept |= kept != null;
    looseEnd = kept != null && !bound ? accepted : looseEnd;
    future.moveTo(chunk);
    return Offer.TAKEN;
  }

  private LineChunk chunkFor(int lineBytes) {
    // The lines between may have been withdrawn.
    if (last != null && last.endLine() == accepted && last.hasRoom(lineBytes)) {
      return last;
    }
    int capacity = Math.max(lineBytes, chunkSize);
    int expected = last == null ? FEW_LINES : last.expectedLines(capacity);
    byte[] array = capacity == LARGEST_CHUNK ? spares.take() : new byte[capacity];
    LineChunk next = new LineChunk(this, accepted, array, expected);
    append(next);
    chunkSize = Math.min(2 * chunkSize, LARGEST_CHUNK);
    return next;
  }

  private void append(LineChunk chunk) {
    if (last == null) {
      first = chunk;
    } else {
      last.next = chunk;
    }
    last = chunk;
  }

  private void remove(LineChunk chunk) {
    first = chunk.next;
    last = first == null ? null : last;
    // Futures refer to their chunk, and must not keep those behind it.
    chunk.next = null;
    if (chunk == lastRead) {
      lastRead = null;
    }
    spares.add(chunk.takeArray());
  }

  /** Frees the memory of withdrawn lines. */
  private void compact() {
    LineChunk next = first;
    first = null;
    last = null;
    lastRead = null;
    withdrawnBytes = 0;
    while (next != null) {
      LineChunk chunk = next;
      next = chunk.next;
      chunk.next = null;
      if (!chunk.compact()) {
        append(chunk);
      }
    }
  }

  /** Returns a cursor before the line with this number. */
  public Cursor seek(long line) {
    return new Cursor(line, null);
  }

  /** Returns a cursor before the line with this number, for a connection to another store. */
  public Cursor seek(long line, KeptSend.Numbers numbers) {
    return new Cursor(line, numbers);
  }

  /**
   * Sets what the peer takes. Reading stops before a line that it cannot take until {@link
   * #takeUnsendable}.
   *
   * @param newLimit the longest line, in bytes with the line end
   * @param takesExact whether it takes exact texts
   * @param lacksStore whether it has a store, and learned nothing of the one of this node. Then
   *     nothing kept is read without its number: the peer could not know it again
   */
  public synchronized void setPeer(int newLimit, boolean takesExact, boolean lacksStore) {
    limit = newLimit;
    exact = takesExact;
    mustNumber = lacksStore;
  }

  /**
   * A session is open. Lines for other peers are not accepted any more, and those that were never
   * written are removed.
   *
   * @param key the key of the peer, or null without encryption
   * @param team the team of the peer
   * @return the lines for other peers, in order
   */
  public List<RemovedLine> opened(@Nullable Fingerprint key, String team) {
    synchronized (this) {
      recipient = new Recipient(key, team);
      if (Math.max(keyedEnd, teamEnd) <= settled) {
        return List.of();
      }
    }
    return remove((future, reserved) -> !future.isFor(key, team));
  }

  /** The session has ended. Lines for a peer are not accepted any more. */
  public synchronized void ended() {
    recipient = Recipient.NOBODY;
  }

  /** Removes the first line if the peer cannot take it. Otherwise returns null. */
  public synchronized @Nullable UnsendableLine takeUnsendable() {
    int length = first == null ? 0 : first.length(settled, exact);
    return length != EncodedText.NONE && length <= limit
        ? null
        : new UnsendableLine(length, settle(settled + 1));
  }

  /**
   * Returns the next unsettled lines that are contiguous in memory, and moves the cursor behind
   * them. Returns null if there are none. Lines after an {@code exit} are not read before that is
   * settled, and those after a message that is not committed not before it is.
   */
  public synchronized @Nullable Slice read(Cursor from) {
    from.line = Math.max(from.line, settled);
    LineChunk chunk = findLive(from);
    Long exit = exits.isEmpty() ? null : exits.first();
    if (chunk == null || (exit != null && from.line > exit)) {
      return null;
    }
    Next next = null;
    if (hasKept) {
      if (!isReady(chunk, from.line, from)) {
        return null;
      }
      next = next(chunk, from);
    }
    long end = chunk.endWithin(from.line, limit, exact);
    end = exit == null ? end : Math.min(end, exit + 1);
    if (end <= from.line) {
      return exact ? null : readPlain(chunk, from);
    }
    if (hasKept) {
      end = readKept(chunk, from, end);
    }
    Slice slice = chunk.slice(from.line, end).after(next);
    from.line = end;
    read = Math.max(read, end);
    return slice;
  }

  private boolean isReady(LineChunk chunk, long line, Cursor from) {
    return !(chunk.future(line) instanceof KeptSend kept) || isReady(kept, from);
  }

  private boolean isReady(KeptSend kept, Cursor from) {
    boolean numbered = from.numbers != null;
    return kept.isReady(numbered) && (numbered || !mustNumber || !kept.isBound());
  }

  /** Returns what must precede a line on the connection, or null. */
  private static @Nullable Next next(LineChunk chunk, Cursor from) {
    KeptSend.Numbers numbers = from.numbers;
    return numbers != null
            && chunk.future(from.line) instanceof KeptSend kept
            && numbers.needsNext(kept)
        ? numbers.next(kept)
        : null;
  }

  /**
   * Reads lines up to one that is not ready or needs a {@code NEXT}. The first is ready. Returns
   * the number after the last one.
   */
  private long readKept(LineChunk chunk, Cursor from, long end) {
    KeptSend.Numbers numbers = from.numbers;
    for (long line = from.line; line < end; line = chunk.firstLive(line + 1)) {
      if (chunk.future(line) instanceof KeptSend kept) {
        if (line > from.line
            && (!isReady(kept, from) || (numbers != null && numbers.needsNext(kept)))) {
          return line;
        }
        kept.written();
        if (numbers != null) {
          numbers.written(kept);
        }
      }
    }
    return end;
  }

  /** Returns the next line in plain form, or null if the peer cannot take it. */
  private @Nullable Slice readPlain(LineChunk chunk, Cursor from) {
    int length = chunk.length(from.line, false);
    if (length == EncodedText.NONE || length > limit) {
      return null;
    }
    byte[] header = chunk.header(from.line);
    if (chunk.future(from.line) instanceof KeptSend kept) {
      kept.written();
    }
    from.line++;
    read = Math.max(read, from.line);
    if (chunk.shared != null) {
      return new Slice(header, 0, header.length, 1, chunk.shared.plain(), null, null);
    }
    ChatLine line = ChatLine.parseExact(new String(header, StandardCharsets.UTF_8));
    byte[] plain = (line.format() + '\n').getBytes(StandardCharsets.UTF_8);
    return new Slice(plain, 0, plain.length, 1, null, null, null);
  }

  /** Nobody reads the array of a slice any more. Without this call it is not used again. */
  public synchronized void done(Slice slice) {
    if (slice.chunk != null) {
      slice.chunk.done();
    }
  }

  /** Removes all lines below {@code number}, in order. */
  public synchronized CompletedSends settle(long number) {
    CompletedSends lines = new CompletedSends();
    long below = Math.min(number, accepted);
    for (LineChunk chunk = first; chunk != null && settled < below; chunk = first) {
      long to = Math.min(below, chunk.endLine());
      chunk.settle(settled, to, lines);
      settled = to;
      if (to == chunk.endLine()) {
        remove(chunk);
      }
    }
    unsettled -= lines.lines();
    settled = Math.max(settled, below);
    settleWithdrawn();
    while (!exits.isEmpty() && exits.first() < settled) {
      exits.pollFirst();
    }
    return lines;
  }

  /** Removes withdrawn lines from the front, so that the first unsettled line is none. */
  private void settleWithdrawn() {
    for (LineChunk chunk = first; chunk != null; chunk = first) {
      long live = chunk.firstLive(settled);
      if (live > settled) {
        chunk.settle(settled, live, new CompletedSends());
        settled = live;
      }
      if (live < chunk.endLine()) {
        return;
      }
      remove(chunk);
    }
    settled = accepted;
    chunkSize = SMALLEST_CHUNK;
  }

  /** A settled chunk has held so many bytes of withdrawn lines. Called by chunks. */
  void forget(int bytes) {
    withdrawnBytes -= bytes;
  }

  /** Withdraws a line that was not read yet. Returns whether it was not. Called by chunks. */
  boolean withdraw(LineChunk chunk, SendFuture future) {
    return withdraw(chunk, future, 0);
  }

  /** Withdraws a line whose number is known to be {@code from} or later. */
  private boolean withdraw(LineChunk chunk, SendFuture future, long from) {
    int bytes;
    synchronized (this) {
      long line = chunk.find(future, Math.max(from, Math.max(settled, read)));
      bytes = line < 0 ? 0 : withdraw(chunk, line);
      if (bytes == 0) {
        return false;
      }
      settleAndCompact();
    }
    whenWithdrawn.accept(future, bytes);
    return true;
  }

  /** Marks a line as withdrawn. Returns its bytes, or 0 if it already was. */
  private int withdraw(LineChunk chunk, long line) {
    int bytes = chunk.withdraw(line);
    if (bytes > 0) {
      unsettled--;
      heldLines--;
      heldBytes -= bytes;
      withdrawnBytes += bytes;
      reservedLines.remove(line);
      exits.remove(line);
    }
    return bytes;
  }

  private void settleAndCompact() {
    settleWithdrawn();
    // Rare enough that it costs no more than to encode the lines did.
    if (withdrawnBytes > LARGEST_CHUNK + heldBytes) {
      compact();
    }
  }

  /** Removes the first line. Returns null if there is none. */
  public synchronized @Nullable DequeuedLine take() {
    LineChunk chunk = first;
    if (chunk == null) {
      return null;
    }
    byte[] header = chunk.header(settled);
    ReservedText reserved = reservedLines.remove(settled);
    EncodedText text = text(chunk, settled, header, reserved);
    return new DequeuedLine(header, text, settle(settled + 1));
  }

  /**
   * A line removed from the middle of the queue, before it was written. Its room is released.
   *
   * @param header the encoded line, up to the text
   * @param text its text; empty if the header holds it
   * @param future its future
   */
  @SuppressWarnings("ArrayRecordComponent") // Passed once, never compared
  public record RemovedLine(byte[] header, EncodedText text, SendFuture future) {}

  private record Unwritten(LineChunk chunk, long line, RemovedLine removed) {}

  /** Returns the key whose holder the message of an unsettled line is for, or null. */
  public synchronized @Nullable Fingerprint key() {
    Fingerprint key = first(SendFuture::key, keyedEnd);
    keyedEnd = key == null ? 0 : keyedEnd;
    return key;
  }

  /** Returns the team that the message of an unsettled line is for, or null. */
  public synchronized @Nullable String team() {
    String team = first(SendFuture::team, teamEnd);
    teamEnd = team == null ? 0 : teamEnd;
    return team;
  }

  /** Returns what the first of the unsettled lines up to one has, or null if none has it. */
  private <T> @Nullable T first(Function<SendFuture, @Nullable T> what, long end) {
    for (LineChunk chunk = first; chunk != null && settled < end; chunk = chunk.next) {
      long to = Math.min(end, chunk.endLine());
      for (long line = chunk.firstLive(settled); line < to; line = chunk.firstLive(line + 1)) {
        SendFuture future = chunk.future(line);
        T found = future == null ? null : what.apply(future);
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  /** Removes the lines that were never written and match, in order. */
  public List<RemovedLine> remove(BiPredicate<SendFuture, @Nullable ReservedText> which) {
    List<Unwritten> found = new ArrayList<>();
    synchronized (this) {
      long from = Math.max(settled, read);
      for (LineChunk chunk = first; chunk != null; chunk = chunk.next) {
        for (long line = chunk.firstLive(from);
            line < chunk.endLine();
            line = chunk.firstLive(line + 1)) {
          SendFuture future = chunk.future(line);
          ReservedText reserved = reservedLines.get(line);
          if (future != null && which.test(future, reserved)) {
            byte[] header = chunk.header(line);
            EncodedText text = text(chunk, line, header, reserved);
            found.add(new Unwritten(chunk, line, new RemovedLine(header, text, future)));
          }
        }
      }
    }
    return found.stream()
        .filter(line -> line.removed.future.leave())
        .filter(line -> withdraw(line.chunk, line.removed.future, line.line))
        .map(Unwritten::removed)
        .toList();
  }

  /**
   * Removes the lines that match, in order, whether they were written or not. Only while no session
   * counts them: after its end, or before its first line.
   *
   * @param below the number after the last line that may be removed
   */
  public List<RemovedLine> drop(long below, BiPredicate<SendFuture, @Nullable ReservedText> which) {
    return drop(below, which, false);
  }

  /**
   * Takes the lines that match out of the queue, in order, for another place. Also written ones.
   * Only while no session counts them. What was given up is not among them.
   */
  public List<RemovedLine> takeOut(BiPredicate<SendFuture, @Nullable ReservedText> which) {
    return drop(Long.MAX_VALUE, which, true);
  }

  private List<RemovedLine> drop(
      long below, BiPredicate<SendFuture, @Nullable ReservedText> which, boolean leaving) {
    List<RemovedLine> dropped = new ArrayList<>();
    List<SendFuture> futures = new ArrayList<>();
    List<Integer> sizes = new ArrayList<>();
    synchronized (this) {
      for (LineChunk chunk = first; chunk != null; chunk = chunk.next) {
        for (long line = chunk.firstLive(settled);
            line < Math.min(below, chunk.endLine());
            line = chunk.firstLive(line + 1)) {
          SendFuture future = chunk.future(line);
          ReservedText reserved = reservedLines.get(line);
          if (future == null || !which.test(future, reserved)) {
            continue;
          }
          // It leaves before its line is withdrawn. Else whoever gives it up takes it for written.
          boolean left = !leaving || future.leave();
          if (left) {
            byte[] header = chunk.header(line);
            EncodedText text = text(chunk, line, header, reserved);
            dropped.add(new RemovedLine(header, text, future));
          }
          // Whoever gives up a line that was not written withdraws it.
          if (left || line < read) {
            futures.add(future);
            sizes.add(withdraw(chunk, line));
          }
        }
      }
      settleAndCompact();
    }
    for (int i = 0; i < sizes.size(); i++) {
      whenWithdrawn.accept(futures.get(i), sizes.get(i));
    }
    return dropped;
  }

  /** Returns whether there is a message that a store keeps. */
  public synchronized boolean hasKept() {
    return hasKept && has(kept -> kept.isBound() && !kept.isGone());
  }

  /** Returns the number after the last loose message that a store would keep, or 0. */
  public synchronized long looseEnd() {
    return looseEnd > settled || movesLoose ? looseEnd : 0;
  }

  /**
   * Removes the loose messages that were never written, and passes them on in order. Until that is
   * done, {@link #looseEnd} is not 0, so that later ones wait behind them.
   *
   * @param written whether to remove those too that were written, in an earlier session
   * @param which those to remove; the others stay, and stay loose
   */
  public void removeLoose(boolean written, Predicate<KeptSend> which, Consumer<RemovedLine> then) {
    long end;
    synchronized (this) {
      end = looseEnd();
      if (end == 0) {
        return;
      }
      movesLoose = true; // Else no line would be left here that later ones wait for.
    }
    BiPredicate<SendFuture, @Nullable ReservedText> loose =
        (future, reserved) ->
            future instanceof KeptSend kept && !kept.isBound() && which.test(kept);
    try {
      (written ? takeOut(loose) : remove(loose)).forEach(then);
    } finally {
      synchronized (this) {
        movesLoose = false;
        boolean othersStay = has(kept -> !kept.isBound() && !which.test(kept));
        looseEnd = looseEnd == end && !othersStay ? 0 : looseEnd;
      }
    }
  }

  /** The peer has no session any more. Tells those who do not wait for one that is away. */
  public void peerIsAway() {
    List<KeptSend> kept = new ArrayList<>();
    synchronized (this) {
      if (hasKept) {
        forEachKept(kept::add);
      }
    }
    kept.stream().filter(KeptSend::isBound).forEach(KeptSend::peerIsAway);
  }

  /**
   * Returns whether a message that a store keeps was written and is not settled. One that was given
   * up since is still counted by the session.
   */
  public synchronized boolean hasWrittenKept() {
    return hasKept && has(KeptSend::mayBeWritten);
  }

  private boolean has(Predicate<KeptSend> which) {
    for (LineChunk chunk = first; chunk != null; chunk = chunk.next) {
      for (long line = chunk.firstLive(settled);
          line < chunk.endLine();
          line = chunk.firstLive(line + 1)) {
        if (chunk.future(line) instanceof KeptSend kept && which.test(kept)) {
          return true;
        }
      }
    }
    return false;
  }

  // ---- messages that a store keeps

  /** Returns the outboxes of the unsettled messages, in order. */
  public synchronized Set<String> outboxes() {
    Set<String> outboxes = new LinkedHashSet<>();
    forEachKept(
        kept -> {
          if (kept.isNumbered()) {
            outboxes.add(kept.outbox());
          }
        });
    return outboxes;
  }

  private void forEachKept(Consumer<KeptSend> action) {
    for (LineChunk chunk = first; chunk != null; chunk = chunk.next) {
      for (long line = chunk.firstLive(settled);
          line < chunk.endLine();
          line = chunk.firstLive(line + 1)) {
        if (chunk.future(line) instanceof KeptSend kept) {
          action.accept(kept);
        }
      }
    }
  }

  /**
   * The recipient has told which messages it has stored, before any was written in this session.
   * Removes those, and those that were given up after they had been written. The others can be
   * withdrawn again.
   *
   * @param stored whether it has stored a message
   * @return those that it has stored, in order
   */
  public List<RemovedLine> told(Predicate<KeptSend> stored) {
    List<RemovedLine> told =
        drop(
            Long.MAX_VALUE,
            (future, reserved) ->
                future instanceof KeptSend kept
                    && kept.isCommitted()
                    && (kept.isGone() || stored.test(kept)));
    synchronized (this) {
      read = settled;
      forEachKept(KeptSend::notStored);
    }
    return told.stream().filter(line -> stored.test((KeptSend) line.future)).toList();
  }

  private static EncodedText text(
      LineChunk chunk, long line, byte[] header, @Nullable ReservedText reserved) {
    return chunk.shared == null
        ? EncodedText.empty(header.length, chunk.plainLength(line), reserved)
        : chunk.shared;
  }

  /** Returns whether an {@code exit} is not settled yet. */
  public synchronized boolean hasExit() {
    return !exits.isEmpty();
  }

  /** Removes the first line if it is an {@code exit}. Otherwise returns null. */
  public synchronized @Nullable DequeuedLine takeExit() {
    return reservedLines.get(settled) == ReservedText.EXIT ? take() : null;
  }

  /** Returns the future of an unsettled line, or null if it is settled. */
  public synchronized @Nullable SendFuture future(long line) {
    LineChunk chunk = line < settled ? null : find(line);
    return chunk == null ? null : chunk.future(line);
  }

  /** Returns the lines with a reserved text below {@code number}. Each is returned once. */
  public synchronized List<ReservedLine> reservedBelow(long number) {
    if (reservedLines.isEmpty()) {
      return List.of();
    }
    List<ReservedLine> below = new ArrayList<>();
    Map<Long, ReservedText> lines = reservedLines.headMap(number, false);
    lines.forEach((line, reserved) -> below.add(new ReservedLine(line, reserved)));
    lines.clear();
    return below;
  }

  /** Returns the first queued {@code exit} that was not returned yet, or null. */
  public synchronized @Nullable ReservedLine exit() {
    for (Map.Entry<Long, ReservedText> line : reservedLines.entrySet()) {
      if (line.getValue() == ReservedText.EXIT) {
        return new ReservedLine(line.getKey(), ReservedText.EXIT);
      }
    }
    return null;
  }

  /** Releases the room of these lines, whose futures are complete. */
  public synchronized void release(CompletedSends lines) {
    heldLines -= lines.lines();
    heldBytes -= lines.bytes();
  }

  /** Accepts no more lines. */
  public synchronized void close() {
    closed = true;
  }

  /** Returns whether it accepts no more lines. */
  public synchronized boolean isClosed() {
    return closed;
  }

  /** Closes the queue if no line holds room. Returns whether it is closed now. */
  public synchronized boolean closeIfUnused() {
    closed |= heldLines == 0;
    return closed;
  }

  /** Moves the cursor to the next line that was not withdrawn. Returns its chunk, or null. */
  private @Nullable LineChunk findLive(Cursor from) {
    for (LineChunk chunk = find(from.line); chunk != null; chunk = chunk.next) {
      from.line = chunk.firstLive(from.line);
      if (from.line < chunk.endLine()) {
        lastRead = chunk;
        return chunk;
      }
    }
    return null;
  }

  /** Returns the chunk with this line, or with the first one after it, or null. */
  private @Nullable LineChunk find(long line) {
    LineChunk chunk = lastRead;
    if (chunk == null || line < chunk.firstLine) {
      chunk = first;
    }
    while (chunk != null && line >= chunk.endLine()) {
      chunk = chunk.next;
    }
    return chunk;
  }

  /** What a store has kept, and was given up after it had been written, is left out. */
  @Override
  public void begin() {
    drop(Long.MAX_VALUE, (future, reserved) -> future instanceof KeptSend kept && kept.isGone());
  }

  @Override
  public synchronized long settled() {
    return settled;
  }

  @Override
  public synchronized long after(long count) {
    if (accepted - settled == unsettled || count <= 0) {
      return settled + count;
    }
    long left = count;
    for (LineChunk chunk = first; chunk != null; chunk = chunk.next) {
      int live = chunk.live(settled);
      if (left <= live) {
        return chunk.after(settled, left);
      }
      left -= live;
    }
    return accepted + left;
  }

  @Override
  public synchronized long accepted() {
    return accepted;
  }

  /** Returns how many lines hold room. */
  public synchronized int heldLines() {
    return heldLines;
  }

  /** Returns how many bytes hold room. */
  public synchronized long heldBytes() {
    return heldBytes;
  }

  /** Returns whether less than half of both limits is in use. */
  public synchronized boolean isBelowHalf() {
    return limits.isBelowHalf(heldLines, heldBytes);
  }

  /** Returns the queued lines and bytes, for exception messages. */
  @Override
  public synchronized String toString() {
    return heldLines + " messages with " + heldBytes + " bytes";
  }
}
