package io.p2pchat.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.testing.netns.HostProcess;
import io.p2pchat.testing.netns.NamespaceLan;
import io.p2pchat.testing.netns.NamespaceLan.Host;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Rooms on a network of their own. Needs root. */
class LanRoomTest {

  /** As the module that it is, so without JGroups. */
  private static HostProcess enter(Host host, String name) {
    return host.start(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "--module-path",
        Program.join(Program.mainClassPath()),
        "--module",
        "io.p2pchat.examples/" + LanRoom.class.getName(),
        name);
  }

  @Test
  void everybodyIsGreetedOnce() throws Exception {
    try (NamespaceLan lan = new NamespaceLan()) {
      HostProcess ann = enter(lan.host(1, true, "10.92.0.1/24"), "Ann");
      HostProcess bob = enter(lan.host(2, true, "10.92.0.2/24"), "Bob");
      for (String line : SourceFile.of(LanRoom.class).expected()) {
        ann.await(line);
      }
      bob.await("Ann says: Hello from Ann");
      HostProcess carol = enter(lan.host(3, true, "10.92.0.3/24"), "Carol");
      ann.await("Greeted Carol");
      bob.await("Carol says: Hello from Carol");
      carol.await("Greeted Ann");
      carol.await("Greeted Bob");

      assertThat(ann.texts()).containsOnlyOnce("Greeted Bob", "Bob says: Hello from Bob");
      assertThat(bob.texts()).containsOnlyOnce("Greeted Ann", "Ann says: Hello from Ann");
    }
  }
}
