package io.p2pchat.internal.node;

import io.p2pchat.Delivery;
import io.p2pchat.DeliveryUnknownException;
import io.p2pchat.MessageTooLargeException;
import io.p2pchat.NodeClosedException;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNodeException;
import io.p2pchat.PeerUnreachableException;
import io.p2pchat.internal.event.Account;
import io.p2pchat.internal.message.Ack;
import io.p2pchat.internal.message.Bye;
import io.p2pchat.internal.message.ControlLine;
import io.p2pchat.internal.message.Greeting;
import io.p2pchat.internal.message.Hello;
import io.p2pchat.internal.message.Introduction;
import io.p2pchat.internal.message.Ping;
import io.p2pchat.internal.message.Pong;
import io.p2pchat.internal.message.ReservedText;
import io.p2pchat.internal.message.Welcome;
import io.p2pchat.internal.peers.PeerLink;
import io.p2pchat.internal.session.Link;
import io.p2pchat.internal.session.Outputs;
import io.p2pchat.internal.session.SendQueue;
import io.p2pchat.internal.session.SendQueue.Offer;
import io.p2pchat.internal.session.Session;
import io.p2pchat.internal.session.Session.State;
import io.p2pchat.internal.session.Settled;
import io.p2pchat.internal.transport.Approach;
import io.p2pchat.internal.transport.Dial;
import io.p2pchat.internal.transport.SessionHandler;
import io.p2pchat.internal.transport.SessionInbound;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What goes between this node and one address: the queue of messages to it, and the session or the
 * level-0 sends that empty the queue.
 *
 * <p>{@link #offer}, the {@link #outbox} and the snapshot's values may be used on any thread; the
 * rest runs on the event loop.
 */
final class Contact implements Outputs, SessionInbound, Account.Valve, PeerLink {
  private static final Duration RESUMING_WAIT = Duration.ofSeconds(5);
  private static final long COLLECT_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  final PeerAddress address;
  final Outbox outbox;
  private final SendQueue queue;
  private final Alarm alarm;

  /** All addresses it is known by. */
  final List<PeerAddress> addresses = new ArrayList<>(1);

  /** What the peer was last known by, or empty. */
  String node = "";

  private final InetSocketAddress target;
  private final Contacts contacts;
  private final Session session;
  private final Account account;
  private final Receipts receipts = new Receipts(this::collectLater);
  private final AtomicBoolean woken = new AtomicBoolean();
  private volatile long roundTripNanos = -1;
  private volatile boolean sessionUp;
  private volatile int limit = Integer.MAX_VALUE;
  private @Nullable SessionHandler opened;
  private @Nullable PlainSend sending;
  private @Nullable Attempt attempt;
  private boolean peerLeft;
  private long collectAt = Session.NEVER;

  Contact(PeerAddress address, InetAddress ip, Contacts contacts) {
    this.address = address;
    this.addresses.add(address);
    this.target = new InetSocketAddress(ip, address.port());
    this.contacts = contacts;
    this.outbox =
        new Outbox(address, contacts, () -> contacts.onLoop(() -> contacts.dropIfUnused(this)));
    this.queue = outbox.queue;
    this.alarm = new Alarm(contacts.loop, this::collect);
    this.session =
        new Session(
            contacts.times, contacts.self, queue, this, contacts.endedSessions, contacts.random);
    this.account = contacts.handOver.open(this);
  }

  // ---- any thread

  /** Queues a message, or fails it if the peer has said that it does not take such long ones. */
  Offer offer(byte[] header, Encoded message, CompletableFuture<Delivery> future, Wakes wakes) {
    int bytes = header.length + message.text().length + 1;
    if (bytes > limit) {
      contacts.fail(future, tooLarge(bytes));
      return Offer.TAKEN;
    }
    Offer offer = queue.offer(header, message.text(), message.reserved(), future);
    if (offer == Offer.TAKEN && !woken.get() && !woken.getAndSet(true)) {
      wakes.wake(this);
    }
    return offer;
  }

  /** Who brings contacts to which there are new messages to the event loop. */
  interface Wakes {
    /** {@link Contact#awake} is to be called. */
    void wake(Contact contact);
  }

  @Override
  public Peer.Level level() {
    return sessionUp ? Peer.Level.SESSION : Peer.Level.PLAIN;
  }

  @Override
  public Optional<Duration> roundTrip() {
    long nanos = roundTripNanos;
    return nanos < 0 ? Optional.empty() : Optional.of(Duration.ofNanos(nanos));
  }

  @Override
  public int unacknowledged() {
    return queue.heldLines();
  }

  private void collectLater() {
    contacts.onLoop(this::collect);
  }

  // ---- what waits

  /** Does what is to be done with new messages. */
  void awake() {
    woken.set(false);
    long now = contacts.now();
    if (contacts.isStopped()) {
      stop();
    } else if (session.exists()) {
      session.linesWait(now);
    }
    after(now);
  }

  private void begin(long now) {
    if (queue.accepted() == queue.settled()) {
      return;
    }
    if (contacts.speaksPlain(now, address)) {
      sendPlain();
    } else {
      session.linesWait(now);
    }
  }

  /** Without a connection, {@code exit} ends the session here (PROTOCOL.md section 5). */
  private void leaveWithoutConnection(long now) {
    boolean away = session.exists() && session.state() != State.OPEN;
    SendQueue.Mark exit = away ? queue.exit() : null;
    if (exit != null) {
      session.leave(now, exit.number());
    }
  }

  private void after(long now) {
    if (session.nextTick() <= now) {
      session.tick(now);
    }
    leaveWithoutConnection(now);
    SessionHandler link = session.state() == State.OPEN ? (SessionHandler) session.link() : null;
    if (link != opened) {
      opened = link;
      sessionUp = link != null;
      if (link != null) {
        open(now, link);
      }
    }
    if (link != null) {
      failTooLong();
      link.writeLines();
    }
    if (session.state() == State.IDLE && sending == null && !contacts.isStopped()) {
      begin(now);
    }
    schedule(now);
    contacts.dropIfUnused(this);
  }

  private void open(long now, SessionHandler link) {
    Introduction peer = session.peer();
    peerLeft = false;
    link.hold(sending != null);
    link.opened();
    link.setReading(account.isOpen());
    session.setStopped(now, !account.isOpen());
    link.send(new Ping(Long.toString(now)));
    contacts.plainPeers.remove(address);
    if (peer != null) {
      contacts.know(peer.node(), this);
      setLimit(peer.limit());
    }
    if (contacts.isClosing()) {
      contacts.sayExit(address);
    }
  }

  private void setLimit(int bytes) {
    limit = bytes;
    queue.setLimit(bytes);
  }

  /** Lines that waited before the peer had said how long they may be. */
  private void failTooLong() {
    Settled line = limit < contacts.settings.maxFrameBytes() ? queue.takeTooLong() : null;
    while (line != null) {
      long bytes = line.bytes();
      session.skipped();
      outbox.finish(line, future -> future.completeExceptionally(tooLarge(bytes)));
      line = queue.takeTooLong();
    }
  }

  private MessageTooLargeException tooLarge(long bytes) {
    return new MessageTooLargeException(
        "The line has " + bytes + " bytes with its end; " + address + " takes " + limit, null);
  }

  private void schedule(long now) {
    alarm.set(now, Math.min(session.nextTick(), receipts.isEmpty() ? Session.NEVER : collectAt));
  }

  private void collect() {
    long now = contacts.now();
    receipts.collect(session, now);
    collectAt = now + COLLECT_NANOS;
    after(now);
  }

  /** Whether nothing is under way and nothing is to be remembered. */
  boolean isUnused() {
    return session.state() == State.IDLE
        && sending == null
        && receipts.isEmpty()
        && queue.closeIfUnused();
  }

  boolean hasSession() {
    return session.exists();
  }

  boolean isAt(InetAddress ip) {
    return target.getAddress().equals(ip);
  }

  // ---- first contact

  @Override
  public void dial() {
    attempt = new Attempt();
    boolean resumes = session.exists();
    Duration wait = resumes ? RESUMING_WAIT : contacts.settings.greetingTimeout();
    contacts.transport().approach(new Approach(address, target, wait, !resumes, attempt));
  }

  /** How one dial ends, unless there is a later one. */
  private final class Attempt implements Approach.Outcome {
    @Override
    public void greeted(SessionHandler link, Greeting greeting) {
      if (this == attempt) {
        Contact.this.greeted(link, greeting);
      } else {
        link.close();
      }
    }

    @Override
    public @Nullable Dial plain() {
      return this == attempt ? Contact.this.plain() : null;
    }

    @Override
    public void failed(PeerUnreachableException reason) {
      if (this == attempt) {
        Contact.this.failed(reason);
      }
    }
  }

  private void greeted(SessionHandler link, Greeting greeting) {
    long now = contacts.now();
    Contact known = contacts.known(greeting.node());
    contacts.plainPeers.remove(address);
    if (known != null && known != this && known.hasSession() && !hasSession()) {
      link.close();
      session.fellBack();
      contacts.alias(this, known);
      return;
    }
    if (session.state() == State.DIALING) {
      contacts.know(greeting.node(), this);
    }
    link.attach(this, queue);
    session.greeted(now, link, greeting);
    after(now);
  }

  private @Nullable Dial plain() {
    long now = contacts.now();
    if (session.state() != State.DIALING || session.exists()) {
      return null;
    }
    contacts.plainPeers.add(now, address);
    session.fellBack();
    PlainSend next = sending == null ? nextPlain() : null;
    contacts.dropIfUnused(this);
    return next == null ? null : next.next();
  }

  private void failed(PeerUnreachableException reason) {
    long now = contacts.now();
    if (session.state() != State.DIALING) {
      return;
    }
    if (session.exists()) {
      session.attemptFailed(now, String.valueOf(reason.getMessage()));
    } else {
      session.fellBack();
      notReached(reason);
    }
    after(now);
  }

  /** What the attempt was made for fails; the rest too, if it would have to wait as long again. */
  private void notReached(PeerUnreachableException reason) {
    contacts.peers.unreachable(address, null);
    long failed = PlainSend.isTimeout(reason) ? Long.MAX_VALUE : queue.settled() + 1;
    outbox.fail(
        failed,
        () -> new PeerUnreachableException(String.valueOf(reason.getMessage()), reason.getCause()));
  }

  /** A dialer has said {@code HELLO}. */
  void hello(SessionHandler link, Hello hello) {
    long now = contacts.now();
    link.attach(this, queue);
    link.agree(hello.from());
    boolean existed = session.exists();
    long epoch = session.epoch();
    session.hello(now, link, hello);
    after(now);
    countReconnect(existed && session.epoch() == epoch, link);
  }

  private void countReconnect(boolean resumed, SessionHandler link) {
    if (resumed && opened == link) {
      contacts.counters.reconnects.increment();
    }
  }

  // ---- level 0

  private void sendPlain() {
    PlainSend next = nextPlain();
    if (next != null) {
      next.dial();
    }
  }

  private @Nullable PlainSend nextPlain() {
    SendQueue.Taken message = queue.take();
    if (message != null) {
      sending = new PlainSend(message, address, target, contacts, this::plainEnded);
    }
    return message == null ? null : sending;
  }

  private void plainEnded(PlainSend send, @Nullable PeerNodeException failure) {
    if (send != sending) {
      return;
    }
    long now = contacts.now();
    sending = null;
    outbox.finish(
        send.message.settled(),
        future -> {
          if (failure == null) {
            future.complete(Delivery.WRITTEN);
          } else {
            future.completeExceptionally(failure);
          }
        });
    if (failure instanceof PeerUnreachableException reason
        && PlainSend.isTimeout(reason)
        && !session.exists()) {
      notReached(reason);
    }
    if (opened != null) {
      opened.hold(peerLeft);
    }
    after(now);
  }

  // ---- what a session's connection receives

  @Override
  public void control(SessionHandler link, ControlLine line) {
    long now = contacts.now();
    if (line instanceof Ack ack) {
      session.acknowledged(now, link, ack);
    } else if (line instanceof Ping ping) {
      session.pinged(now, link, ping);
    } else if (line instanceof Pong pong) {
      ponged(now, pong);
    } else if (line instanceof Welcome welcome) {
      boolean existed = session.exists();
      long epoch = session.epoch();
      link.agree(welcome.from());
      session.welcomed(now, link, welcome);
      after(now);
      countReconnect(existed && session.epoch() == epoch, link);
    } else if (line instanceof Bye bye) {
      session.bye(now, link, bye);
    } else {
      broken(link, "a control line out of place");
    }
    after(now);
  }

  private void ponged(long now, Pong pong) {
    try {
      long sent = Long.parseLong(pong.token());
      roundTripNanos = Math.max(0, now - sent);
    } catch (NumberFormatException e) {
      // Not the answer to anything that was asked here: a sign of life all the same.
    }
  }

  @Override
  public void chat(SessionHandler link, List<String> texts, long bytes) {
    long now = contacts.now();
    Introduction peer = session.peer();
    if (peer == null || !session.received(now, link, texts.size())) {
      after(now);
      return;
    }
    if (receipts.isEmpty()) {
      collectAt = now + COLLECT_NANOS;
    }
    receipts.expect(session.epoch(), texts.size(), bytes);
    boolean left = contacts.peers.chat(address, peer, texts, account, receipts);
    if (left) {
      session.left(now);
      peerLeft = true;
      link.hold(true);
    }
    schedule(now);
  }

  @Override
  public void writing(SessionHandler link, long from, long to) {
    long now = contacts.now();
    Introduction peer = session.peer();
    String team = peer == null ? null : peer.team();
    long next = from;
    for (SendQueue.Mark mark : queue.marksBelow(to)) {
      if (mark.number() > next) {
        contacts.peers.sending(address, null, team);
      }
      next = mark.number() + 1;
      contacts.peers.sending(address, mark.reserved(), team);
      if (mark.reserved() == ReservedText.EXIT) {
        session.leave(now, mark.number());
      }
    }
    if (next < to) {
      contacts.peers.sending(address, null, team);
    }
  }

  @Override
  public void heard(SessionHandler link) {
    session.heard(contacts.now(), link);
  }

  @Override
  public void writable(SessionHandler link) {
    link.writeLines();
  }

  @Override
  public void broken(SessionHandler link, String description) {
    long now = contacts.now();
    session.protocolBroken(now, link, description);
    after(now);
  }

  @Override
  public void ended(SessionHandler link) {
    long now = contacts.now();
    session.lost(now, link);
    after(now);
  }

  /** Stops and resumes reading, as the listener falls behind and catches up. */
  @Override
  public void set(boolean open) {
    if (contacts.loop.inEventLoop()) {
      applyValve();
    } else {
      contacts.onLoop(this::applyValve);
    }
  }

  private void applyValve() {
    long now = contacts.now();
    if (opened != null) {
      opened.setReading(account.isOpen());
    }
    session.setStopped(now, !account.isOpen());
    schedule(now);
  }

  // ---- what the session asks for

  @Override
  public void acknowledged(long number) {
    outbox.acknowledged(number);
  }

  @Override
  public void unknown(long number) {
    outbox.fail(
        number,
        () ->
            new DeliveryUnknownException(
                "The session with " + address + " ended before the message was acknowledged",
                null));
  }

  @Override
  public void unsent(long number, String reason) {
    outbox.fail(
        number,
        () -> new PeerUnreachableException("Could not reach " + address + ": " + reason, null));
  }

  @Override
  public void violated(Link from, String description) {
    contacts.peers.violated(description, ((SessionHandler) from).remote());
  }

  @Override
  public void happened(Event event) {
    switch (event) {
      case UNREACHABLE -> contacts.peers.unreachable(address, null);
      case REACHABLE -> contacts.peers.reachable(address, account);
      case RESET -> contacts.peers.reset(address, account);
      case GIVEN_UP -> {
        setLimit(Integer.MAX_VALUE);
        contacts.peers.givenUp(address, account);
      }
      case ENDED -> setLimit(Integer.MAX_VALUE);
    }
  }

  // ---- the end of messages

  /** Fails all that waits. */
  void stop() {
    woken.set(false);
    String problem = "The node was closed before the message was ";
    outbox.fail(
        session.writtenTo(), () -> new DeliveryUnknownException(problem + "acknowledged", null));
    outbox.fail(Long.MAX_VALUE, () -> new NodeClosedException(problem + "sent", null));
  }

  /** Fails what is under way, and of which nobody will tell any more how it ended. */
  void close() {
    alarm.cancel();
    if (sending != null) {
      String problem = "The node was closed while the message was sent";
      plainEnded(sending, new DeliveryUnknownException(problem, null));
    }
    stop();
  }
}
