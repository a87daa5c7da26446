package io.p2pchat.faults;

import io.p2pchat.NodeSettings;
import io.p2pchat.PeerAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one node of the suite is to do.
 *
 * @param name its name, which is its team too
 * @param run which of the processes of this name it is, from 1
 * @param port where it listens
 * @param directory for journals and marks
 * @param rate how many messages a second it sends to each peer, as far as there is room for them
 * @param lines how many messages may wait for each peer
 * @param silence after which a peer is asked for a sign of life
 * @param peers the others, by name
 */
record Plan(
    String name,
    int run,
    int port,
    Path directory,
    int rate,
    int lines,
    Duration silence,
    Map<String, PeerAddress> peers) {
  private static final Duration GREETING = Duration.ofSeconds(10);

  /** Reads arguments such as {@code name=A port=5001 peer.B=10.0.0.2:5002}; all are needed. */
  static Plan parse(String... args) {
    Map<String, String> given = new HashMap<>();
    Map<String, PeerAddress> peers = new TreeMap<>();
    for (String arg : args) {
      String[] parts = arg.split("=", 2);
      if (parts.length != 2) {
        throw new IllegalArgumentException("not key=value: " + arg);
      } else if (parts[0].startsWith("peer.")) {
        peers.put(parts[0].substring("peer.".length()), PeerAddress.parse(parts[1]));
      } else {
        given.put(parts[0], parts[1]);
      }
    }
    return new Plan(
        value(given, "name"),
        Integer.parseInt(value(given, "run")),
        Integer.parseInt(value(given, "port")),
        Path.of(value(given, "directory")),
        Integer.parseInt(value(given, "rate")),
        Integer.parseInt(value(given, "lines")),
        Duration.ofMillis(Long.parseLong(value(given, "silence-millis"))),
        peers);
  }

  private static String value(Map<String, String> given, String key) {
    String value = given.get(key);
    if (value == null) {
      throw new IllegalArgumentException(key + "= is missing; given are " + given.keySet());
    }
    return value;
  }

  /** The defaults but for these: and nobody here is a plain program, however slow a host is. */
  NodeSettings settings() {
    return NodeSettings.builder()
        .outboundLinesPerPeer(lines)
        .silenceTimeout(silence)
        .greetingTimeout(GREETING)
        .build();
  }

  /** The name of this process. */
  String id() {
    return name + "." + run;
  }
}
