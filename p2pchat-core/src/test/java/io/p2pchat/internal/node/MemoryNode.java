package io.p2pchat.internal.node;

import io.p2pchat.Delivery;
import io.p2pchat.NodeSettings;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerEvent;
import io.p2pchat.internal.event.Account;
import io.p2pchat.internal.event.HandOver;
import io.p2pchat.internal.message.Ids;
import io.p2pchat.internal.message.Introduction;
import io.p2pchat.internal.peers.PeerRegistry;
import io.p2pchat.internal.transport.HostResolver;
import io.p2pchat.internal.transport.MemoryNet;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/**
 * A node with its rooms wired as in {@link Wiring}, but on a {@link MemoryNet}, in virtual time and
 * with the same random numbers each time; its threads are queues that the test empties.
 */
final class MemoryNode {
  static final String TEAM = "Mine";
  static final InetSocketAddress LOCAL = at(1, 7000);

  final NodeSettings settings;
  final Queue<Runnable> listener = new ArrayDeque<>();
  final Queue<Runnable> completions = new ArrayDeque<>();
  final List<PeerEvent> events = new ArrayList<>();
  final List<CompletableFuture<Delivery>> sends = new ArrayList<>();
  final HandOver handOver;
  final MemoryNet net;
  final PeerRegistry registry;
  final Contacts contacts;
  final String node;
  long acknowledged;

  MemoryNode(NodeSettings settings) {
    this.settings = settings;
    this.handOver =
        new HandOver(
            events::add,
            listener::add,
            task -> {},
            settings.inboundBytesPerSource(),
            settings.inboundBytesInAll());
    this.net = new MemoryNet(LOCAL, settings, handOver);
    InstantSource clock = () -> Instant.EPOCH.plusNanos(net.loop.now());
    this.registry =
        new PeerRegistry(settings.maxActivePeers(), clock, address -> contacts().find(address));
    Account ownDoing = handOver.open(Account.Valve.NONE);
    SplittableRandom random = new SplittableRandom(1);
    this.node = Ids.node(random.nextLong(), random.nextLong());
    Self self =
        new Self(LOCAL, new Introduction(node, settings.maxFrameBytes(), LOCAL.getPort(), TEAM));
    TrustGate gate = new TrustGate(net.loop, null, false, Runnable::run, Runnable::run);
    PeerTracker peers =
        new PeerTracker(registry, handOver, ownDoing, self, clock, net.counters, gate);
    this.contacts =
        new Contacts(
            new Tasks(net.loop, completions::add),
            settings,
            handOver,
            net.counters,
            peers,
            self,
            new NodeSecurity(MemoryNet.PLAIN, gate, new Vetting(gate, peers, null)),
            random);
    HostResolver resolver = new HostResolver(net.loop, Duration.ofSeconds(1), Thread::new);
    contacts.setLookups(new Lookups(resolver, contacts, settings));
    contacts.setDialer(net);
    net.accept(new Reception(contacts));
  }

  private Contacts contacts() {
    return contacts;
  }

  /** An address of the network that the node is in. */
  static InetSocketAddress at(int host, int port) {
    try {
      return new InetSocketAddress(
          InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) host}), port);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The application sends. */
  void send(PeerAddress peer, String text) {
    Encoded message = Encoded.of(text);
    if (contacts.sender.lineBytes(message) < settings.maxFrameBytes()) {
      CompletableFuture<Delivery> future = new CompletableFuture<>();
      sends.add(future);
      future.thenAccept(delivery -> acknowledged += delivery == Delivery.ACKNOWLEDGED ? 1 : 0);
      contacts.sender.send(peer, message, future);
    }
  }

  /** The listener takes what waits for it. */
  void listen() {
    while (!listener.isEmpty()) {
      listener.remove().run();
    }
  }

  /** Futures complete. */
  void complete() {
    while (!completions.isEmpty()) {
      completions.remove().run();
    }
  }
}
