package io.p2pchat.cli.doctor;

import io.p2pchat.PeerAddress;
import io.p2pchat.cli.output.NameText;
import io.p2pchat.discovery.Advertisement;
import io.p2pchat.discovery.DiscoveryException;
import io.p2pchat.discovery.PeerCandidate;
import io.p2pchat.discovery.PeerDiscovery;
import io.p2pchat.discovery.Sink;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Looks for peers for a while. Announces nothing. */
final class PeersCheck implements Check {
  private static final String NAME = "peers";
  private static final int MAX_CANDIDATES = 4096;
  private static final int MAX_SHOWN = 10;
  private static final int NODE_LENGTH = 26;
  private static final String NODE_DIGITS = "abcdefghijklmnopqrstuvwxyz234567";

  private final Supplier<PeerDiscovery> source;
  private final Duration window;
  private final List<PeerAddress> own;
  private final Candidates seen = new Candidates();

  /**
   * Creates the check.
   *
   * @param source creates the source
   * @param window how long to look
   * @param own the addresses of this program's node, which is no peer
   */
  PeersCheck(Supplier<PeerDiscovery> source, Duration window, List<PeerAddress> own) {
    this.source = source;
    this.window = window;
    this.own = own;
  }

  private static final class Candidates implements Sink {
    private final Map<String, PeerCandidate> byId = new LinkedHashMap<>();

    @Override
    public synchronized void found(PeerCandidate candidate, Duration lease) {
      if (byId.size() < MAX_CANDIDATES || byId.containsKey(candidate.id())) {
        byId.put(candidate.id(), candidate);
      }
    }

    @Override
    public synchronized void lost(String id) {
      byId.remove(id);
    }

    synchronized List<PeerCandidate> all() {
      return new ArrayList<>(byId.values());
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<Finding> run() throws InterruptedException {
    PeerDiscovery started = source.get();
    try {
      started.start(
          Advertisement.builder(randomNode(), "doctor", 1).announces(false).build(), seen);
      TimeUnit.NANOSECONDS.sleep(window.toNanos());
    } catch (DiscoveryException e) {
      return List.of(
          Finding.problem(
              NAME, "Nobody can be found: " + e.getMessage() + ".", "Correct that first."));
    } finally {
      started.close();
    }
    return List.of(finding(seen()));
  }

  /** Returns the peers that were seen so far. */
  List<PeerCandidate> seen() {
    return seen.all().stream()
        .filter(each -> each.addresses().stream().noneMatch(own::contains))
        .toList();
  }

  private Finding finding(List<PeerCandidate> peers) {
    long seconds = window.toSeconds();
    if (peers.isEmpty()) {
      return Finding.warning(
          NAME,
          "No peer was seen in " + seconds + " s.",
          "Start p2pchat on another machine of this network, or run 'p2pchat doctor' there."
              + " Networks for guests often keep machines apart: then use another network, or"
              + " HOST:PORT.");
    }
    String names =
        peers.stream().limit(MAX_SHOWN).map(PeersCheck::name).collect(Collectors.joining(", "));
    String more = peers.size() > MAX_SHOWN ? " and " + (peers.size() - MAX_SHOWN) + " more" : "";
    return Finding.ok(
        NAME,
        (peers.size() == 1 ? "1 peer was" : peers.size() + " peers were")
            + " seen in "
            + seconds
            + " s: "
            + names
            + more
            + ".");
  }

  private static String name(PeerCandidate peer) {
    return peer.teamName().map(NameText::of).orElse("unknown team")
        + " ("
        + peer.addresses().get(0)
        + ")";
  }

  private static String randomNode() {
    SecureRandom random = new SecureRandom();
    return random
        .ints(NODE_LENGTH, 0, NODE_DIGITS.length())
        .mapToObj(i -> NODE_DIGITS.substring(i, i + 1))
        .collect(Collectors.joining());
  }
}
