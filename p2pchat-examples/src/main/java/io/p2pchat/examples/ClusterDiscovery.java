package io.p2pchat.examples;

import io.p2pchat.DiscoveredPeer;
import io.p2pchat.PeerEvent.MessageReceived;
import io.p2pchat.PeerEvent.PeerDiscovered;
import io.p2pchat.PeerEvent.PeerVanished;
import io.p2pchat.PeerNode;
import io.p2pchat.discovery.JGroupsDiscovery;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.util.List;

/**
 * A chat among the members of a JGroups cluster. The members find each other through files in one
 * directory. What one types, all others read. The end of the input (Ctrl-D) ends it.
 *
 * <p>Takes a name and a configuration of JGroups, {@code src/main/resources/cluster.xml}. The
 * system property {@code cluster.directory} is the directory, and {@code cluster.address} the
 * address of this machine, without which all members are on one. Start Ann, then Bob, then Carol,
 * and let Bob type {@code hello}. Ann's prints
 *
 * <pre>
 * Ann joins
 * Members: [Bob]
 * Members: [Bob, Carol]
 * Bob: hello
 * </pre>
 */
public final class ClusterDiscovery {
  private ClusterDiscovery() {}

  /**
   * Runs the example.
   *
   * @param args a name, and the configuration
   * @throws IOException if the input cannot be read
   */
  public static void main(String[] args) throws IOException {
    try (PeerNode node =
        PeerNode.builder()
            .teamName(args[0])
            .bindAddress(System.getProperty("cluster.address", "127.0.0.1"))
            .discovery(JGroupsDiscovery.of("example", args[1]))
            .on(PeerDiscovered.class, (member, event) -> printMembers(member))
            .on(PeerVanished.class, (member, event) -> printMembers(member))
            .onMessage(ClusterDiscovery::print)
            .start()) {
      System.out.println(node.teamName() + " joins");
      BufferedReader in =
          new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        for (DiscoveredPeer member : node.discoveredPeers()) {
          send(node, member, line);
        }
      }
    }
  }

  private static void send(PeerNode node, DiscoveredPeer member, String text) {
    node.sendText(member, text)
        .exceptionally(
            failure -> {
              System.out.println("Not sent to " + name(member) + ": " + failure.getMessage());
              return null;
            });
  }

  private static void printMembers(PeerNode node) {
    List<String> names =
        node.discoveredPeers().stream().map(ClusterDiscovery::name).sorted().toList();
    System.out.println("Members: " + names);
  }

  private static String name(DiscoveredPeer member) {
    return member.teamName().orElse("somebody");
  }

  private static void print(MessageReceived message) {
    // Control characters of a stranger's do not belong on a terminal.
    String text = message.text().replaceAll("\\p{Cntrl}", "?");
    System.out.println(message.peer().teamName() + ": " + text);
  }
}
