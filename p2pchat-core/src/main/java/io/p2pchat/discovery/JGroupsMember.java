package io.p2pchat.discovery;

import io.p2pchat.PeerAddress;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jgroups.Address;
import org.jgroups.JChannel;
import org.jgroups.MergeView;
import org.jgroups.Message;
import org.jgroups.Receiver;
import org.jgroups.View;
import org.jgroups.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node as a member of a JGroups cluster: says what it may announce, and hears the others.
 * JGroups calls it on threads of its own; the rest happens on the thread of the source.
 */
final class JGroupsMember implements Receiver {
  private static final Logger LOG = LoggerFactory.getLogger(JGroupsMember.class);
  private static final String VERSION = "p2pchat/1";
  private static final int LONGEST = 2048;
  private static final int MOST_MEMBERS = 4096;
  private static final Duration LEASE = Duration.ofMinutes(5);
  private static final long INTERVAL_MILLIS = 10_000;

  /** After so many intervals a member says the same again, in case somebody has missed it. */
  private static final int SAID_AGAIN = 6;

  /**
   * The first turns are 2, 4 and 8 s apart, and all are told in each. JGroups drops what comes from
   * a member that is not yet in the receiver's view, and may send it again only after a minute.
   */
  private static final int EARLY = 4;

  private static final long EARLY_MILLIS = 1000;

  private final SourceThread thread;
  private final Advertisement self;
  private final Sink sink;
  private volatile @Nullable JChannel channel;

  // Used on the thread of the source.
  private final Map<Address, PeerCandidate> members = new HashMap<>();
  private Set<Address> view = Set.of();
  private String said = "";
  private int turns;

  JGroupsMember(SourceThread thread, Advertisement self, Sink sink) {
    this.thread = thread;
    this.self = self;
    this.sink = sink;
  }

  /**
   * Joins the cluster, and leaves it again if that fails.
   *
   * @throws Exception if JGroups does not accept the configuration, or cannot join
   */
  void join(String cluster, String configuration) throws Exception {
    JChannel joining = new JChannel(configuration);
    channel = joining;
    try {
      joining.setDiscardOwnMessages(true);
      joining.setReceiver(this);
      joining.connect(cluster);
    } catch (Exception e) {
      joining.close();
      throw e;
    }
    thread.run(this::renew, 0);
  }

  void leave() {
    JChannel joined = channel;
    if (joined != null) {
      joined.close();
    }
  }

  @Override
  public void viewAccepted(View now) {
    thread.run(() -> changed(now), 0);
  }

  @Override
  public void receive(Message message) {
    // Never an object: that would be deserialized.
    if (message.hasArray() && message.getLength() <= LONGEST) {
      String text =
          new String(
              message.getArray(), message.getOffset(), message.getLength(), StandardCharsets.UTF_8);
      Address from = message.getSrc();
      thread.run(() -> heard(from, text), 0);
    }
  }

  private void changed(View now) {
    Set<Address> all = Set.copyOf(now.getMembers());
    Set<Address> before = view;
    view = all;
    if (now instanceof MergeView) {
      turns = 0;
    }
    for (Address gone : before) {
      PeerCandidate last = all.contains(gone) ? null : members.remove(gone);
      if (last != null) {
        sink.lost(last.id());
      }
    }
    Set<Address> joined = new HashSet<>(all);
    joined.removeAll(before);
    joined.forEach(this::report);
    if (before.isEmpty()) {
      return; // This node has joined, and tells all anyway.
    }
    // All tell each one that joins, and not each other again: that would cost the square of their
    // number.
    if (joined.size() == 1) {
      say(joined.iterator().next());
    } else if (!joined.isEmpty()) {
      say(null);
    }
  }

  private void renew() {
    turns++;
    thread.run(this::renew, turns < EARLY ? EARLY_MILLIS << turns : INTERVAL_MILLIS);
    if (turns <= EARLY || turns % SAID_AGAIN == 0 || !text().equals(said)) {
      say(null);
    }
    view.forEach(this::report);
  }

  /** A member can be heard before it is in the view, because several threads tell of both. */
  private void report(Address address) {
    PeerCandidate member = view.contains(address) ? members.get(address) : null;
    if (member != null) {
      sink.found(member, LEASE);
    }
  }

  /** Tells a member of this node, or all of them. */
  private void say(@Nullable Address to) {
    JChannel joined = channel;
    if (joined == null || !self.announces()) {
      return;
    }
    String text = text();
    try {
      joined.send(to, text.getBytes(StandardCharsets.UTF_8));
      said = to == null ? text : said;
    } catch (Exception e) {
      LOG.debug("The cluster was not told; it is told again", e);
    }
  }

  private String text() {
    String addresses =
        self.addresses().stream()
            // A link-local address means nothing on another network.
            .filter(address -> !address.ip().map(InetAddress::isLinkLocalAddress).orElse(false))
            .limit(PeerCandidate.MAX_ADDRESSES)
            .map(PeerAddress::toString)
            .collect(Collectors.joining(","));
    return String.join(
        "\n",
        VERSION,
        self.node(),
        self.teamName(),
        String.valueOf(self.level()),
        self.keyHint().orElse(""),
        addresses);
  }

  private void heard(Address from, String text) {
    if (members.size() >= MOST_MEMBERS && !members.containsKey(from)) {
      members.keySet().retainAll(view);
      return;
    }
    // Its name alone is not unique.
    String id = from instanceof UUID uuid ? uuid.toStringLong() : from.toString();
    PeerCandidate member = candidate(id, text);
    if (member != null) {
      members.put(from, member);
      report(from);
    }
  }

  /** Returns what a member says about itself, or null if that is malformed. */
  static @Nullable PeerCandidate candidate(String id, String text) {
    List<String> lines = text.lines().toList();
    if (lines.size() < 6 || !lines.get(0).equals(VERSION)) {
      return null;
    }
    try {
      PeerCandidate.Builder member =
          PeerCandidate.builder(id)
              .node(lines.get(1))
              .teamName(lines.get(2))
              .level(Integer.parseInt(lines.get(3)));
      if (!lines.get(4).isEmpty()) {
        member.keyHint(lines.get(4));
      }
      for (String address : lines.get(5).split(",", -1)) {
        member.address(PeerAddress.parse(address));
      }
      return member.build();
    } catch (IllegalArgumentException | IllegalStateException e) {
      LOG.debug("The member {} says nothing of use: {}", id, e.getMessage());
      return null;
    }
  }
}
