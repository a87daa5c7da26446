package io.p2pchat.cli.chat;

import io.p2pchat.DiscoveredPeer;
import io.p2pchat.Fingerprint;
import io.p2pchat.KnownPeer;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerEvent;
import io.p2pchat.PeerEvent.PeerPinned;
import io.p2pchat.TrustException;
import io.p2pchat.TrustException.Refusal;
import io.p2pchat.cli.output.NameText;
import java.net.InetAddress;
import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The names by which a terminal shows peers. Two keys never have the same name: the key that was
 * known first has the team name, and others are marked with the first digits of the key, such as
 * {@code Bob|1a2b3c4d}. No team name has a {@code |}. Names are compared as docs/PROTOCOL.md,
 * section 7 says: without case and compatible forms.
 *
 * <p>This class is thread-safe.
 */
public final class PeerNames {
  private static final char BAR = '|';
  static final int DIGITS = 8;
  private static final int MAX_KNOWN = 65_536;
  private static final int MAX_MET = 4096;

  private final Supplier<List<KnownPeer>> knownPeers;
  private final Instant start = Instant.now().truncatedTo(ChronoUnit.SECONDS); // As in the file.
  private final Set<Fingerprint> knownAtStart = new HashSet<>();

  /** The known peers of the start, each with the name that it had. */
  private final Set<Named> namedAtStart = new HashSet<>();

  private final Map<String, Fingerprint> ofKnown = new HashMap<>();
  private final Map<String, Fingerprint> ofMet = new LinkedHashMap<>();
  private boolean loaded;

  /**
   * Creates the names.
   *
   * @param knownPeers reads the known peers; first called when a name is needed
   */
  public PeerNames(Supplier<List<KnownPeer>> knownPeers) {
    this.knownPeers = knownPeers;
  }

  /** Gives a newcomer its name, before anything about it is shown. */
  synchronized void learn(PeerEvent event) {
    if (event instanceof PeerPinned newcomer) {
      load();
      boolean isKept = !newcomer.temporary() && ofKnown.size() < MAX_KNOWN;
      mark(newcomer.peer().teamName(), newcomer.fingerprint(), isKept ? ofKnown : ofMet);
    }
  }

  /**
   * The user has accepted another key of a peer. That key has the name now, unless the one before
   * is still known by it elsewhere.
   */
  synchronized void accepted(Refusal refusal) {
    String team = refusal.teamName().orElse("");
    Optional<Fingerprint> before = refusal.known();
    boolean isKept =
        knownPeers.get().stream()
            .anyMatch(
                known ->
                    before.equals(Optional.of(known.fingerprint()))
                        && isSame(known.teamName(), team));
    if (refusal.reason() == TrustException.Reason.KEY && before.isPresent() && !isKept) {
      load();
      Fingerprint now = refusal.presented().orElseThrow();
      ofKnown.replace(foldShown(team), before.get(), now);
      if (namedAtStart.remove(new Named(before.get(), fold(team)))) {
        namedAtStart.add(new Named(now, fold(team)));
      }
    }
  }

  /** Returns the name of a peer. Only a peer with a key has one that no other peer has. */
  String of(Peer peer) {
    String team = peer.teamName();
    String name = peer.named() ? NameText.shortened(team) : team;
    return name + markOf(peer);
  }

  /** Returns what distinguishes a peer from another with its team name, or an empty text. */
  String markOf(Peer peer) {
    return peer.fingerprint().map(key -> mark(peer.teamName(), key)).orElse("");
  }

  /**
   * Returns the name of a discovered peer for a sentence. A stranger's stands behind the address,
   * if somebody else has the name too. One that looks like that of a known peer has a warning.
   *
   * @param isShared whether another discovered peer has the name
   */
  String of(DiscoveredPeer found, boolean isShared) {
    Peer peer = FoundPeers.asPeer(found);
    boolean isUnique = peer.encrypted() || (peer.named() && !isShared && !isTaken(peer.teamName()));
    return (isUnique ? inSentence(of(peer)) : peer.address() + " (" + of(peer) + ")")
        + like(found).map(like -> " (" + like + ")").orElse("");
  }

  /** Warns of the name of a discovered peer, if it looks like that of a known peer. */
  Optional<String> like(DiscoveredPeer found) {
    return found.lookAlikes().stream()
        .findFirst()
        .map(known -> "looks like " + inSentence(of(known.teamName(), known.fingerprint())));
  }

  /** Returns the name of the holder of a key under a team name. */
  public String of(String team, Fingerprint key) {
    return NameText.shortened(team) + mark(team, key);
  }

  /** Returns what to type for a peer in a command: its name if that is possible, or its address. */
  String typed(Peer peer) {
    boolean byName = isTyped(peer) && peer.teamName().indexOf(' ') < 0;
    return byName ? of(peer) : peer.address().toString();
  }

  /**
   * Returns whether the team name of a peer can be typed in commands. It has to be shown as it is,
   * and must not mean a number, an address or everybody.
   */
  static boolean isTyped(Peer peer) {
    String team = peer.teamName();
    return peer.named()
        && NameText.of(team).equals(team)
        && !PeerResolver.isNumber(team)
        && !AddressParser.isAddress(team)
        && !team.equals(ChatLoop.ALL);
  }

  /** Returns a name for a sentence, where a space could end the name. */
  public static String inSentence(String name) {
    int bar = name.indexOf(BAR);
    return bar < 0
        ? NameText.inSentence(name)
        : NameText.inSentence(name.substring(0, bar)) + name.substring(bar);
  }

  private synchronized String mark(String team, Fingerprint key) {
    load();
    String mark = mark(team, key, ofMet);
    if (ofMet.size() > MAX_MET) {
      ofMet.remove(ofMet.keySet().iterator().next());
    }
    return mark;
  }

  /** Returns as many digits as no other key of that team has. Remembers whose they are. */
  private String mark(String team, Fingerprint key, Map<String, Fingerprint> names) {
    String digits = digits(key);
    String folded = foldShown(team);
    String mark = "";
    for (int length = DIGITS; !isOf(key, folded + mark, names); length += DIGITS) {
      mark = BAR + digits.substring(0, length);
    }
    return mark;
  }

  private boolean isOf(Fingerprint key, String name, Map<String, Fingerprint> names) {
    Fingerprint owner = ofKnown.getOrDefault(name, ofMet.get(name));
    if (owner == null) {
      names.put(name, key);
    }
    return owner == null || owner.equals(key);
  }

  private void load() {
    if (!loaded) {
      loaded = true;
      knownPeers.get().stream()
          .sorted(Comparator.comparing(KnownPeer::firstSeen))
          .forEach(this::load);
    }
  }

  private void load(KnownPeer peer) {
    mark(peer.teamName(), peer.fingerprint(), ofKnown);
    if (peer.firstSeen().isBefore(start)) {
      knownAtStart.add(peer.fingerprint());
      namedAtStart.add(new Named(peer.fingerprint(), fold(peer.teamName())));
    }
  }

  /** Returns whether a key was known before the chat. */
  synchronized boolean isKnownAtStart(Fingerprint key) {
    load();
    return knownAtStart.contains(key);
  }

  /**
   * Returns whether the key of a peer was known by its name before the chat, or replaced that one.
   */
  synchronized boolean isNamedAtStart(Peer peer) {
    load();
    return peer.fingerprint()
        .filter(key -> namedAtStart.contains(new Named(key, fold(peer.teamName()))))
        .isPresent();
  }

  /** A key by a folded name. */
  private record Named(Fingerprint key, String name) {}

  /** Returns whether a key has this team name. */
  synchronized boolean isTaken(String team) {
    load();
    String folded = foldShown(team);
    return ofKnown.containsKey(folded) || ofMet.containsKey(folded);
  }

  /**
   * Returns the known peers: one for each key and team, at the address recorded last. It is a
   * link-local one only if there is no other.
   */
  List<Peer> known() {
    Map<Peer, Peer> found = new LinkedHashMap<>();
    for (KnownPeer each : knownPeers.get()) {
      Peer peer = peer(each.teamName(), each.address(), each.fingerprint());
      found.merge(
          peer, peer, (before, last) -> isLinkLocal(last) && !isLinkLocal(before) ? before : last);
    }
    return List.copyOf(found.values());
  }

  private static boolean isLinkLocal(Peer peer) {
    return peer.address().ip().map(InetAddress::isLinkLocalAddress).orElse(false);
  }

  /** Returns the known peers, those that were known first before the others. */
  List<Peer> knownByAge() {
    return knownPeers.get().stream()
        .sorted(Comparator.comparing(KnownPeer::firstSeen))
        .map(each -> peer(each.teamName(), each.address(), each.fingerprint()))
        .distinct()
        .toList();
  }

  /** Returns the known keys. */
  Set<Fingerprint> knownKeys() {
    return knownPeers.get().stream().map(KnownPeer::fingerprint).collect(Collectors.toSet());
  }

  private static Peer peer(String team, PeerAddress address, Fingerprint key) {
    return Peer.builder(address).teamName(team).fingerprint(key).build();
  }

  /** Returns whether a typed name, with or without digits of the key, is that of a peer. */
  public static boolean isNamed(Peer peer, String typed) {
    int bar = typed.lastIndexOf(BAR);
    String team = bar < 0 ? typed : typed.substring(0, bar);
    return isSame(team, peer.teamName())
        && (bar < 0
            || peer.fingerprint()
                .filter(key -> digits(key).startsWith(fold(typed.substring(bar + 1))))
                .isPresent());
  }

  /** Returns the name of a peer with a key, with the digits that distinguish it. */
  public static String marked(Peer peer) {
    String digits = peer.fingerprint().map(PeerNames::digits).orElseThrow();
    return peer.teamName() + BAR + digits.substring(0, DIGITS);
  }

  /** Returns whether two team names are the same to those who read them. */
  public static boolean isSame(String team, String other) {
    return fold(team).equals(fold(other));
  }

  private static String digits(Fingerprint key) {
    return key.toString().replace("-", "");
  }

  /** Returns what is compared of a name that is shown: of a long one, only its beginning. */
  private static String foldShown(String team) {
    String shown = NameText.shortened(team);
    return fold(shown.startsWith("\"") ? shown.substring(1, shown.length() - 1) : shown);
  }

  private static String fold(String team) {
    StringBuilder folded = new StringBuilder(team.length());
    Normalizer.normalize(team, Form.NFKC)
        .strip()
        .codePoints()
        .map(Character::toUpperCase)
        .map(Character::toLowerCase)
        .forEach(folded::appendCodePoint);
    return folded.toString();
  }
}
