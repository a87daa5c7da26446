package io.p2pchat.internal.peer;

import io.p2pchat.Conversation;
import io.p2pchat.Fingerprint;
import io.p2pchat.PeerAddress;
import io.p2pchat.TrustException;
import io.p2pchat.internal.event.ConsumedCallback;
import io.p2pchat.internal.keep.MessageKeeper;
import io.p2pchat.internal.net.session.SessionChannelHandler;
import io.p2pchat.internal.net.session.SessionChannelListener;
import io.p2pchat.internal.protocol.Ack;
import io.p2pchat.internal.protocol.Bye;
import io.p2pchat.internal.protocol.ControlLine;
import io.p2pchat.internal.protocol.Hello;
import io.p2pchat.internal.protocol.Next;
import io.p2pchat.internal.protocol.NodeInfo;
import io.p2pchat.internal.protocol.Outbox;
import io.p2pchat.internal.protocol.Peers;
import io.p2pchat.internal.protocol.Ping;
import io.p2pchat.internal.protocol.Pong;
import io.p2pchat.internal.protocol.ReservedText;
import io.p2pchat.internal.protocol.Stored;
import io.p2pchat.internal.protocol.Welcome;
import io.p2pchat.internal.registry.PeerId;
import io.p2pchat.internal.registry.SessionStatus;
import io.p2pchat.internal.session.Session;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Connects one level-1 connection to the session of an endpoint. It passes the input to the
 * session, from {@code HELLO} on, and updates the peer registry. Used on the event loop.
 */
final class SessionBridge implements SessionChannelListener {
  private final PeerEndpoint endpoint;
  private final PeerContext context;
  private final Session session;
  private final SessionChannelHandler channel;

  SessionBridge(PeerEndpoint endpoint, SessionChannelHandler channel) {
    this.endpoint = endpoint;
    this.context = endpoint.context;
    this.session = endpoint.session;
    this.channel = channel;
  }

  /** A dialer has sent {@code HELLO}. */
  void hello(Hello hello) {
    shakeHands(hello.from(), now -> session.hello(now, channel, hello));
  }

  @Override
  public void control(ControlLine line) {
    long now = context.executors().now();
    if (line instanceof Ack ack) {
      // Before the futures of the lines complete: the peer has been heard then.
      context.publisher().acknowledged(endpoint.status);
      session.acknowledged(now, channel, ack);
    } else if (line instanceof Ping ping) {
      session.pinged(now, channel, ping);
    } else if (line instanceof Pong pong) {
      ponged(now, pong);
    } else if (line instanceof Outbox outbox) {
      session.asked(now, channel, outbox);
    } else if (line instanceof Stored stored) {
      session.stored(now, channel, stored);
    } else if (line instanceof Next next) {
      session.numbered(now, channel, next);
    } else if (line instanceof Peers peers) {
      context.exchange().received(channel, peers);
      return;
    } else if (line instanceof Welcome welcome) {
      admit(welcome);
      return;
    } else if (line instanceof Bye bye) {
      if (bye.reason() == Bye.Reason.TRUST) {
        endpoint.redialer.refused(context.authenticator().refusedThere(address(), bye.trust()));
      }
      session.bye(now, channel, bye);
    } else {
      broken("a control line out of place");
    }
    endpoint.after(now);
  }

  /** Returns the address that was dialed, or where the peer was seen last. */
  private PeerAddress address() {
    PeerAddress dialed = channel.remote().dialed();
    return dialed == null ? endpoint.address() : dialed;
  }

  /** Judges the peer before anything else is accepted from it. */
  private void admit(Welcome welcome) {
    context
        .authenticator()
        .admit(channel, welcome.from(), address(), refused -> admitted(welcome, refused));
  }

  private void admitted(Welcome welcome, @Nullable TrustException refused) {
    if (refused != null) {
      context.publisher().refused(address(), refused, endpoint.inbound);
      refuse(refused, new Bye(Bye.Reason.TRUST, refused.refusal().reason()));
      return;
    }
    if (isForOther(welcome.from())) {
      refuse(new Bye(Bye.Reason.CLOSING), Redialer.isNotIt(endpoint));
      return;
    }
    TrustException changed = changedHands(welcome.from());
    if (!endpoint.peer.fits(welcome.from().team())) {
      refuse(new Bye(Bye.Reason.CLOSING), Redialer.isNotIt(endpoint));
    } else if (changed == null) {
      shakeHands(welcome.from(), now -> session.welcomed(now, channel, welcome));
    } else {
      refuse(changed, new Bye(Bye.Reason.CLOSING));
    }
  }

  /** A node that runs only to send something gets no messages for its key. */
  private boolean isForOther(NodeInfo peer) {
    boolean takesNothing = peer.brief() || (peer.takesNone() && endpoint.outbound.queue.hasKept());
    return takesNothing && endpoint.peer.isBound() && !endpoint.peer.hasSessionWith(peer.node());
  }

  /** Returns why the messages for whoever is at the address are not for this peer, or null. */
  private @Nullable TrustException changedHands(NodeInfo peer) {
    return !endpoint.peer.isForKey()
        ? context.authenticator().trust().changedHands(address(), channel.peer(), peer.team())
        : null;
  }

  private void refuse(TrustException reason, Bye bye) {
    endpoint.redialer.refused(reason);
    refuse(bye, "it is not trusted");
  }

  private void refuse(Bye bye, String reason) {
    session.refused(context.executors().now(), channel, bye, reason);
    endpoint.after(context.executors().now());
  }

  /** The peer has introduced itself. Counts a session that resumes on another connection. */
  private void shakeHands(NodeInfo peer, LongConsumer step) {
    long now = context.executors().now();
    boolean existed = session.exists();
    long epoch = session.epoch();
    channel.agree(peer);
    endpoint.introducer = channel.remote().source();
    step.accept(now);
    endpoint.after(now);
    if (existed && session.epoch() == epoch && endpoint.isOpenOn(channel)) {
      context.counters().reconnects.increment();
    }
  }

  private void ponged(long now, Pong pong) {
    session.ponged(now, channel);
    try {
      long sent = Long.parseLong(pong.token());
      endpoint.status.setRoundTrip(Math.max(0, now - sent));
    } catch (NumberFormatException e) {
      // Not the answer to a ping of this node, but still a sign of life.
    }
  }

  @Override
  public void chat(List<String> texts, long bytes) {
    long now = context.executors().now();
    NodeInfo peer = session.peer();
    if (peer == null || !session.received(now, channel, texts.size())) {
      endpoint.after(now);
      return;
    }
    if (session.isBetweenStores()) {
      store(now, peer, texts, bytes);
      return;
    }
    InboundFlow inbound = endpoint.inbound;
    ConsumedCallback consumed = inbound.expect(now, texts.size(), bytes);
    MessageKeeper keeper = context.keeper();
    if (keeper != null) {
      consumed = new RecordedLines(keeper, consumed, texts, peer, endpoint.status);
    }
    boolean left = context.publisher().chat(endpoint.status, peer, texts, null, inbound, consumed);
    if (left) {
      endpoint.left(now);
    }
    endpoint.schedule(now);
  }

  /** Commits what arrived, and then acknowledges it and passes it on. */
  private void store(long now, NodeInfo peer, List<String> texts, long bytes) {
    MessageKeeper keeper = Objects.requireNonNull(context.keeper());
    List<String> messages =
        texts.stream().filter(text -> ReservedText.of(text) == null).map(peer::text).toList();
    Next first = null;
    if (!messages.isEmpty()) {
      first = session.messages(now, channel, messages.size());
      if (first == null) {
        endpoint.after(now);
        return;
      }
    }
    Fingerprint key = Objects.requireNonNull(channel.peer());
    Arrived arrived =
        new Arrived(
            session.epoch(),
            new PeerId(endpoint.address(), key, peer.team()),
            peer,
            List.copyOf(texts),
            first == null || first.time() == Next.NOW ? null : Instant.ofEpochMilli(first.time()),
            bytes);
    endpoint.uncommitted++;
    endpoint.inbound.waits(bytes);
    keeper.receive(
        key,
        first,
        messages,
        new MessageKeeper.Sender(peer.team(), endpoint.address()),
        rows -> committed(arrived, rows));
    endpoint.schedule(now);
  }

  /**
   * What waits to be committed.
   *
   * @param epoch the session in which it arrived
   * @param sender who the peer was then
   * @param claimed when it claims to have sent the first message, or null
   */
  private record Arrived(
      long epoch,
      PeerId sender,
      NodeInfo peer,
      List<String> texts,
      @Nullable Instant claimed,
      long bytes) {}

  /**
   * What arrived is committed. If its session has ended meanwhile, its commands have no effect: the
   * endpoint may be another peer's. Only {@code exit} has, for a peer without a session.
   */
  private void committed(Arrived arrived, List<Long> rows) {
    long now = context.executors().now();
    MessageKeeper keeper = Objects.requireNonNull(context.keeper());
    boolean goesOn = session.exists() && session.epoch() == arrived.epoch;
    List<String> fresh = new ArrayList<>(arrived.texts.size());
    List<Long> lines = new ArrayList<>(arrived.texts.size());
    Fingerprint key = Objects.requireNonNull(arrived.sender.key());
    boolean inPages = keeper.isCatchingUp(key);
    // Pages come later. Until then the peer may be no further ahead of the listener than others.
    keeper.whenCaughtUp(
        key,
        () -> {
          endpoint.uncommitted--;
          endpoint.inbound.committed(arrived.bytes);
          if (inPages) {
            endpoint.after(context.executors().now());
          }
        });
    int message = 0;
    for (String text : arrived.texts) {
      boolean command = ReservedText.of(text) != null;
      long row = command ? 0 : rows.get(message++);
      if (command ? goesOn : row > 0 && !inPages) {
        fresh.add(text);
        lines.add(row);
      }
    }
    boolean hasFirst = !rows.isEmpty() && rows.get(0) > 0;
    Instant claimed = hasFirst ? arrived.claimed : null;
    session.taken(now, arrived.epoch, arrived.texts.size(), arrived.bytes);
    TakenRows taken = new TakenRows(keeper, lines, () -> {});
    boolean left = false;
    if (!goesOn) {
      context
          .publisher()
          .late(arrived.sender, arrived.peer, fresh, claimed, endpoint.inbound, taken);
      if (arrived.texts.stream().anyMatch(text -> ReservedText.of(text) == ReservedText.EXIT)) {
        context.publisher().lateExit(arrived.sender, endpoint.inbound);
      }
    } else if (!fresh.isEmpty()) {
      left =
          context
              .publisher()
              .chat(endpoint.status, arrived.peer, fresh, claimed, endpoint.inbound, taken);
    }
    if (left) {
      endpoint.left(now);
    }
    endpoint.after(now);
  }

  /** Adds the messages of a peer without a store to the history when the listener has them. */
  private static final class RecordedLines implements ConsumedCallback {
    private final MessageKeeper keeper;
    private final ConsumedCallback consumed;
    private final List<String> texts;
    private final NodeInfo peer;
    private final PeerAddress address;
    private final Conversation with;
    private int next;

    RecordedLines(
        MessageKeeper keeper,
        ConsumedCallback consumed,
        List<String> texts,
        NodeInfo peer,
        SessionStatus status) {
      Fingerprint key = status.key();
      this.keeper = keeper;
      this.consumed = consumed;
      this.texts = texts;
      this.peer = peer;
      this.address = status.id().address();
      this.with = key == null ? Conversation.of(address) : Conversation.of(key);
    }

    @Override
    public boolean isOver() {
      return consumed.isOver();
    }

    @Override
    public void refused() {
      consumed.refused();
    }

    @Override
    public void taken() {
      String text = texts.get(next++);
      if (ReservedText.of(text) == null && !consumed.isOver()) {
        keeper.received(with, peer.text(text), new MessageKeeper.Sender(peer.team(), address));
      }
      consumed.taken();
    }

    @Override
    public void takenAll() {
      consumed.takenAll();
    }
  }

  /** Tells the store which messages the listener has handled. It gets a refused one again later. */
  static final class TakenRows implements ConsumedCallback {
    private final MessageKeeper keeper;
    private final List<Long> rows;
    private final Runnable whenAll;
    private int next;
    private boolean refused;

    TakenRows(MessageKeeper keeper, List<Long> rows, Runnable whenAll) {
      this.whenAll = whenAll;
      this.keeper = keeper;
      this.rows = rows;
    }

    @Override
    public void refused() {
      refused = true;
    }

    @Override
    public void taken() {
      long row = rows.get(next++);
      if (row > 0 && !refused) {
        keeper.taken(row);
      }
      refused = false;
    }

    @Override
    public void takenAll() {
      whenAll.run();
    }
  }

  @Override
  public void heard() {
    session.heard(context.executors().now(), channel);
  }

  @Override
  public void slowed() {
    endpoint.inbound.apply();
  }

  @Override
  public void broken(String description) {
    long now = context.executors().now();
    session.protocolBroken(now, channel, description);
    endpoint.after(now);
  }

  @Override
  public void ended() {
    long now = context.executors().now();
    session.lost(now, channel);
    endpoint.after(now);
  }

  @Override
  public void writable() {
    endpoint.outbound.writeTo(channel, session);
  }
}
