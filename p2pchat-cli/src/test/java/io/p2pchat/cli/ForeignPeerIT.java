package io.p2pchat.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.p2pchat.testing.peers.ForeignPeer;
import io.p2pchat.testing.peers.OneReadPeer;
import io.p2pchat.testing.peers.OpenConnectionPeer;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The worked example with programs of the plain format in the places of Two and Three. */
class ForeignPeerIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Test
  void aProgramThatReadsOnceTakesPartInTheWorkedExample() throws IOException {
    try (ForeignPeer python = new OneReadPeer("Python")) {
      takePart(python);
    }
  }

  @Test
  void aProgramThatKeepsItsConnectionsOpenDoesToo() throws IOException {
    try (ForeignPeer open = new OpenConnectionPeer("Open")) {
      takePart(open);
    }
  }

  private static void takePart(ForeignPeer peer) throws IOException {
    String address = peer.address().toString();
    String longText = "Käse und Brot, ".repeat(200).strip();
    try (Chatter one = Chatter.start("One")) {
      peer.send(one.port, "hello, One");
      String team = one.sees(address).replaceAll(".*\\((.*), plain\\).*", "$1");
      assertThat(one.query().active())
          .containsExactly(address + " (" + team + "), reachable, not encrypted");
      one.type(3, "A");
      one.sees("Connected to " + address);
      one.type(1, "127.0.0.1", peer.port(), "hello, you");
      one.sees("Message written to " + address);
      one.type(1, "127.0.0.1", peer.port(), longText);
      one.sees("Message written to " + address);
      prints(peer, "connection message", "hello, you", longText);
      peer.send(one.port, "exit");
      one.sees(address + " (" + team + ") left.");
      assertThat(one.query().active()).containsExactly("none");
      one.type(3, "M", "127.0.0.1", peer.port());
      one.sees("Connected to " + address);
      one.quit();
      await().atMost(PATIENCE).until(() -> peer.left().contains(one.port));
    }
  }

  /** The texts and nothing else; white space at a cut of a long one is left out. */
  private static void prints(ForeignPeer peer, String... texts) {
    String expected = String.join("", texts).replace(" ", "");
    await()
        .atMost(PATIENCE)
        .until(() -> String.join("", peer.printed()).replace(" ", "").equals(expected));
  }
}
