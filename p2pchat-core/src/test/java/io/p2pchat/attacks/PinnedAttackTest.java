package io.p2pchat.attacks;

import io.p2pchat.Security;
import io.p2pchat.Trust;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * The same where the node knows its peers by their keys, as the command line does: each that says
 * {@code HELLO} is judged by a file.
 */
@Isolated("it measures the heap, and how long an attacked node takes")
class PinnedAttackTest {
  @TempDir private Path directory;

  private AttackScene scene;

  @BeforeEach
  void start(TestReporter reporter) {
    Trust pinned = Trust.pinned(directory.resolve("p2pchat"));
    scene = new AttackScene(reporter, Security.opportunistic().with(pinned));
  }

  @AfterEach
  void stop() {
    scene.close();
  }

  @Test
  void floodOfHello() throws IOException {
    scene.withstand("hello");
  }

  @Test
  void floodOfConnectsFromOneAddress() throws IOException {
    scene.withstand("connects");
  }

  @Test
  void tlsHandshakesBegunAndLeft() throws IOException {
    scene.withstandHandshakesLeft();
  }

  @Test
  void wholeClientHellosAndResets() throws IOException {
    scene.withstand("tls-whole");
  }
}
