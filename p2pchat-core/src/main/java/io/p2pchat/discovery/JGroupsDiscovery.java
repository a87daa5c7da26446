package io.p2pchat.discovery;

import io.p2pchat.PeerAddress;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
 * Finds the members of a JGroups cluster, for peers on several networks: JGroups knows many ways to
 * find them (TCPPING, DNS_PING, JDBC_PING2, FILE_PING), and detects who fails. Each member tells
 * the others its {@code NODE}, team name, addresses and key hint. Meant for up to some hundred
 * members.
 *
 * <p>It needs {@code org.jgroups:jgroups} 5.5 on the class path, which this library does not bring
 * along. Without it the source does not start, and the node goes on.
 *
 * <p>JGroups itself authenticates nobody unless its configuration does. So what members say is a
 * hint, as from any source. They see it unencrypted, like everybody on their networks.
 *
 * <p>This class is thread-safe. See docs/DISCOVERY.md.
 */
public final class JGroupsDiscovery implements PeerDiscovery {
  private static final Logger LOG = LoggerFactory.getLogger(JGroupsDiscovery.class);
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

  private final SourceThread thread = new SourceThread("jgroups");
  private final String cluster;
  private final String configuration;
  private volatile @Nullable JChannel channel;

  // Used on the thread of the source.
  private final Map<Address, Candidate> members = new HashMap<>();
  private Set<Address> view = Set.of();
  private String said = "";
  private int turns;

  private JGroupsDiscovery(String cluster, String configuration) {
    this.cluster = Objects.requireNonNull(cluster, "cluster");
    this.configuration = Objects.requireNonNull(configuration, "configuration");
  }

  /**
   * Creates a source.
   *
   * @param cluster the name of the cluster; members of other clusters are not found
   * @param configuration the configuration of JGroups: a file, a URL, or a resource of the class
   *     path, such as {@code tcp.xml}
   * @return the source
   */
  public static JGroupsDiscovery of(String cluster, String configuration) {
    return new JGroupsDiscovery(cluster, configuration);
  }

  /** Returns {@code jgroups}. */
  @Override
  public String name() {
    return "jgroups";
  }

  @Override
  public void start(Advertisement self, Sink sink) {
    thread.begin();
    JChannel joined = null;
    try {
      joined = new JChannel(configuration);
      joined.setDiscardOwnMessages(true);
      joined.setReceiver(new Members(self, sink));
      channel = joined;
      joined.connect(cluster);
    } catch (LinkageError e) {
      thread.end();
      throw new DiscoveryException(
          "JGroups was not found ("
              + e.getMessage()
              + "). Add org.jgroups:jgroups 5.5 to the class path",
          e);
    } catch (Exception e) {
      if (joined != null) {
        joined.close();
      }
      thread.end();
      throw new DiscoveryException(
          "JGroups could not join the cluster "
              + cluster
              + " with "
              + configuration
              + ": "
              + e.getMessage(),
          e);
    }
    thread.run(() -> renew(self, sink), 0);
  }

  @Override
  public void close() {
    if (thread.end()) {
      JChannel joined = channel;
      if (joined != null) {
        joined.close();
      }
    }
  }

  /** Receives what the cluster says, on threads of JGroups. */
  private final class Members implements Receiver {
    private final Advertisement self;
    private final Sink sink;

    Members(Advertisement self, Sink sink) {
      this.self = self;
      this.sink = sink;
    }

    @Override
    public void viewAccepted(View now) {
      thread.run(() -> changed(now, self, sink), 0);
    }

    @Override
    public void receive(Message message) {
      // Never an object: that would be deserialized.
      if (message.hasArray() && message.getLength() <= LONGEST) {
        String text =
            new String(
                message.getArray(),
                message.getOffset(),
                message.getLength(),
                StandardCharsets.UTF_8);
        Address from = message.getSrc();
        thread.run(() -> heard(from, text, sink), 0);
      }
    }
  }

  private void changed(View now, Advertisement self, Sink sink) {
    Set<Address> all = Set.copyOf(now.getMembers());
    Set<Address> before = view;
    view = all;
    if (now instanceof MergeView) {
      turns = 0;
    }
    for (Address gone : before) {
      Candidate last = all.contains(gone) ? null : members.remove(gone);
      if (last != null) {
        sink.lost(last.id());
      }
    }
    Set<Address> joined = new HashSet<>(all);
    joined.removeAll(before);
    joined.forEach(each -> report(each, sink));
    if (before.isEmpty()) {
      return; // This node has joined, and tells all anyway.
    }
    // All tell each one that joins, and not each other again: that would cost the square of their
    // number.
    if (joined.size() == 1) {
      say(self, joined.iterator().next());
    } else if (!joined.isEmpty()) {
      say(self, null);
    }
  }

  private void renew(Advertisement self, Sink sink) {
    turns++;
    thread.run(() -> renew(self, sink), turns < EARLY ? EARLY_MILLIS << turns : INTERVAL_MILLIS);
    if (turns <= EARLY || turns % SAID_AGAIN == 0 || !text(self).equals(said)) {
      say(self, null);
    }
    view.forEach(each -> report(each, sink));
  }

  /** A member can be heard before it is in the view, because several threads tell of both. */
  private void report(Address address, Sink sink) {
    Candidate member = view.contains(address) ? members.get(address) : null;
    if (member != null) {
      sink.found(member, LEASE);
    }
  }

  /** Tells a member of this node, or all of them. */
  private void say(Advertisement self, @Nullable Address to) {
    JChannel joined = channel;
    if (joined == null || !self.announces()) {
      return;
    }
    String text = text(self);
    try {
      joined.send(to, text.getBytes(StandardCharsets.UTF_8));
      said = to == null ? text : said;
    } catch (Exception e) {
      LOG.debug("The cluster {} was not told; it is told again", cluster, e);
    }
  }

  private static String text(Advertisement self) {
    String addresses =
        self.addresses().stream()
            // A link-local address means nothing on another network.
            .filter(address -> !address.ip().map(InetAddress::isLinkLocalAddress).orElse(false))
            .limit(Candidate.MAX_ADDRESSES)
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

  private void heard(Address from, String text, Sink sink) {
    if (members.size() >= MOST_MEMBERS && !members.containsKey(from)) {
      members.keySet().retainAll(view);
      return;
    }
    // Its name alone is not unique.
    String id = from instanceof UUID uuid ? uuid.toStringLong() : from.toString();
    Candidate member = member(id, text);
    if (member != null) {
      members.put(from, member);
      report(from, sink);
    }
  }

  /** Returns what a member says about itself, or null if that is malformed. */
  static @Nullable Candidate member(String id, String text) {
    List<String> lines = text.lines().toList();
    if (lines.size() < 6 || !lines.get(0).equals(VERSION)) {
      return null;
    }
    try {
      Candidate.Builder member =
          Candidate.builder(id)
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
