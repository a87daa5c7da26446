package io.p2pchat.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Peer;
import io.p2pchat.PeerEvent.MessageReceived;
import io.p2pchat.PeerEvent.PeerLeft.Reason;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class EventTextTest {
  @Test
  void aMessageNamesAddressAndTeam() {
    assertThat(EventText.of(Events.message("hello", false)))
        .hasValue("[::1]:7070 (One, plain): hello");
  }

  @Test
  void anEncryptedMessageIsNotMarked() {
    assertThat(EventText.of(Events.encryptedMessage())).hasValue("[::1]:7070 (One): secret");
  }

  @Test
  void aRawMessageIsMarked() {
    assertThat(EventText.of(Events.message("x", true))).hasValue("[::1]:7070 (One, raw): x");
  }

  @Test
  void peerThatNamesItselfUnknownIsNotTakenForTheSenderOfARawLine() {
    assertThat(text("unknown_team")).isEqualTo("[::1]:7070 (\"unknown_team\", plain): x");
    assertThat(text("Unknown_Team, raw")).isEqualTo("[::1]:7070 (\"Unknown_Team, raw\", plain): x");
    assertThat(text("known_team")).isEqualTo("[::1]:7070 (known_team, plain): x");
    Peer unnamed = Peer.builder(Events.PEER.address()).build();
    assertThat(EventText.of(MessageReceived.of(unnamed, "x", true, Instant.EPOCH)))
        .hasValue("[::1]:7070 (unknown_team, raw): x");
  }

  private static String text(String team) {
    Peer peer = Peer.builder(Events.PEER.address()).teamName(team).build();
    return EventText.of(MessageReceived.of(peer, "x", false, Instant.EPOCH)).orElseThrow();
  }

  @Test
  void aConnectionThatCameInIsTold() {
    assertThat(EventText.of(Events.connected(false, true))).hasValue("[::1]:7070 (One) connected.");
    assertThat(EventText.of(Events.connected(true, true)))
        .hasValue("[::1]:7070 (One) connected manually.");
  }

  @Test
  void aConnectionOfOnesOwnHasItsResultLineAlready() {
    assertThat(EventText.of(Events.connected(true, false))).isEmpty();
  }

  @Test
  void aDepartureIsTold() {
    assertThat(EventText.of(Events.left(Reason.SAID_EXIT))).hasValue("[::1]:7070 (One) left.");
    assertThat(EventText.of(Events.left(Reason.DISCONNECTED)))
        .hasValue("You left [::1]:7070 (One).");
    assertThat(EventText.of(Events.left(Reason.GIVEN_UP)))
        .hasValue("[::1]:7070 (One) was unreachable for too long and is not connected any more.");
  }

  @Test
  void whetherTheConnectedCanBeReachedIsTold() {
    assertThat(EventText.of(Events.unreachable(true)))
        .hasValue("[::1]:7070 (One) cannot be reached.");
    assertThat(EventText.of(Events.reachable(true)))
        .hasValue("[::1]:7070 (One) can be reached again.");
  }

  @Test
  void aPeerThatTakesNothingIsTold() {
    assertThat(EventText.of(Events.stalled(1)))
        .hasValue("[::1]:7070 (One) is connected but acknowledges nothing; 1 message is queued.");
    assertThat(EventText.of(Events.stalled(3)))
        .hasValue("[::1]:7070 (One) is connected but acknowledges nothing; 3 messages are queued.");
  }

  @Test
  void aRestartThatMayRepeatMessagesIsTold() {
    assertThat(EventText.of(Events.reset()))
        .hasValue("[::1]:7070 (One) was restarted; messages may arrive twice.");
  }

  @Test
  void theRestIsLeftToTheLists() {
    assertThat(EventText.of(Events.left(Reason.FORGOTTEN))).isEmpty();
    assertThat(EventText.of(Events.active())).isEmpty();
    assertThat(EventText.of(Events.unreachable(false))).isEmpty();
    assertThat(EventText.of(Events.reachable(false))).isEmpty();
    assertThat(EventText.of(Events.violation())).isEmpty();
    assertThat(EventText.of(Events.pinned(0))).isEmpty();
    assertThat(EventText.of(Events.refused())).isEmpty();
  }
}
