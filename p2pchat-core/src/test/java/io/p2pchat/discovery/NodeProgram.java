package io.p2pchat.discovery;

import io.p2pchat.DiscoveredPeer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerEvent.MessageReceived;
import io.p2pchat.PeerNode;
import io.p2pchat.PeerNodeBuilder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A program that runs a node, and prints whom it lists as discovered, and what it receives. It ends
 * with its standard input.
 *
 * <pre>NodeProgram TEAM [brief] [mdns] [exchange] [HOST:PORT]</pre>
 *
 * <p>The line {@code TEAM TEXT} on its standard input is a message to a discovered peer.
 */
public final class NodeProgram {
  private static final int PORT = 7001;
  private static final long LOOK_MILLIS = 20;

  private NodeProgram() {}

  /** Runs the program. */
  public static void main(String... args) throws IOException {
    PeerNodeBuilder builder =
        PeerNode.builder()
            .teamName(args[0])
            .port(PORT)
            .on(
                MessageReceived.class,
                event -> say("received " + event.peer().teamName() + ": " + event.text()));
    for (String arg : List.of(args).subList(1, args.length)) {
      switch (arg) {
        case "brief" -> builder.brief();
        case "mdns" -> builder.discovery(new MulticastDnsDiscovery());
        case "exchange" -> builder.discovery(new PeerExchange());
        default -> builder.discovery(StaticDiscovery.of(List.of(PeerAddress.parse(arg))));
      }
    }
    say("begins");
    PeerNode node = builder.start();
    say("started");
    Thread watch = new Thread(() -> watch(node), "watch");
    watch.setDaemon(true);
    watch.start();
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] parts = line.split(" ", 2);
      send(node, parts[0], parts[1]);
    }
    node.close();
    say("closed");
  }

  private static void watch(PeerNode node) {
    Map<String, DiscoveredPeer> listed = new HashMap<>();
    while (true) {
      Map<String, DiscoveredPeer> now = new HashMap<>();
      node.discoveredPeers()
          .forEach(peer -> now.put(peer.node().orElse(peer.addresses().toString()), peer));
      now.forEach(
          (id, peer) -> {
            if (!peer.equals(listed.put(id, peer))) {
              say("found " + describe(peer));
            }
          });
      listed.entrySet().removeIf(each -> !now.containsKey(each.getKey()) && lost(each.getValue()));
      try {
        TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private static boolean lost(DiscoveredPeer peer) {
    say("lost " + describe(peer));
    return true;
  }

  private static String describe(DiscoveredPeer peer) {
    return peer.teamName().orElse("?")
        + " "
        + peer.node().orElse("?")
        + " "
        + peer.addresses()
        + " "
        + peer.keyHint().orElse("?")
        + " "
        + peer.level()
        + " "
        + peer.sources();
  }

  private static void send(PeerNode node, String team, String text) {
    node.discoveredPeers().stream()
        .filter(peer -> peer.teamName().orElse("").equals(team))
        .findFirst()
        .ifPresentOrElse(
            peer ->
                node.send(peer, text)
                    .whenComplete(
                        (delivery, failure) ->
                            say(
                                failure == null
                                    ? "delivered " + text + ": " + delivery
                                    : "not delivered " + text + ": " + failure)),
            () -> say("not delivered " + text + ": nobody is listed as " + team));
  }

  private static synchronized void say(String line) {
    System.out.println(line);
    System.out.flush();
  }
}
