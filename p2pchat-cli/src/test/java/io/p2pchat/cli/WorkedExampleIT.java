package io.p2pchat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WorkedExampleIT {
  @Test
  void threePeopleChat() {
    try (Chatter one = Chatter.start("One");
        Chatter two = Chatter.start("Two");
        Chatter three = Chatter.start("Three")) {
      aMessageMakesBothActive(one, two);
      twoConnectsAutomatically(one, two);
      threeConnectsManually(one, three);
      messagesCross(one, two);
      threeLeavesOne(one, three);
      wrongAnswersGetALineAndTheMenu(one);
      quitIsSeenByTheConnected(one, two);
      two.quit();
      three.quit();
    }
  }

  private static void aMessageMakesBothActive(Chatter one, Chatter two) {
    one.send(two, "hello, Two");
    one.sees("Message delivered to " + two.address() + ".");
    two.sees(one.address() + " (One): hello, Two");
    assertThat(one.query())
        .satisfies(
            peers -> assertThat(peers.active()).singleElement().asString().contains(two.address()),
            peers -> assertThat(peers.connected()).containsExactly("none"));
    assertThat(two.query())
        .satisfies(
            peers ->
                assertThat(peers.active()).singleElement().asString().startsWith(seen(one, "One")),
            peers -> assertThat(peers.connected()).containsExactly("none"));
  }

  private static String seen(Chatter peer, String team) {
    return peer.address() + " (" + team + "), reachable, in session, encrypted";
  }

  private static void twoConnectsAutomatically(Chatter one, Chatter two) {
    two.type(3, "A");
    two.sees("Connected to " + one.address() + " (One).");
    one.sees(two.address() + " (Two) connected.");
    assertThat(one.query().connected()).singleElement().asString().startsWith(seen(two, "Two"));
    assertThat(two.query().connected()).singleElement().asString().startsWith(seen(one, "One"));
  }

  private static void threeConnectsManually(Chatter one, Chatter three) {
    three.type(3, "m", "127.0.0.1", one.port);
    three.sees("Connected to " + one.address() + ".");
    one.sees(three.address() + " (Three) connected manually.");
    assertThat(one.query().connected()).hasSize(2).anyMatch(line -> line.contains("(Three)"));
    assertThat(three.query().connected()).singleElement().asString().contains(one.address());
  }

  private static void messagesCross(Chatter one, Chatter two) {
    one.send(two, "from One to Two: grüß dich");
    two.send(one, "from Two to One: 你好");
    two.sees(one.address() + " (One): from One to Two: grüß dich");
    one.sees(two.address() + " (Two): from Two to One: 你好");
  }

  private static void threeLeavesOne(Chatter one, Chatter three) {
    three.send(one, "exit");
    three.sees("Message delivered to " + one.address() + ".");
    one.sees(three.address() + " (Three) left.");
    assertThat(one.query().toString()).doesNotContain(three.address());
    assertThat(three.query().toString()).doesNotContain(one.address());
  }

  private static void wrongAnswersGetALineAndTheMenu(Chatter one) {
    for (String ip : new String[] {"999.1.1.1", "1", "1.2.3", ""}) {
      one.type(1, ip);
      assertThat(one.sees("Not an address: \"" + ip + "\"")).contains("accepted are");
      one.query();
    }
    for (String port : new String[] {"0", "65536", "-1", "abc"}) {
      one.type(3, "M", "127.0.0.1", port);
      one.sees("Not a port: \"" + port + "\"; accepted are 1 to 65535.");
      one.query();
    }
    one.type(7);
    one.sees("Not a choice: \"7\"; accepted are 1, 2, 3 and 0.");
    assertThat(one.query().active()).isNotEmpty();
  }

  private static void quitIsSeenByTheConnected(Chatter one, Chatter two) {
    one.quit();
    two.sees(one.address() + " (One) left.");
    assertThat(two.query().connected()).containsExactly("none");
  }
}
