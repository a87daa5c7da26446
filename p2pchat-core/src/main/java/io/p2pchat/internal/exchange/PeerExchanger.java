package io.p2pchat.internal.exchange;

import io.p2pchat.Fingerprint;
import io.p2pchat.PeerAddress;
import io.p2pchat.Security.Policy;
import io.p2pchat.discovery.PeerCandidate;
import io.p2pchat.discovery.PeerExchange;
import io.p2pchat.discovery.Sink;
import io.p2pchat.internal.discovery.DialMemory;
import io.p2pchat.internal.net.handshake.Dialer;
import io.p2pchat.internal.net.handshake.SessionDial;
import io.p2pchat.internal.net.session.SessionChannelHandler;
import io.p2pchat.internal.protocol.Bye;
import io.p2pchat.internal.protocol.Hello;
import io.p2pchat.internal.protocol.NodeInfo;
import io.p2pchat.internal.protocol.Peers;
import io.p2pchat.internal.security.TrustService;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The peer exchange of a node (PROTOCOL.md section 8): sends {@code PEERS} lines in sessions and
 * visits peers, when {@link ExchangeView} and {@link ExchangeLimits} say so. Does nothing in a node
 * that does not take part.
 *
 * <p>Used on the event loop, except {@link #begin} and {@link #end}, which are thread-safe.
 */
public final class PeerExchanger implements PeerExchange.Sessions {
  /** A peer that is said to be a node may be slow to greet. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final int MOST_VISITS = 8;

  final NodeInfo self;
  final Policy policy;
  final TrustService trust;
  final Random random;
  final ExchangeLimits limits = new ExchangeLimits();
  private final ScheduledExecutorService loop;
  private final LongSupplier clock;
  private final Dialer dialer;
  private final DialMemory dials = new DialMemory();

  /** The open sessions. The one that has waited longest for a line comes first. */
  private final Map<SessionChannelHandler, Link> links = new LinkedHashMap<>();

  private @Nullable ExchangeView view;
  private @Nullable Future<?> timer;
  private int visits;

  /** An open session. */
  private static final class Link {
    final NodeInfo info;

    /** Who the peer is. Anybody can repeat its {@code NODE}, but not with its key. */
    final String who;

    /** The peer where it was dialed, or null. */
    final @Nullable Contact dialed;

    /** When the view was told of it last. */
    long met;

    Link(NodeInfo info, @Nullable String hint, @Nullable Contact dialed) {
      this.info = info;
      this.who = Contact.who(info.node(), hint);
      this.dialed = dialed;
    }
  }

  /**
   * Creates an exchange that has not begun.
   *
   * @param loop the event loop
   * @param clock the steady clock of the node's dials, in nanoseconds
   * @param self the introduction of this node, which says whether it takes part
   * @param policy whether it encrypts
   * @param trust decides with whom it exchanges without a session
   */
  public PeerExchanger(
      ScheduledExecutorService loop,
      LongSupplier clock,
      NodeInfo self,
      Policy policy,
      TrustService trust,
      Dialer dialer,
      Random random) {
    this.loop = loop;
    this.clock = clock;
    this.self = self;
    this.policy = policy;
    this.trust = trust;
    this.dialer = dialer;
    this.random = random;
  }

  /** Returns the dials that others have caused, so that all of them together are few. */
  public DialMemory dials() {
    return dials;
  }

  // ---- the source

  @Override
  public void begin(Sink sink, boolean loopback) {
    onLoop(
        () -> {
          if (takesPart(self)) {
            ExchangeView begun =
                new ExchangeView(
                    self.node(), new AddressRule(loopback), dials, random, new ToSink(sink));
            view = begun;
            timer = loop.scheduleWithFixedDelay(this::work, 1, 1, TimeUnit.SECONDS);
            links.forEach((channel, link) -> meet(begun, channel, link));
            work();
          }
        });
  }

  @Override
  public void end() {
    onLoop(
        () -> {
          view = null;
          if (timer != null) {
            timer.cancel(false);
          }
        });
  }

  private void onLoop(Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException e) {
      // The node has closed, so there is nothing to begin or to end.
    }
  }

  /** Reports what is found. */
  private record ToSink(Sink sink) implements ExchangeView.Findings {
    @Override
    public void found(Contact peer, Duration lease) {
      PeerCandidate.Builder candidate =
          PeerCandidate.builder(peer.id).address(peer.address()).node(peer.node()).level(1);
      if (peer.team != null) {
        candidate.teamName(peer.team);
      }
      if (peer.hint() != null) {
        candidate.keyHint(peer.hint());
      }
      sink.found(candidate.build(), lease);
    }

    @Override
    public void lost(Contact peer) {
      sink.lost(peer.id);
    }
  }

  static boolean takesPart(NodeInfo peer) {
    return peer.exchanges() && !peer.brief();
  }

  long now() {
    return clock.getAsLong();
  }

  @Nullable ExchangeView view() {
    return view;
  }

  /** Returns a peer at an address, or null if the address can be named to nobody. */
  static @Nullable Contact contact(NodeInfo peer, @Nullable Fingerprint key, PeerAddress address) {
    if (!address.isIp() || address.host().indexOf('%') >= 0) {
      return null;
    }
    return new Contact(new Peers.Entry(peer.node(), hint(key, peer.node()), address), peer.team());
  }

  static @Nullable String hint(@Nullable Fingerprint key, String node) {
    return key == null ? null : PeerCandidate.keyHint(key, node);
  }

  // ---- sessions

  /** A session is open on a connection. */
  public void opened(SessionChannelHandler channel, NodeInfo peer) {
    if (!takesPart(self)) {
      return;
    }
    PeerAddress dialed = channel.remote().dialed();
    Link link =
        new Link(
            peer,
            hint(channel.peer(), peer.node()),
            dialed == null ? null : contact(peer, channel.peer(), dialed));
    links.put(channel, link);
    ExchangeView begun = view;
    if (begun != null) {
      meet(begun, channel, link);
      onLoop(this::work);
    }
  }

  private void meet(ExchangeView begun, SessionChannelHandler channel, Link link) {
    link.met = now();
    if (!takesPart(link.info)) {
      begun.leaveOut(link.info.node(), hint(channel.peer(), link.info.node()));
    } else if (link.dialed == null) {
      claimed(begun, channel, link.info);
    } else {
      begun.answered(link.met, link.dialed);
    }
  }

  /** A peer has dialed this node, and says where it listens. */
  void claimed(ExchangeView begun, SessionChannelHandler channel, NodeInfo peer) {
    PeerAddress claim = PeerAddress.of(new InetSocketAddress(channel.ip(), peer.port()));
    Contact contact = contact(peer, channel.peer(), claim);
    if (contact != null) {
      begun.claimed(now(), contact);
    }
  }

  /**
   * The session is not open on the connection any more.
   *
   * @param left whether the peer has said that it leaves
   */
  public void closed(SessionChannelHandler channel, boolean left) {
    Link link = links.remove(channel);
    ExchangeView begun = view;
    if (link == null || begun == null) {
      return;
    }
    String node = link.info.node();
    String hint = hint(channel.peer(), node);
    if (left) {
      begun.left(now(), node, hint);
    } else {
      begun.doubt(node, hint);
    }
  }

  /** Peers that were found through peer exchange have gone, as another source says. */
  public void gone(Collection<PeerCandidate> candidates) {
    ExchangeView begun = view;
    if (begun == null) {
      return;
    }
    for (PeerCandidate each : candidates) {
      String node = each.node().orElseThrow();
      String hint = each.keyHint().orElse(null);
      begun.gone(now(), new Contact(new Peers.Entry(node, hint, each.addresses().get(0)), null));
    }
    work();
  }

  /** A peer names others in a session. */
  public void received(SessionChannelHandler channel, Peers line) {
    Link link = links.get(channel);
    if (link != null && takesPart(link.info)) {
      heard(link.who, channel.ip(), line);
    }
  }

  /** A peer names others. */
  void heard(Object sender, InetAddress from, Peers line) {
    if (view != null && limits.usesLine(sender, now())) {
      view.heard(now(), from, line.entries());
      onLoop(this::work);
    }
  }

  // ---- what is due

  private void work() {
    ExchangeView begun = view;
    if (begun != null) {
      long now = now();
      begun.expire(now);
      limits.expire(now);
      tell(begun, now);
      visit(begun, now);
    }
  }

  private void tell(ExchangeView begun, long now) {
    List<SessionChannelHandler> told = new ArrayList<>(0);
    for (Map.Entry<SessionChannelHandler, Link> each : links.entrySet()) {
      SessionChannelHandler channel = each.getKey();
      Link link = each.getValue();
      if (!takesPart(link.info)) {
        continue;
      }
      if (now - link.met >= ExchangeLimits.LINE.toNanos()) {
        meet(begun, channel, link);
      }
      if (limits.sendsLine(link.who, now)) {
        List<Peers.Entry> sample = begun.sample(now, channel.ip(), link.info.node());
        if (!sample.isEmpty()) {
          limits.sent(link.who, now);
          channel.send(Peers.of(sample, link.info.limit()));
          told.add(channel);
        }
      }
    }
    for (SessionChannelHandler channel : told) {
      Link link = links.remove(channel);
      if (link != null) {
        links.put(channel, link);
      }
    }
  }

  private void visit(ExchangeView begun, long now) {
    while (visits < MOST_VISITS) {
      Contact next = begun.next(now);
      if (next == null) {
        return;
      }
      visits++;
      dialer.dial(
          new SessionDial(
              next.address(),
              new InetSocketAddress(next.ip, next.address().port()),
              PATIENCE,
              new Visit(this, next)));
    }
  }

  /** A visit of this node has ended. */
  void visitEnded() {
    visits--;
    onLoop(this::work);
  }

  /** A peer visits this node. */
  public void visited(SessionChannelHandler channel, Hello hello) {
    ExchangeView begun = view;
    if (!takesPart(self) || !takesPart(hello.from())) {
      channel.refuse(Bye.Reason.CLOSING);
    } else if (!trust.admitsVisit(channel.peer())) {
      channel.refuse(Bye.Reason.TRUST);
    } else if (begun == null || !limits.acceptsVisit(now())) {
      channel.refuse(Bye.Reason.BUSY);
    } else {
      new Visitor(this, channel, hello.from()).admit(begun);
      onLoop(this::work);
    }
  }
}
