package io.p2pchat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.PeerEvent;
import io.p2pchat.PeerEvent.PeerLeft.Reason;
import org.junit.jupiter.api.Test;

class EventJsonTest {
  private static final String PEER = "{\"host\":\"::1\",\"port\":7070,\"team\":\"One\"}";

  @Test
  void everyKindOfEventHasAnObject() {
    assertThat(Events.ofEveryKind().stream().<Class<?>>map(Object::getClass))
        .containsExactlyInAnyOrder(PeerEvent.class.getPermittedSubclasses());
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
    assertThat(EventJson.of(Events.reset())).isEqualTo(about("session-reset") + "}");
  }

  @Test
  void aViolationNamesTheRemoteAddress() {
    assertThat(EventJson.of(Events.violation()))
        .isEqualTo(
            head("protocol-violation")
                + ",\"remote\":{\"host\":\"::1\",\"port\":7070}"
                + ",\"description\":\"a line too long\"}");
  }

  private static String about(String type) {
    return head(type) + ",\"peer\":" + PEER;
  }

  private static String head(String type) {
    return "{\"type\":\"" + type + "\",\"time\":\"2026-01-02T03:04:05.006Z\"";
  }
}
