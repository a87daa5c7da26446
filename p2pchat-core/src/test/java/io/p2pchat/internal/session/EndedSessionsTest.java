package io.p2pchat.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.internal.protocol.Welcome;
import org.junit.jupiter.api.Test;

class EndedSessionsTest {
  private static final long KEPT = 100;
  private static final String NODE = "a";

  private final EndedSessions sessions = new EndedSessions(KEPT);
  private final EndedSessions.OfHost honest = sessions.of("honest");

  private static void flood(EndedSessions.OfHost host, String name, int count, long received) {
    for (int i = 0; i < count; i++) {
      host.add(0, name + i, NODE, received);
    }
  }

  @Test
  void sessionIsKnownToItsNodeForAWhile() {
    honest.add(0, "one", NODE, 3);
    assertThat(honest.received(KEPT - 1, "one", NODE)).isEqualTo(3);
    assertThat(sessions.of("its other address").received(0, "one", NODE)).isEqualTo(3);
    assertThat(honest.received(0, "one", "another")).isEqualTo(Welcome.NONE);
    assertThat(honest.received(0, "two", NODE)).isEqualTo(Welcome.NONE);
    assertThat(honest.received(KEPT, "one", NODE)).isEqualTo(Welcome.NONE);
  }

  @Test
  void strangersDoNotMakeItForgetTheSessionsOfOthers() {
    honest.add(0, "one", NODE, 3);
    for (int host = 0; host < 40; host++) {
      flood(sessions.of(host), host + "/", EndedSessions.MOST_OF_HOST + 50, 1);
    }
    assertThat(honest.received(0, "one", NODE)).isEqualTo(3);
  }

  @Test
  void sessionsInWhichNothingWasReceivedPushOutNoOthersOfTheirHost() {
    honest.add(0, "one", NODE, 3);
    flood(honest, "empty", 2 * EndedSessions.MOST_OF_HOST, 0);
    assertThat(honest.received(0, "one", NODE)).isEqualTo(3);
  }

  @Test
  void hostAboveItsLimitLosesItsOldest() {
    flood(honest, "", EndedSessions.MOST_OF_HOST + 1, 1);
    assertThat(honest.received(0, "0", NODE)).isEqualTo(Welcome.NONE);
    assertThat(honest.received(0, "1", NODE)).isEqualTo(1);
  }

  @Test
  void limitForAllIsAtTheCostOfTheHostWithTheMost() {
    for (int host = 0; host < EndedSessions.MOST - 1; host++) {
      sessions.of(host).add(0, host + "/0", NODE, 1);
    }
    sessions.of(0).add(0, "0/1", NODE, 1);
    honest.add(0, "one", NODE, 3);
    assertThat(honest.received(0, "0/0", NODE)).isEqualTo(Welcome.NONE);
    assertThat(honest.received(0, "0/1", NODE)).isEqualTo(1);
    assertThat(honest.received(0, "1/0", NODE)).isEqualTo(1);
    assertThat(honest.received(0, "one", NODE)).isEqualTo(3);
  }

  @Test
  void whatIsOverMakesRoom() {
    flood(honest, "old", EndedSessions.MOST_OF_HOST, 1);
    for (int i = 0; i < EndedSessions.MOST_OF_HOST; i++) {
      honest.add(KEPT, "new" + i, NODE, 2);
    }
    assertThat(honest.received(KEPT, "new0", NODE)).isEqualTo(2);
  }
}
