package io.p2pchat.internal.session;

import io.p2pchat.PeerUnreachableException.Reason;
import io.p2pchat.internal.protocol.Ack;
import io.p2pchat.internal.protocol.Bye;
import io.p2pchat.internal.protocol.Greeting;
import io.p2pchat.internal.protocol.Hello;
import io.p2pchat.internal.protocol.NodeInfo;
import io.p2pchat.internal.protocol.Stored;
import io.p2pchat.internal.protocol.Welcome;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A session between fakes, with a clock driven by hand. */
final class SessionBench implements SessionEffects, LineQueue {
  static final String LOWER = "a".repeat(26);
  static final String SELF = "m".repeat(26);
  static final String PEER = "p".repeat(26);
  static final String RESTARTED = "r".repeat(26);
  static final String SID = "s".repeat(13);
  static final String OTHER_SID = "t".repeat(13);

  static final NodeInfo ME = new NodeInfo(SELF, 65_536, 7000, "Mine", true);

  final Session session;
  NodeInfo me = ME;
  List<String> outboxes = List.of();
  final List<List<String>> asked = new ArrayList<>();
  final List<Stored.Entry> stored = new ArrayList<>();
  final List<Event> events = new ArrayList<>();
  int dials;
  int acknowledged;
  int unknown;
  int refused;
  int unsent;
  final List<String> violations = new ArrayList<>();
  @Nullable Reason unsentWhy;
  @Nullable String unsentReason;
  @Nullable String unknownReason;
  long now = 1_000_000 * VirtualTime.SECOND;

  /** The upper bits give the jitter: none. */
  long randomBits = Long.MIN_VALUE;

  private long accepted;
  private long settled;
  private int randomNumbers;

  SessionBench() {
    this.session =
        new Session(
            SessionTimeouts.DEFAULTS,
            () -> me,
            this,
            this,
            new EndedSessions(600 * VirtualTime.SECOND).of("host"),
            () -> randomBits + randomNumbers++);
  }

  /** The application sends. */
  void send(int lines) {
    accepted += lines;
    session.linesWait(now);
  }

  /** Time passes, and what is due is done at its time. */
  void pass(long nanos) {
    long end = now + nanos;
    while (session.nextTick() <= end) {
      now = Math.max(now, session.nextTick());
      session.tick(now);
    }
    now = end;
  }

  FakeConnection greetedBy(String node) {
    FakeConnection link = new FakeConnection();
    session.greeted(now, link, new Greeting(1, Greeting.Tls.NO, node));
    return link;
  }

  /** A session that this side has dialed, with so many lines written in it. */
  FakeConnection openAsDialer(int lines) {
    send(lines);
    FakeConnection link = greetedBy(PEER);
    session.welcomed(now, link, welcome(PEER, SID, 0, Welcome.NONE));
    link.write(lines);
    link.news();
    return link;
  }

  /** A session that the peer has dialed, with so many lines written in it. */
  FakeConnection openAsAcceptor(int lines) {
    FakeConnection link = helloFrom(PEER, null, 0);
    link.news();
    send(lines);
    link.write(lines);
    return link;
  }

  FakeConnection helloFrom(String node, @Nullable String sid, long received) {
    FakeConnection link = new FakeConnection();
    session.hello(now, link, new Hello(1, introduction(node), sid, received));
    return link;
  }

  static Welcome welcome(String node, String sid, long received, long ended) {
    return new Welcome(1, introduction(node), sid, received, ended);
  }

  static NodeInfo introduction(String node) {
    return new NodeInfo(node, 65_536, 7001, "Theirs", true);
  }

  /** The identifier of the session that was opened on this link. */
  static String sid(FakeConnection link) {
    return link.sent.stream()
        .filter(Welcome.class::isInstance)
        .map(line -> ((Welcome) line).session())
        .findFirst()
        .orElseThrow();
  }

  void ack(FakeConnection link, long count) {
    session.acknowledged(now, link, new Ack(count));
  }

  void pong(FakeConnection link) {
    session.ponged(now, link);
    session.heard(now, link);
  }

  void bye(FakeConnection link, Bye.Reason reason) {
    session.bye(now, link, new Bye(reason));
  }

  void lose(FakeConnection link) {
    session.lost(now, link);
  }

  @Override
  public void dial() {
    dials++;
  }

  @Override
  public boolean dialNext() {
    return false;
  }

  @Override
  public void acknowledged(long number) {
    acknowledged += settle(number);
  }

  @Override
  public void unknown(long number, String reason) {
    unknownReason = reason;
    unknown += settle(number);
  }

  @Override
  public void refused(long number) {
    refused += settle(number);
  }

  @Override
  public void unsent(long number, Reason why, String reason) {
    unsent += settle(Math.min(number, accepted));
    unsentWhy = why;
    unsentReason = reason;
  }

  @Override
  public List<String> outboxes() {
    return outboxes;
  }

  @Override
  public boolean stored(List<Stored.Entry> entries) {
    stored.addAll(entries);
    return entries.stream().allMatch(entry -> entry.number() <= accepted);
  }

  @Override
  public void asked(SessionConnection from, List<String> ids) {
    asked.add(ids);
  }

  @Override
  public void violated(SessionConnection from, String description) {
    violations.add(description);
  }

  @Override
  public void happened(Event event) {
    events.add(event);
  }

  private int settle(long number) {
    int count = (int) Math.max(0, number - settled);
    settled += count;
    return count;
  }

  @Override
  public long settled() {
    return settled;
  }

  @Override
  public long after(long count) {
    return settled() + count;
  }

  @Override
  public long accepted() {
    return accepted;
  }
}
