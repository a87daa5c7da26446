package io.p2pchat.discovery;

import io.p2pchat.PeerAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the peers whose addresses the user has listed, in the program or in a file. For networks
 * where nothing else finds them. The node dials each address at once, and again and again, with
 * growing pauses, until the peer answers. An address where a program is silent, as a plain one is,
 * is dialed once an hour. Nothing is announced to anybody else.
 *
 * <p>The file has one {@code HOST:PORT} a line, with an IPv6 address in brackets. Empty lines and
 * lines that begin with {@code #} do not count. The source reads the file again when it changes. A
 * line that is no address is logged and left out. If the file cannot be read, the last list stays.
 *
 * <p>This class is thread-safe. See docs/DISCOVERY.md.
 */
public final class StaticDiscovery implements PeerDiscovery {
  /** The maximum number of addresses. Of a longer file the first are used. */
  public static final int MAX_ADDRESSES = 1024;

  private static final Logger LOG = LoggerFactory.getLogger(StaticDiscovery.class);
  private static final long LONGEST_FILE = 1024 * 1024;
  private static final Duration LEASE = Duration.ofMinutes(10);
  private static final long INTERVAL_MILLIS = 2000;

  private final SourceThread thread = new SourceThread("static");
  private final @Nullable Path file;
  private final long intervalMillis;

  // Used on the thread of the source.
  private Set<PeerAddress> addresses;
  private @Nullable Object stamp;
  private @Nullable String problem;

  private StaticDiscovery(Set<PeerAddress> addresses, @Nullable Path file, long intervalMillis) {
    this.addresses = addresses;
    this.file = file;
    this.intervalMillis = intervalMillis;
  }

  /**
   * Creates a source of these addresses.
   *
   * @param addresses 1 to {@link #MAX_ADDRESSES} addresses, of IP addresses or host names
   * @return the source
   * @throws IllegalArgumentException if there are none, or too many
   */
  public static StaticDiscovery of(List<PeerAddress> addresses) {
    if (addresses.isEmpty() || addresses.size() > MAX_ADDRESSES) {
      throw new IllegalArgumentException(
          "a static source has 1 to " + MAX_ADDRESSES + " addresses, not " + addresses.size());
    }
    return new StaticDiscovery(new LinkedHashSet<>(addresses), null, INTERVAL_MILLIS);
  }

  /**
   * Creates a source of the addresses in a file. The file need not exist yet.
   *
   * @param file the file
   * @return the source
   */
  public static StaticDiscovery ofFile(Path file) {
    return ofFile(file, INTERVAL_MILLIS);
  }

  static StaticDiscovery ofFile(Path file, long intervalMillis) {
    return new StaticDiscovery(Set.of(), Objects.requireNonNull(file, "file"), intervalMillis);
  }

  /** Returns {@code static}. */
  @Override
  public String name() {
    return "static";
  }

  @Override
  public void start(Advertisement self, Sink sink) {
    thread.begin();
    thread.run(() -> report(sink), 0);
  }

  @Override
  public void close() {
    thread.end();
  }

  private void report(Sink sink) {
    thread.run(() -> report(sink), intervalMillis);
    Set<PeerAddress> gone = new HashSet<>(addresses);
    if (file != null) {
      read(file);
    }
    gone.removeAll(addresses);
    gone.forEach(address -> sink.lost(address.toString()));
    for (PeerAddress address : addresses) {
      sink.found(
          PeerCandidate.builder(address.toString()).address(address).chosen().build(), LEASE);
    }
  }

  private void read(Path from) {
    try {
      BasicFileAttributes now = Files.readAttributes(from, BasicFileAttributes.class);
      Object current = List.of(now.lastModifiedTime(), now.size(), String.valueOf(now.fileKey()));
      if (current.equals(stamp)) {
        return;
      }
      if (now.size() > LONGEST_FILE) {
        throw new IOException("it has more than " + LONGEST_FILE + " bytes");
      }
      addresses = parse(from, Files.readAllLines(from, StandardCharsets.UTF_8));
      stamp = current;
      problem = null;
    } catch (IOException e) {
      stamp = null;
      String text = "The list of peers " + from + " cannot be read: " + e;
      if (!text.equals(problem)) {
        LOG.warn("{}; the last one stays", text);
      }
      problem = text;
    }
  }

  private static Set<PeerAddress> parse(Path from, List<String> lines) {
    Set<PeerAddress> all = new LinkedHashSet<>();
    int number = 0;
    for (String line : lines) {
      number++;
      String text = line.strip();
      if (text.isEmpty() || text.startsWith("#")) {
        continue;
      }
      if (all.size() == MAX_ADDRESSES) {
        LOG.warn("{} has more than {} addresses; the first are used", from, MAX_ADDRESSES);
        break;
      }
      try {
        all.add(PeerAddress.parse(text));
      } catch (IllegalArgumentException e) {
        LOG.warn("{}, line {}: {}; the line is left out", from, number, e.getMessage());
      }
    }
    return all;
  }
}
