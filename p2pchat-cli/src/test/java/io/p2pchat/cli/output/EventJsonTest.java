package io.p2pchat.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.DiscoveredPeer;
import io.p2pchat.Fingerprint;
import io.p2pchat.PeerEvent;
import io.p2pchat.PeerEvent.PeerLeft.Reason;
import io.p2pchat.TrustException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EventJsonTest {
  private static final String PEER = "{\"host\":\"::1\",\"port\":7070,\"team\":\"One\"}";

  @Test
  void everyKindOfEventHasAnObject() {
    assertThat(Events.ofEveryKind())
        .extracting(PeerEvent::kind)
        .containsExactlyInAnyOrder(PeerEvent.Kind.values());
    assertThat(Events.ofEveryKind()).extracting(EventJson::of).doesNotHaveDuplicates();
  }

  @Test
  void aMessageHasItsSenderAndText() {
    assertThat(EventJson.of(Events.message("a\nb", true)))
        .isEqualTo(
            head("message")
                + (",\"from\":" + PEER)
                + ",\"text\":\"a\\nb\",\"raw\":true,\"encrypted\":false}");
  }

  @Test
  void aDiscoveredPeerHasWhatIsKnownOfIt() {
    assertThat(EventJson.of(Events.discovered()))
        .isEqualTo(
            head("peer-discovered")
                + ",\"team\":\"One\",\"addresses\":[{\"host\":\"::1\",\"port\":7070}]"
                + (",\"node\":\"" + "a".repeat(26) + "\",\"keyHint\":\"0123456789abcdef\"")
                + ",\"known\":{\"host\":\"10.0.0.1\",\"port\":7000,\"team\":\"One\",\"fingerprint\":\""
                + Events.OTHER_KEY
                + "\",\"firstSeen\":\"2026-01-02T03:04:05.006Z\"},\"source\":\"multicast,static\"}");
    assertThat(EventJson.of(Events.vanished()))
        .isEqualTo(
            head("peer-vanished")
                + ",\"addresses\":[{\"host\":\"::1\",\"port\":7070}],\"source\":\"dns\"}");
  }

  @Test
  void aDiscoveredPeerHasTheKnownPeersWhoseNamesLookLikeIts() {
    DiscoveredPeer peer =
        DiscoveredPeer.builder(List.of(Events.PEER.address()), Events.TIME)
            .teamName("One")
            .lookAlikes(List.of(Events.known("0ne")))
            .build();
    assertThat(EventJson.of(PeerEvent.PeerDiscovered.of(peer, Events.TIME)))
        .contains(",\"lookAlikes\":[{\"host\":\"10.0.0.1\",\"port\":7000,\"team\":\"0ne\",");
  }

  @Test
  void whatIsEncryptedShowsTheKey() {
    assertThat(EventJson.of(Events.encryptedMessage()))
        .contains("\"team\":\"One\",\"fingerprint\":\"" + Events.KEY + "\"}")
        .endsWith(",\"encrypted\":true}");
  }

  @Test
  void aNewcomerHasItsKeyAndWhoElseHasItsName() {
    assertThat(EventJson.of(Events.pinned(0)))
        .isEqualTo(head("peer-pinned") + ",\"peer\":" + withKey(Events.KEY) + ",\"others\":[]}");
    String other =
        "{\"host\":\"10.0.0.1\",\"port\":700%d,\"team\":\"One\",\"fingerprint\":\""
            + Events.OTHER_KEY
            + "\",\"firstSeen\":\"2026-01-02T03:04:05.006Z\"}";
    assertThat(EventJson.of(Events.pinned(2)))
        .endsWith(",\"others\":[" + other.formatted(0) + "," + other.formatted(1) + "]}");
  }

  @Test
  void aRenamedPeerHasItsFormerNames() {
    assertThat(EventJson.of(Events.renamed(List.of(), List.of())))
        .isEqualTo(
            head("peer-renamed")
                + (",\"peer\":" + withKey(Events.KEY))
                + ",\"previousNames\":[\"Old\",\"Older\"],\"others\":[]}");
    assertThat(EventJson.of(Events.renamed(List.of(), List.of(Events.known("0ne")))))
        .contains(",\"lookAlikes\":[{\"host\":\"10.0.0.1\",\"port\":7000,\"team\":\"0ne\",")
        .endsWith(",\"suspiciousName\":true}");
  }

  @Test
  void anAddressThatChangedHandsHasBothNames() {
    TrustException changed =
        new TrustException(
            "changed",
            TrustException.Refusal.of(
                Events.PEER.address(),
                Optional.of("Bob"),
                Optional.of(Events.KEY),
                Optional.of(Events.OTHER_KEY),
                TrustException.Reason.ADDRESS_CHANGED_HANDS,
                false,
                Optional.of("One")));
    assertThat(EventJson.of(PeerEvent.PeerRefused.of(Events.PEER, changed, Events.TIME)))
        .isEqualTo(
            head("peer-refused")
                + (",\"peer\":" + withKey(Events.OTHER_KEY))
                + (",\"known\":\"" + Events.KEY + "\",\"knownTeam\":\"Bob\"")
                + ",\"description\":\"changed\""
                + ",\"reason\":\"address-changed-hands\",\"byPeer\":false}");
  }

  @Test
  void aRefusalHasBothKeys() {
    assertThat(EventJson.of(Events.refused()))
        .isEqualTo(
            head("peer-refused")
                + (",\"peer\":" + withKey(Events.OTHER_KEY))
                + (",\"known\":\"" + Events.KEY)
                + "\",\"description\":\"not trusted: why\""
                + ",\"reason\":\"key\",\"byPeer\":false}");
  }

  @Test
  void aConnectionSaysHowItCame() {
    assertThat(EventJson.of(Events.connected(true, false)))
        .isEqualTo(about("peer-connected") + ",\"manual\":true,\"incoming\":false}");
  }

  @Test
  void aDepartureSaysWhy() {
    assertThat(EventJson.of(Events.left(Reason.SAID_EXIT)))
        .isEqualTo(about("peer-left") + ",\"reason\":\"said-exit\"}");
    assertThat(EventJson.of(Events.left(Reason.DISCONNECTED))).endsWith("\"disconnected\"}");
    assertThat(EventJson.of(Events.left(Reason.FORGOTTEN))).endsWith("\"forgotten\"}");
    assertThat(EventJson.of(Events.left(Reason.GIVEN_UP))).endsWith("\"given-up\"}");
  }

  @Test
  void theStateOfAPeerIsToldByTheType() {
    assertThat(EventJson.of(Events.active())).isEqualTo(about("peer-active") + "}");
    assertThat(EventJson.of(Events.unreachable(true))).isEqualTo(about("peer-unreachable") + "}");
    assertThat(EventJson.of(Events.reachable(true))).isEqualTo(about("peer-reachable") + "}");
    assertThat(EventJson.of(Events.connectionLost(true))).isEqualTo(about("connection-lost") + "}");
    assertThat(EventJson.of(Events.connectionRestored(true)))
        .isEqualTo(about("connection-restored") + "}");
    assertThat(EventJson.of(Events.reset())).isEqualTo(about("session-reset") + "}");
  }

  @Test
  void aPeerThatTakesNothingHasTheNumberOfMessagesThatWait() {
    assertThat(EventJson.of(Events.stalled(3)))
        .isEqualTo(about("peer-stalled") + ",\"waiting\":3}");
  }

  @Test
  void aViolationNamesTheRemoteAddress() {
    assertThat(EventJson.of(Events.violation()))
        .isEqualTo(
            head("protocol-violation")
                + ",\"remote\":{\"host\":\"::1\",\"port\":7070}"
                + ",\"description\":\"a line too long\"}");
  }

  private static String withKey(Fingerprint key) {
    return PEER.replace("}", ",\"fingerprint\":\"" + key + "\"}");
  }

  private static String about(String type) {
    return head(type) + ",\"peer\":" + PEER;
  }

  private static String head(String type) {
    return "{\"type\":\"" + type + "\",\"time\":\"2026-01-02T03:04:05.006Z\"";
  }

  @Test
  void theEndOfAKeptMessageNamesIt() {
    assertThat(EventJson.of(Events.messageDelivered())).endsWith("},\"id\":\"m1\"}");
    assertThat(EventJson.of(Events.messageFailed()))
        .endsWith("},\"id\":\"m2\",\"reason\":\"It is too late.\"}");
  }
}
