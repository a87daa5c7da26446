package io.p2pchat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.p2pchat.PeerEvent.Kind;
import java.lang.reflect.Modifier;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PeerEventTest {
  private static final Instant TIME = Instant.EPOCH;
  private static final PeerAddress ADDRESS = new PeerAddress("10.0.0.1", 7001);
  private static final Fingerprint KEY = Fingerprint.parse("01234567".repeat(8));
  private static final Peer PEER = Peer.builder(ADDRESS).teamName("One").fingerprint(KEY).build();

  private static final DiscoveredPeer DISCOVERED =
      DiscoveredPeer.builder(List.of(ADDRESS, PeerAddress.parse("[::1]:7070")), TIME)
          .teamName("One")
          .build();

  private static TrustException refusal() {
    return new TrustException("refused", refusalOf("One"));
  }

  private static TrustException.Refusal refusalOf(String team) {
    return TrustException.Refusal.of(
        ADDRESS, Optional.of(team), Optional.empty(), Optional.of(KEY));
  }

  private static Stream<PeerEvent> events() {
    return Stream.of(
        PeerEvent.MessageReceived.of(PEER, "hello", false, TIME),
        PeerEvent.PeerActive.of(PEER, TIME),
        PeerEvent.PeerConnected.of(PEER, true, false, TIME),
        PeerEvent.PeerLeft.of(PEER, PeerEvent.PeerLeft.Reason.SAID_EXIT, TIME),
        PeerEvent.PeerUnreachable.of(PEER, TIME),
        PeerEvent.PeerReachable.of(PEER, TIME),
        PeerEvent.ConnectionLost.of(PEER, TIME),
        PeerEvent.ConnectionRestored.of(PEER, TIME),
        PeerEvent.PeerStalled.of(PEER, TIME),
        PeerEvent.SessionReset.of(PEER, TIME),
        PeerEvent.PeerPinned.of(PEER, List.of(), TIME),
        PeerEvent.PeerRenamed.of(PEER, List.of("Old"), List.of(), List.of(), false, TIME),
        PeerEvent.PeerRefused.of(PEER, refusal(), TIME),
        PeerEvent.ProtocolViolation.of(PEER, "too long", TIME),
        PeerEvent.PeerDiscovered.of(DISCOVERED, TIME),
        PeerEvent.PeerVanished.of(DISCOVERED, TIME),
        PeerEvent.MessageDelivered.of(PEER, "m1", TIME),
        PeerEvent.MessageFailed.of(PEER, "m2", new IllegalStateException("late"), TIME));
  }

  @Test
  void thereIsAClassForEachKind() {
    assertThat(events().map(PeerEvent::kind)).containsExactlyInAnyOrder(Kind.values());
    assertThat(Stream.of(PeerEvent.class.getClasses()).filter(PeerEvent.class::isAssignableFrom))
        .containsExactlyInAnyOrderElementsOf(events().<Class<?>>map(Object::getClass).toList());
  }

  @ParameterizedTest
  @MethodSource("events")
  void everyEventTellsItsKindItsPeerAndItsTime(PeerEvent event) {
    String name = event.getClass().getSimpleName().replaceAll("(.)([A-Z])", "$1_$2");
    assertThat(event.kind().name()).isEqualTo(name.toUpperCase(Locale.ROOT));
    if (event instanceof PeerEvent.PeerDiscovered || event instanceof PeerEvent.PeerVanished) {
      // Nothing is proven of it.
      assertThat(event.peer().fingerprint()).isEmpty();
      assertThat(event.peer().addresses()).isEqualTo(DISCOVERED.addresses());
      assertThat(event.peer().teamName()).isEqualTo("One");
    } else {
      assertThat(event.peer()).isSameAs(PEER);
    }
    assertThat(event.time()).isEqualTo(TIME);
    assertThat(event).asString().startsWith(event.getClass().getSimpleName()).contains("One");
    assertThat(event.getClass().getModifiers()).matches(Modifier::isFinal);
    assertThat(event.getClass().getConstructors()).isEmpty();
  }

  /** Otherwise a switch over the classes would compile, and fail when a kind is added. */
  @Test
  void theKindsAreNotSealedForUsers() {
    assertThat(PeerEvent.class.isSealed()).isFalse();
    assertThat(PeerEvent.class.getDeclaredConstructors())
        .allMatch(
            made ->
                !Modifier.isPublic(made.getModifiers())
                    && !Modifier.isProtected(made.getModifiers()));
  }

  @Test
  void eventsHaveWhatTheyWereMadeOf() {
    PeerEvent.MessageReceived message = PeerEvent.MessageReceived.of(PEER, "hello", true, TIME);
    assertThat(message.text()).isEqualTo("hello");
    assertThat(message.raw()).isTrue();
    PeerEvent.PeerConnected connected = PeerEvent.PeerConnected.of(PEER, true, false, TIME);
    assertThat(connected.manual()).isTrue();
    assertThat(connected.incoming()).isFalse();
    TrustException refusal = refusal();
    assertThat(PeerEvent.PeerRefused.of(PEER, refusal, TIME).reason()).isSameAs(refusal);
    assertThat(PeerEvent.PeerPinned.of(PEER, List.of(), TIME).fingerprint()).isEqualTo(KEY);
    List<KnownPeer> others = List.of(KnownPeer.of("One", ADDRESS, KEY, TIME));
    List<KnownPeer> like = List.of(KnownPeer.of("0ne", ADDRESS, KEY, TIME));
    PeerEvent.PeerPinned pinned = PeerEvent.PeerPinned.of(PEER, others, like, true, true, TIME);
    assertThat(pinned.known()).isEqualTo(others);
    assertThat(pinned.lookAlikes()).isEqualTo(like);
    assertThat(pinned.suspiciousName()).isTrue();
    assertThat(pinned.temporary()).isTrue();
    assertThat(pinned).asString().contains("looks like: [KnownPeer[0ne", "suspicious name");
    PeerEvent.PeerRenamed renamed =
        PeerEvent.PeerRenamed.of(PEER, List.of("Old"), others, like, true, TIME);
    assertThat(renamed.fingerprint()).isEqualTo(KEY);
    assertThat(renamed.previousNames()).containsExactly("Old");
    assertThat(renamed.otherKeys()).isEqualTo(others);
    assertThat(renamed.lookAlikes()).isEqualTo(like);
    assertThat(renamed.suspiciousName()).isTrue();
    assertThat(renamed).asString().contains("was: [Old]", "known elsewhere: [KnownPeer[One");
    assertThat(PeerEvent.ProtocolViolation.of(PEER, "too long", TIME).description())
        .isEqualTo("too long");
  }

  @Test
  void aPeerWithoutAKeyIsNotPinned() {
    Peer plain = Peer.builder(ADDRESS).build();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PeerEvent.PeerPinned.of(plain, List.of(), TIME));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> PeerEvent.PeerRenamed.of(plain, List.of(), List.of(), List.of(), false, TIME));
  }

  @Test
  void aSendIsDeliveredOrHasFailed() {
    assertThat(SendOutcome.class.getPermittedSubclasses())
        .containsExactlyInAnyOrder(SendOutcome.Delivered.class, SendOutcome.Failed.class);
    SendOutcome delivered = SendOutcome.delivered(PEER, Delivery.WRITTEN);
    assertThat(delivered.peer()).isSameAs(PEER);
    assertThat(((SendOutcome.Delivered) delivered).delivery()).isEqualTo(Delivery.WRITTEN);
    TrustException refusal = refusal();
    SendOutcome failed = SendOutcome.failed(PEER, refusal);
    assertThat(failed.peer()).isSameAs(PEER);
    assertThat(((SendOutcome.Failed) failed).failure()).isSameAs(refusal);
  }

  @Test
  void aRefusalIsOfThePeerAndEqualByItsParts() {
    assertThat(refusal().peer()).contains(ADDRESS);
    assertThat(refusalOf("One"))
        .isEqualTo(refusalOf("One"))
        .hasSameHashCodeAs(refusalOf("One"))
        .isNotEqualTo(refusalOf("Two"));
  }

  @Test
  void aKnownPeerIsEqualByItsParts() {
    KnownPeer known = KnownPeer.of("One", ADDRESS, KEY, TIME);
    assertThat(known)
        .isEqualTo(KnownPeer.of("One", ADDRESS, KEY, TIME))
        .hasSameHashCodeAs(KnownPeer.of("One", ADDRESS, KEY, TIME))
        .isNotEqualTo(KnownPeer.of("One", ADDRESS, KEY, TIME.plusSeconds(1)))
        .isNotEqualTo(KnownPeer.of("Two", ADDRESS, KEY, TIME));
  }
}
