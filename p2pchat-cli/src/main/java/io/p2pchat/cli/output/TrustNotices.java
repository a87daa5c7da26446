package io.p2pchat.cli.output;

import io.p2pchat.Fingerprint;
import io.p2pchat.KnownPeer;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerEvent;
import io.p2pchat.PeerEvent.PeerPinned;
import io.p2pchat.PeerEvent.PeerRefused;
import io.p2pchat.PeerEvent.PeerRenamed;
import io.p2pchat.PeerEvent.ProtocolViolation;
import io.p2pchat.TrustException;
import io.p2pchat.TrustException.Reason;
import io.p2pchat.TrustException.Refusal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Formats notices about new, renamed and refused peers, with the command that accepts a key. The
 * same refusal can come as an event, as the result of a send, and at each retry. So its advice is
 * printed at most once a minute.
 *
 * <p>This class is thread-safe.
 */
public final class TrustNotices {
  /** The option that names the data directory. */
  public static final String DATA_DIR = "--data-dir";

  private static final long REPEAT_NANOS = Duration.ofMinutes(1).toNanos();
  private static final int MAX_REMEMBERED = 64;
  private static final int MAX_NAMED = 3;

  private final Optional<Path> dataDir;
  private final boolean onTerminal;
  private final LongSupplier clock;
  private final Map<Object, Long> printed = new LinkedHashMap<>();

  /** Says to its readers that a peer was refused. */
  public interface Wording {
    /**
     * Returns the lines.
     *
     * @param line the line without advice, which ends with the reason
     * @param isDue whether advice belongs to it
     */
    List<String> of(String line, TrustException reason, boolean isDue);
  }

  /**
   * Creates the notices.
   *
   * @param dataDir the value of {@code --data-dir} for the commands, or empty if they need none
   */
  public TrustNotices(Optional<Path> dataDir) {
    this(dataDir, System::nanoTime);
  }

  public TrustNotices(Optional<Path> dataDir, LongSupplier clock) {
    this(dataDir, false, clock);
  }

  private TrustNotices(Optional<Path> dataDir, boolean onTerminal, LongSupplier clock) {
    this.dataDir = dataDir;
    this.onTerminal = onTerminal;
    this.clock = clock;
  }

  /** Creates notices for people, with whole keys only in commands. */
  public static TrustNotices onTerminal(Optional<Path> dataDir) {
    return new TrustNotices(dataDir, true, System::nanoTime);
  }

  /** Returns the lines for an event. Other kinds have none. */
  public List<String> of(PeerEvent event) {
    return of(event, this::inCommands);
  }

  /** Returns the lines for an event, with a refusal in other words. */
  public synchronized List<String> of(PeerEvent event, Wording wording) {
    // Without a default, so that a missing kind does not compile.
    return switch (event.kind()) {
      case PEER_PINNED -> pinned((PeerPinned) event);
      case PEER_RENAMED -> renamed((PeerRenamed) event);
      case PEER_REFUSED -> refused(((PeerRefused) event).reason(), wording);
      case PROTOCOL_VIOLATION -> violated((ProtocolViolation) event);
      case MESSAGE_RECEIVED,
          PEER_ACTIVE,
          PEER_CONNECTED,
          PEER_LEFT,
          PEER_UNREACHABLE,
          PEER_REACHABLE,
          CONNECTION_LOST,
          CONNECTION_RESTORED,
          PEER_STALLED,
          SESSION_RESET,
          PEER_DISCOVERED,
          PEER_VANISHED,
          MESSAGE_DELIVERED,
          MESSAGE_FAILED ->
          List.of();
    };
  }

  private List<String> refused(TrustException reason, Wording wording) {
    return isDue(reason.refusal())
        ? wording.of(ResultText.reason(reason), reason, true)
        : List.of();
  }

  /** Without this, a program that does not encrypt could not be found to be the reason. */
  private List<String> violated(ProtocolViolation violation) {
    String host = violation.peer().address().host();
    return violation.unencrypted() && isDue(host)
        ? List.of(
            "Refused an unencrypted connection from " + host + ": you use --security required.")
        : List.of();
  }

  /** Returns the line of a failure. A refusal has advice after it. */
  public List<String> failure(String line, Throwable failure) {
    return failure(line, failure, this::inCommands);
  }

  /** Returns the line of a failure, with a refusal in other words. */
  public synchronized List<String> failure(String line, Throwable failure, Wording wording) {
    return ResultText.cause(failure) instanceof TrustException refused
        ? wording.of(line, refused, isDue(refused.refusal()))
        : List.of(line);
  }

  private List<String> pinned(PeerPinned pinned) {
    List<String> lines = new ArrayList<>();
    String who = EventText.who(pinned.peer());
    String end = pinned.temporary() ? ", and will change when it is restarted." : ".";
    lines.add(who + " is new; its key is " + shown(pinned.fingerprint()) + end);
    lines.addAll(likeOthers(pinned.peer(), pinned.known(), pinned.lookAlikes()));
    lines.addAll(suspicious(pinned.suspiciousName()));
    return lines;
  }

  private List<String> renamed(PeerRenamed renamed) {
    List<String> lines = new ArrayList<>();
    lines.add(
        EventText.who(renamed.peer())
            + " was "
            + some(renamed.previousNames().stream().map(NameText::of).toList(), " or ")
            + " before; its key is still "
            + shown(renamed.fingerprint())
            + ".");
    lines.addAll(likeOthers(renamed.peer(), renamed.otherKeys(), renamed.lookAlikes()));
    lines.addAll(suspicious(renamed.suspiciousName()));
    return lines;
  }

  private String shown(Fingerprint key) {
    return onTerminal ? KeyText.of(key) : key.toString();
  }

  private List<String> likeOthers(Peer peer, List<KnownPeer> sameName, List<KnownPeer> lookAlikes) {
    List<String> lines = new ArrayList<>();
    if (!sameName.isEmpty()) {
      String places = some(sameName.stream().map(each -> each.address().toString()).toList(), ", ");
      lines.add(
          onTerminal
              ? "Warning: you know another "
                  + name(peer.teamName())
                  + (", at " + places + ", with another key. This may be somebody else.")
              : "Warning: by other keys, this team name is known at "
                  + (places + "; it may be somebody else's."));
    }
    if (!lookAlikes.isEmpty()) {
      lines.add(
          onTerminal
              ? "Warning: "
                  + name(peer.teamName())
                  + " looks like "
                  + some(lookAlikes.stream().map(TrustNotices::whereKnown).toList(), ", and ")
                  + ", but has another name and another key."
              : "Warning: this team name looks like that of "
                  + some(lookAlikes.stream().map(TrustNotices::who).toList(), ", ")
                  + ", but it is another name and another key.");
    }
    return lines;
  }

  private static List<String> suspicious(boolean isSuspicious) {
    return isSuspicious
        ? List.of(
            "Warning: this team name has invisible characters, or letters of several scripts.")
        : List.of();
  }

  private static String name(String team) {
    return NameText.inSentence(NameText.shortened(team));
  }

  private static String whereKnown(KnownPeer peer) {
    return name(peer.teamName()) + ", whom you know at " + peer.address();
  }

  private static String who(KnownPeer peer) {
    return peer.address() + " (" + NameText.shortened(peer.teamName()) + ")";
  }

  private static String some(List<String> all, String separator) {
    String first = all.stream().limit(MAX_NAMED).collect(Collectors.joining(separator));
    int more = all.size() - MAX_NAMED;
    return more > 0 ? first + " and " + more + " more" : first;
  }

  private List<String> inCommands(String line, TrustException reason, boolean isDue) {
    Refusal refusal = reason.refusal();
    List<String> lines = new ArrayList<>();
    lines.add(onTerminal ? NameText.shortenedIn(KeyText.shortened(line)) : line);
    if (!isDue) {
      return lines;
    }
    boolean changedHands = refusal.reason() == Reason.ADDRESS_CHANGED_HANDS;
    if (changedHands && refusal.presented().isPresent()) {
      lines.add("To write to whoever is there now, accept the key, and send it again:");
      lines.add(accept(refusal.presentedTeamName(), refusal));
    } else if (changedHands) {
      lines.add("To write there without encryption, remove the known peer from this address:");
      lines.add(command("remove", refusal.teamName(), refusal));
    } else if (refusal.presented().isPresent() || refusal.presentedTeamName().isEmpty()) {
      refusal.teamName().ifPresent(team -> lines.addAll(advice(team, refusal)));
    }
    return lines;
  }

  private List<String> advice(String team, Refusal refusal) {
    Optional<Fingerprint> presented = refusal.presented();
    if (refusal.reason() == Reason.STORAGE) {
      return List.of();
    }
    if (presented.isPresent()) {
      return List.of(
          "If that is the key that 'p2pchat identity' prints there, accept it:",
          accept(Optional.of(team), refusal));
    }
    return refusal.known().isEmpty()
        ? List.of()
        : List.of(
            "If the peer no longer encrypts, forget its key:",
            command("remove", Optional.of(team), refusal));
  }

  private String accept(Optional<String> team, Refusal refusal) {
    return command("accept", team, refusal) + refusal.presented().map(key -> " " + key).orElse("");
  }

  private String command(String name, Optional<String> team, Refusal refusal) {
    return "  " + command(name, dataDir, team, refusal.peer());
  }

  /**
   * Returns a command of {@code p2pchat trust}, up to the address.
   *
   * @param name such as {@code accept}
   * @param dataDir the value of {@code --data-dir}, or empty if it needs none
   * @param team the team at the address, if it has to be named
   */
  public static String command(
      String name, Optional<Path> dataDir, Optional<String> team, PeerAddress address) {
    String where =
        dataDir.map(path -> " " + DATA_DIR + " " + ShellQuoting.quoted(path.toString())).orElse("");
    String end = team.filter(text -> text.startsWith("-")).isPresent() ? " -- " : " ";
    return "p2pchat trust "
        + name
        + where
        + end
        + team.map(text -> ShellQuoting.quoted(text) + " ").orElse("")
        + ShellQuoting.of(address.toString());
  }

  private boolean isDue(Object told) {
    long now = clock.getAsLong();
    @Nullable Long last = printed.get(told);
    if (last != null && now - last < REPEAT_NANOS) {
      return false;
    }
    printed.remove(told);
    printed.put(told, now);
    if (printed.size() > MAX_REMEMBERED) {
      printed.remove(printed.keySet().iterator().next());
    }
    return true;
  }
}
