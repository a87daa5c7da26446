package io.p2pchat.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.NodeSettings;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNode;
import io.p2pchat.Security;
import io.p2pchat.Trust;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node has Java load until its first messages are delivered. All of it takes time. */
class LoadedClassesTest {
  /** ObjectMethods makes equals and hashCode of the records that do not write them. */
  private static final Pattern NEEDLESS =
      Pattern.compile("PKCS12KeyStore|TrustStoreManager|java\\.lang\\.runtime\\.ObjectMethods");

  @TempDir Path directory;

  @Test
  void firstMessagesNeedNoKeyStoreNoAuthoritiesAndNoMethodsMadeAtRunTime()
      throws IOException, InterruptedException {
    Path output = directory.resolve("output");
    Process program =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xlog:class+load",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                "-cp",
                System.getProperty("java.class.path"),
                Program.class.getName(),
                directory.toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(program.waitFor(2, TimeUnit.MINUTES)).isTrue();
    } finally {
      program.destroyForcibly();
    }
    List<String> lines = Files.readAllLines(output);
    assertThat(program.exitValue()).as(String.join("\n", lines)).isZero();
    assertThat(lines).anyMatch(line -> line.contains("sun.security.ssl.Finished"));
    assertThat(lines).filteredOn(line -> NEEDLESS.matcher(line).find()).isEmpty();
  }

  /** Two peers that meet for the first time, and again when they know each other. */
  static final class Program {
    private Program() {}

    public static void main(String[] args) {
      meet(Path.of(args[0]));
      meet(Path.of(args[0]));
    }

    private static void meet(Path directory) {
      try (PeerNode one = start("One", directory);
          PeerNode two = start("Two", directory)) {
        one.send(new PeerAddress("127.0.0.1", two.port()), "hello").join();
        two.send(new PeerAddress("127.0.0.1", one.port()), "hello").join();
      }
    }

    private static PeerNode start(String team, Path directory) {
      return PeerNode.builder()
          .teamName(team)
          .bindAddress("127.0.0.1")
          .settings(NodeSettings.builder().greetingTimeout(Duration.ofMinutes(1)).build())
          .security(Security.required().with(Trust.pinned(directory.resolve(team))))
          .start();
    }
  }
}
