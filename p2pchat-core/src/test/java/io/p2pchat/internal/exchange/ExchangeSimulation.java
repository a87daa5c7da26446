package io.p2pchat.internal.exchange;

import io.p2pchat.PeerAddress;
import io.p2pchat.internal.discovery.DialMemory;
import io.p2pchat.internal.protocol.Peers;
import io.p2pchat.internal.protocol.RandomIds;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Peer exchange among many nodes, in virtual time. Every node knows one address, that of the seed,
 * and has a session with it. Everything else it learns. The nodes run the code of the library,
 * apart from the connections.
 *
 * <p>Arguments: the number of nodes; minutes; percent that leave and come back in each hour;
 * percent that lie; a number for the random choices. {@code docs/DISCOVERY.md} has the command and
 * figures.
 */
final class ExchangeSimulation {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private static final long MINUTE = Duration.ofMinutes(1).toNanos();
  private static final int TICK_SECONDS = 5;
  private static final int VICTIMS = 50;
  private static final int LINES_OF_A_VISIT = 3;

  /** Stands for a node that has not started. */
  private static final Contact NOBODY =
      new Contact(
          new Peers.Entry(RandomIds.node(0, 0), null, new PeerAddress("192.0.2.1", 1)), null);

  /** All nodes start within this time. */
  private static final int START_SECONDS = 60;

  private final Random random;
  private final int leavePercent;
  private final List<Node> nodes = new ArrayList<>();
  private final Map<PeerAddress, Node> byAddress = new HashMap<>();
  private final Map<InetAddress, Map<String, List<Long>>> dialsOfVictims = new HashMap<>();
  private final Queue<Node> turns = new ArrayDeque<>();
  private long now;
  private int addresses;

  /** The state of all after one minute. */
  record Minute(
      int minute,
      double reach,
      int medianListed,
      double falseListed,
      double meanLines,
      int mostLines,
      int seedLines) {
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "minute %3d: reach %6.2f %%, a node lists %4d (false %5.2f %%),"
              + " sends %5.1f lines a minute, at most %4d, the seed %5d",
          minute,
          100 * reach,
          medianListed,
          100 * falseListed,
          meanLines,
          mostLines,
          seedLines);
    }
  }

  private final class Node implements ExchangeView.Findings {
    final boolean lies;
    final boolean isSeed;
    final Map<String, Long> listed = new HashMap<>();
    final Map<String, Contact> contacts = new HashMap<>();
    Contact self = NOBODY;
    ExchangeView view = view(NOBODY.node(), random);
    ExchangeLimits limits = new ExchangeLimits();
    int lines;
    boolean alive;
    long startsAt;
    long leavesAt = Long.MAX_VALUE;

    Node(boolean isSeed, boolean lies) {
      this.isSeed = isSeed;
      this.lies = lies;
      this.startsAt = isSeed ? 0 : random.nextInt(START_SECONDS) * SECOND;
      planLeaving();
    }

    private void planLeaving() {
      boolean leaves = !isSeed && random.nextInt(100) < leavePercent;
      leavesAt = leaves ? now + (long) (random.nextDouble() * 60 * MINUTE) : Long.MAX_VALUE;
    }

    void start() {
      alive = true;
      int n = ++addresses;
      String ip = (20 + n / 65536) + "." + n / 256 % 256 + "." + n % 256 + ".1";
      String node = RandomIds.node(random.nextLong(), random.nextLong());
      String hint = String.format("%016x", random.nextLong());
      self = new Contact(new Peers.Entry(node, hint, new PeerAddress(ip, 7001)), "Team" + n);
      view = view(node, new Random(random.nextLong()));
      limits = new ExchangeLimits();
      listed.clear();
      contacts.clear();
      byAddress.put(self.address(), this);
    }

    private ExchangeView view(String node, Random choices) {
      return new ExchangeView(node, new AddressRule(false), new DialMemory(), choices, this);
    }

    void leave() {
      alive = false;
      byAddress.remove(self.address());
      startsAt = now + (long) (random.nextDouble() * 10 * MINUTE);
    }

    @Override
    public void found(Contact peer, Duration lease) {
      listed.put(peer.id, now + lease.toNanos());
      contacts.put(peer.id, peer);
    }

    @Override
    public void lost(Contact peer) {
      listed.remove(peer.id);
      contacts.remove(peer.id);
    }

    List<Peers.Entry> sample(Node to) {
      if (!lies) {
        return view.sample(now, to.self.ip, to.self.node());
      }
      List<Peers.Entry> some = new ArrayList<>();
      for (int i = 0; i < Peers.MOST; i++) {
        some.add(lie());
      }
      return some;
    }

    void tick() {
      view.expire(now);
      limits.expire(now);
      for (int i = 0; i < 2 * TICK_SECONDS + 8; i++) {
        Contact next = view.next(now);
        if (next == null) {
          return;
        }
        visit(next);
      }
    }

    private void visit(Contact next) {
      Map<String, List<Long>> dials = dialsOfVictims.get(next.ip);
      if (dials != null) {
        dials.computeIfAbsent(self.node(), any -> new ArrayList<>()).add(now);
      }
      Node there = byAddress.get(next.address());
      if (there == null || !there.self.who.equals(next.who)) {
        view.failed(now, next);
        return;
      }
      lines += LINES_OF_A_VISIT;
      if (!there.limits.acceptsVisit(now)) {
        there.lines += 2;
        view.busy(next);
        return;
      }
      there.lines += LINES_OF_A_VISIT;
      there.view.claimed(now, self);
      view.answered(now, next, there.self);
      there.tell(this);
      tell(there);
    }

    void tell(Node to) {
      if (to.limits.usesLine(to.limits.hostOf(self.ip), now)) {
        to.view.heard(now, self.ip, sample(to));
      }
    }
  }

  ExchangeSimulation(int count, int leavePercent, int liarPercent, long seed) {
    this.random = new Random(seed);
    this.leavePercent = leavePercent;
    int liars = liarPercent * count / 100;
    for (int i = 0; i < VICTIMS; i++) {
      dialsOfVictims.put(victim(i, 1).ip().orElseThrow(), new HashMap<>());
    }
    for (int i = 0; i < count; i++) {
      nodes.add(new Node(i == 0, i > 0 && i <= liars));
    }
    turns.addAll(nodes.subList(1, count));
  }

  private static PeerAddress victim(int number, int port) {
    return new PeerAddress("9.9.9." + (number + 1), port);
  }

  /** A third party, a node at the address of another, loopback, or nobody. */
  private Peers.Entry lie() {
    String nobody = RandomIds.node(random.nextLong(), random.nextLong());
    Node some = nodes.get(random.nextInt(nodes.size()));
    String hint = some.self == NOBODY ? null : some.self.hint();
    String node = some.self == NOBODY ? nobody : some.self.node();
    PeerAddress victim = victim(random.nextInt(VICTIMS), 1 + random.nextInt(65_535));
    return switch (random.nextInt(4)) {
      case 0 -> new Peers.Entry(nobody, null, victim);
      case 1 -> new Peers.Entry(node, hint, victim);
      case 2 -> new Peers.Entry(node, hint, new PeerAddress("127.0.0.1", 22));
      default ->
          new Peers.Entry(
              nobody,
              null,
              new PeerAddress("8." + random.nextInt(256) + "." + random.nextInt(256) + ".1", 7001));
    };
  }

  /** Runs one minute. */
  Minute minute(int number) {
    nodes.forEach(node -> node.lines = 0);
    for (int second = 0; second < 60; second++) {
      now += SECOND;
      for (int i = 0; i < nodes.size(); i++) {
        second(i, nodes.get(i));
      }
      tellAll();
    }
    return measure(number);
  }

  private void second(int index, Node node) {
    if (!node.alive && node.startsAt <= now) {
      node.start();
      node.planLeaving();
      if (!node.isSeed) {
        Node seed = nodes.get(0);
        node.view.answered(now, seed.self);
        seed.view.claimed(now, node.self);
      }
    } else if (node.alive && node.leavesAt <= now) {
      node.leave();
    }
    if (!node.alive) {
      return;
    }
    long phase = now / SECOND + index;
    if (phase % TICK_SECONDS == 0) {
      node.tick();
    }
    if (!node.isSeed) {
      line(node, nodes.get(0));
    }
    if (phase % 60 == 0 && !node.isSeed) {
      node.view.answered(now, nodes.get(0).self);
      nodes.get(0).view.claimed(now, node.self);
    }
  }

  private void line(Node from, Node to) {
    if (from.limits.sendsLine(to.self.node(), now)) {
      List<Peers.Entry> sample = from.sample(to);
      if (!sample.isEmpty()) {
        from.limits.sent(to.self.node(), now);
        from.lines++;
        if (to.limits.usesLine(from.self.node(), now)) {
          to.view.heard(now, from.self.ip, sample);
        }
      }
    }
  }

  /** The seed tells its sessions, the ones that have waited longest first. */
  private void tellAll() {
    for (int i = turns.size(); i > 0 && nodes.get(0).limits.hasLine(now); i--) {
      Node next = turns.remove();
      turns.add(next);
      if (next.alive) {
        line(nodes.get(0), next);
      }
    }
  }

  private Minute measure(int number) {
    List<Node> honest =
        nodes.stream().filter(node -> node.alive && !node.isSeed && !node.lies).toList();
    Map<String, Integer> index = new HashMap<>();
    for (int i = 0; i < honest.size(); i++) {
      index.put(honest.get(i).self.id, i);
    }
    int[][] edges = new int[honest.size()][];
    int[] sizes = new int[honest.size()];
    long all = 0;
    long wrong = 0;
    for (int i = 0; i < edges.length; i++) {
      Node node = honest.get(i);
      node.listed.values().removeIf(until -> until <= now);
      node.contacts.keySet().retainAll(node.listed.keySet());
      sizes[i] = node.listed.size();
      all += sizes[i];
      for (Contact contact : node.contacts.values()) {
        Node there = byAddress.get(contact.address());
        wrong += there == null || !there.self.id.equals(contact.id) ? 1 : 0;
      }
      edges[i] =
          node.listed.keySet().stream().filter(index::containsKey).mapToInt(index::get).toArray();
    }
    Arrays.sort(sizes);
    return new Minute(
        number,
        honest.isEmpty() ? 0 : (double) Reach.largest(edges) / honest.size(),
        sizes.length == 0 ? 0 : sizes[sizes.length / 2],
        all == 0 ? 0 : (double) wrong / all,
        nodes.stream()
            .filter(node -> node.alive && !node.isSeed)
            .mapToInt(n -> n.lines)
            .average()
            .orElse(0),
        nodes.stream()
            .filter(node -> node.alive && !node.isSeed)
            .mapToInt(n -> n.lines)
            .max()
            .orElse(0),
        nodes.get(0).lines);
  }

  /** Returns the most dials of one node to one victim in any ten minutes. */
  int mostDialsOfAVictim() {
    int most = 0;
    for (Map<String, List<Long>> victim : dialsOfVictims.values()) {
      for (List<Long> times : victim.values()) {
        for (long from : times) {
          most =
              Math.max(
                  most,
                  (int) times.stream().filter(at -> at >= from && at - from < 10 * MINUTE).count());
        }
      }
    }
    return most;
  }

  /** Finds the largest set of nodes in which each can be reached from each by the lists. */
  static final class Reach {
    private Reach() {}

    static int largest(int[][] edges) {
      int[][] back = reverse(edges);
      boolean[] done = new boolean[edges.length];
      int most = 0;
      // With one dominant set, a few tries find it.
      for (int start = 0; start < edges.length && 2 * most < edges.length; start++) {
        if (!done[start]) {
          boolean[] forth = from(start, edges);
          boolean[] home = from(start, back);
          int size = 0;
          for (int i = 0; i < edges.length; i++) {
            if (forth[i] && home[i]) {
              done[i] = true;
              size++;
            }
          }
          most = Math.max(most, size);
        }
      }
      return most;
    }

    private static int[][] reverse(int[][] edges) {
      int[] degree = new int[edges.length];
      Arrays.stream(edges).flatMapToInt(Arrays::stream).forEach(to -> degree[to]++);
      int[][] back = new int[edges.length][];
      for (int i = 0; i < back.length; i++) {
        back[i] = new int[degree[i]];
      }
      for (int i = 0; i < edges.length; i++) {
        for (int to : edges[i]) {
          back[to][--degree[to]] = i;
        }
      }
      return back;
    }

    private static boolean[] from(int start, int[][] edges) {
      boolean[] seen = new boolean[edges.length];
      int[] stack = new int[edges.length];
      int top = 0;
      stack[top++] = start;
      seen[start] = true;
      while (top > 0) {
        for (int to : edges[stack[--top]]) {
          if (!seen[to]) {
            seen[to] = true;
            stack[top++] = to;
          }
        }
      }
      return seen;
    }
  }

  /** Prints the state of each minute, then the time to 99 %. */
  public static void main(String[] args) {
    int minutes = Integer.parseInt(args[1]);
    ExchangeSimulation simulation =
        new ExchangeSimulation(
            Integer.parseInt(args[0]),
            Integer.parseInt(args[2]),
            Integer.parseInt(args[3]),
            args.length > 4 ? Long.parseLong(args[4]) : 1);
    @Nullable Minute reached = null;
    for (int i = 1; i <= minutes; i++) {
      Minute minute = simulation.minute(i);
      if (reached == null && minute.reach() >= 0.99) {
        reached = minute;
      }
      if (i <= 15 || i % 10 == 0) {
        System.out.println(minute);
      }
    }
    System.out.println("99 % reach: " + (reached == null ? "not reached" : reached));
    System.out.println("most dials of a victim in 10 minutes: " + simulation.mostDialsOfAVictim());
  }
}
