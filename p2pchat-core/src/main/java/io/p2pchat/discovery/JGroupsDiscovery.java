package io.p2pchat.discovery;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

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
  private final SourceThread thread = new SourceThread("jgroups");
  private final String cluster;
  private final String configuration;

  /** All that knows JGroups, so that this class can be loaded without it. */
  private volatile @Nullable JGroupsMember member;

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
    try {
      JGroupsMember joining = new JGroupsMember(thread, self, sink);
      member = joining;
      joining.join(cluster, configuration);
    } catch (LinkageError e) {
      thread.end();
      throw new DiscoveryException(
          "JGroups was not found. Add org.jgroups:jgroups 5.5 to the class path, or to the modules"
              + " with --add-modules org.jgroups",
          e);
    } catch (Exception e) {
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
  }

  @Override
  public void close() {
    if (thread.end()) {
      JGroupsMember joined = member;
      if (joined != null) {
        joined.leave();
      }
    }
  }
}
