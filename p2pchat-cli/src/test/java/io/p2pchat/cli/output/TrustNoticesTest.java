package io.p2pchat.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Fingerprint;
import io.p2pchat.KnownPeer;
import io.p2pchat.Peer;
import io.p2pchat.PeerEvent.PeerPinned;
import io.p2pchat.PeerUnreachableException;
import io.p2pchat.TrustException;
import io.p2pchat.TrustException.Reason;
import io.p2pchat.TrustException.Refusal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class TrustNoticesTest {
  private static final Optional<Fingerprint> KNOWN = Optional.of(Events.KEY);
  private static final Optional<Fingerprint> PRESENTED = Optional.of(Events.OTHER_KEY);
  private static final String ACCEPT_HINT =
      "If that is the key that 'p2pchat identity' prints there, accept it:";

  private final List<String> printed = new ArrayList<>();
  private long nanos;
  private final TrustNotices notices = new TrustNotices(Optional.empty(), () -> nanos);

  @Test
  void aNewcomerIsOneLineWithItsKey() {
    printed.addAll(notices.of(Events.pinned(0)));
    assertThat(printed).containsExactly("[::1]:7070 (One) is new; its key is " + Events.KEY + ".");
  }

  @Test
  void keyThatDoesNotStayIsNamedAsSuch() {
    Peer peer = Events.pinned(0).peer();
    printed.addAll(notices.of(PeerPinned.of(peer, List.of(), true, Instant.EPOCH)));
    assertThat(printed)
        .containsExactly(
            "[::1]:7070 (One) is new; its key is "
                + Events.KEY
                + ", and will change when it is restarted.");
  }

  /** To accept the key would not help. */
  @Test
  void whereTheKnownPeersCannotBeReadNothingIsAdvised() {
    Refusal refusal =
        Refusal.of(
            Events.PEER.address(), Optional.of("One"), KNOWN, PRESENTED, Reason.STORAGE, false);
    assertThat(failure(new TrustException("broken", refusal))).containsExactly("the line");
  }

  @Test
  void aNameThatIsKnownByOtherKeysIsWarnedOf() {
    printed.addAll(notices.of(Events.pinned(2)));
    assertThat(printed)
        .hasSize(2)
        .last()
        .isEqualTo(
            "Warning: by other keys, this team name is known at 10.0.0.1:7000, 10.0.0.1:7001;"
                + " it may be somebody else's.");
  }

  @Test
  void onATerminalANameOfSomebodyElseIsWarnedOfInOtherWords() {
    TrustNotices onTerminal = TrustNotices.onTerminal(Optional.empty());
    assertThat(onTerminal.of(Events.pinned(2)).get(1))
        .isEqualTo(
            "Warning: you know another One, at 10.0.0.1:7000, 10.0.0.1:7001, with another key."
                + " This may be somebody else.");
    List<KnownPeer> alike = List.of(Events.known("0ne"), Events.known("On e"));
    assertThat(onTerminal.of(Events.renamed(List.of(), alike)).get(1))
        .isEqualTo(
            "Warning: One looks like 0ne, whom you know at 10.0.0.1:7000, and \"On e\", whom you"
                + " know at 10.0.0.1:7000, but has another name and another key.");
  }

  @Test
  void aFewPlacesOfOtherKeysAreNamed() {
    printed.addAll(notices.of(Events.pinned(5)));
    assertThat(printed.get(1)).contains("10.0.0.1:7002 and 2 more; it may");
  }

  @Test
  void aNameThatLooksLikeAnotherIsWarnedOf() {
    printed.addAll(
        notices.of(
            PeerPinned.of(
                Events.pinned(0).peer(),
                List.of(),
                List.of(Events.known("0ne")),
                true,
                false,
                Instant.EPOCH)));
    assertThat(printed)
        .hasSize(3)
        .endsWith(
            "Warning: this team name looks like that of 10.0.0.1:7000 (0ne),"
                + " but it is another name and another key.",
            "Warning: this team name has invisible characters, or letters of several scripts.");
  }

  @Test
  void aRenamedPeerIsOneLineWithItsFormerNames() {
    printed.addAll(notices.of(Events.renamed(List.of(), List.of())));
    assertThat(printed)
        .containsExactly(
            "[::1]:7070 (One) was Old or Older before; its key is still " + Events.KEY + ".");
    assertThat(
            notices.of(Events.renamed(List.of(Events.known("One")), List.of(Events.known("0ne")))))
        .hasSize(4)
        .anyMatch(line -> line.startsWith("Warning: by other keys, this team name is known at "))
        .anyMatch(line -> line.startsWith("Warning: this team name looks like that of "));
  }

  @Test
  void whoIsThereInsteadOfTheHolderCanBeAccepted() {
    assertThat(failure(changedHands(PRESENTED, Optional.of("Carol"))))
        .containsExactly(
            "the line",
            "To write to whoever is there now, accept the key, and send it again:",
            "  p2pchat trust accept 'Carol' '[::1]:7070' " + Events.OTHER_KEY);
    assertThat(failure(changedHands(PRESENTED, Optional.empty())))
        .last()
        .isEqualTo("  p2pchat trust accept '[::1]:7070' " + Events.OTHER_KEY);
    assertThat(failure(changedHands(Optional.empty(), Optional.of("Carol"))))
        .last()
        .isEqualTo("  p2pchat trust remove 'Bob' '[::1]:7070'");
  }

  private static TrustException changedHands(
      Optional<Fingerprint> presented, Optional<String> team) {
    return new TrustException(
        "changed hands",
        Refusal.of(
            Events.PEER.address(),
            Optional.of("Bob"),
            KNOWN,
            presented,
            Reason.ADDRESS_CHANGED_HANDS,
            false,
            team));
  }

  @Test
  void anotherKeyCanBeAccepted() {
    assertThat(failure(refusal("Two", KNOWN, PRESENTED)))
        .containsExactly(
            "the line",
            ACCEPT_HINT,
            "  p2pchat trust accept 'Two' '[::1]:7070' " + Events.OTHER_KEY);
  }

  @Test
  void soCanTheKeyOfAStranger() {
    assertThat(failure(refusal("O'Neil", Optional.empty(), PRESENTED)))
        .last()
        .isEqualTo("  p2pchat trust accept 'O'\\''Neil' '[::1]:7070' " + Events.OTHER_KEY);
  }

  @Test
  void aTeamThatLooksLikeAnOptionIsNone() {
    assertThat(failure(refusal("-x", KNOWN, PRESENTED)).get(2))
        .startsWith("  p2pchat trust accept -- '-x' ");
  }

  @Test
  void whoDoesNotEncryptAnyMoreCanBeForgotten() {
    assertThat(failure(refusal("Two", KNOWN, Optional.empty())))
        .containsExactly(
            "the line",
            "If the peer no longer encrypts, forget its key:",
            "  p2pchat trust remove 'Two' '[::1]:7070'");
  }

  /** The advice for a newcomer must not be to forget the known peer. */
  @Test
  void whoComesWithoutEncryptionBesideAKnownPeerIsNotAMatterOfItsKey() {
    assertThat(failure(ofNewcomer(Reason.KEY, "Carol"))).containsExactly("the line");
    assertThat(failure(ofNewcomer(Reason.ADDRESS_CHANGED_HANDS, "Bob")))
        .containsExactly(
            "the line",
            "To write there without encryption, remove the known peer from this address:",
            "  p2pchat trust remove 'Bob' '[::1]:7070'");
  }

  private static TrustException ofNewcomer(Reason reason, String team) {
    return new TrustException(
        "refused",
        Refusal.of(
            Events.PEER.address(),
            Optional.of(team),
            KNOWN,
            Optional.empty(),
            reason,
            false,
            Optional.of("Carol")));
  }

  @Test
  void whereNobodyIsNamedNothingIsAdvised() {
    assertThat(failure(Events.refusal(Optional.empty(), Optional.empty(), PRESENTED)))
        .containsExactly("the line");
    assertThat(failure(refusal("Two", Optional.empty(), Optional.empty())))
        .containsExactly("the line");
  }

  @Test
  void anotherFailureIsItsLine() {
    assertThat(
            failure(
                new PeerUnreachableException(
                    "could not",
                    Events.PEER.address(),
                    PeerUnreachableException.Reason.REFUSED,
                    null)))
        .containsExactly("the line");
  }

  @Test
  void theCommandsNameTheDirectoryThatIsUsed() {
    TrustNotices elsewhere = new TrustNotices(Optional.of(Path.of("/my data")), () -> nanos);
    assertThat(elsewhere.failure("the line", refusal("Two", KNOWN, PRESENTED)).get(2))
        .startsWith("  p2pchat trust accept --data-dir '/my data' 'Two' ");
  }

  @Test
  void aRefusalIsToldWithItsReason() {
    printed.addAll(notices.of(Events.refused()));
    assertThat(printed)
        .containsExactly(
            "Not trusted: why.",
            ACCEPT_HINT,
            "  p2pchat trust accept 'One' '[::1]:7070' " + Events.OTHER_KEY);
  }

  @Test
  void theSameIsToldOnceAMinute() {
    printed.addAll(notices.of(Events.refused()));
    int once = printed.size();
    assertThat(failure(refusal("One", KNOWN, PRESENTED))).containsExactly("the line");
    printed.addAll(notices.of(Events.refused()));
    assertThat(printed).hasSize(once);
    nanos += Duration.ofMinutes(1).toNanos();
    printed.addAll(notices.of(Events.refused()));
    assertThat(printed).hasSize(2 * once);
  }

  @Test
  void allOtherEventsAreNone() {
    printed.addAll(notices.of(Events.message("hello", false)));
    printed.addAll(notices.of(Events.violation()));
    assertThat(printed).isEmpty();
  }

  private List<String> failure(Throwable failure) {
    return notices.failure("the line", new CompletionException(failure));
  }

  private static TrustException refusal(
      String team, Optional<Fingerprint> known, Optional<Fingerprint> presented) {
    return Events.refusal(Optional.of(team), known, presented);
  }
}
