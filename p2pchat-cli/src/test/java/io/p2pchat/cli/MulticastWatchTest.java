package io.p2pchat.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated // another class would be blamed
class MulticastWatchTest {
  /** Opens the port on the loopback interface, and sends nothing. */
  static final class Opener {
    private Opener() {}

    public static void main(String[] args) throws IOException, InterruptedException {
      try (DatagramSocket socket = new DatagramSocket(null)) {
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 5353));
        new CountDownLatch(1).await();
      }
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aProgramThatOpensThePortIsSeen() throws IOException {
    assertThat(Files.isReadable(Path.of("/proc/net/udp"))).isTrue();
    List<String> command =
        List.of(
            PackagedCli.JAVA,
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            Opener.class.getName(),
            "p2pchat.jar");
    Process opener = new ProcessBuilder(command).start();
    try {
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> MulticastWatch.takeSeen().stream().anyMatch(it -> it.contains("Opener")));
    } finally {
      opener.destroyForcibly().onExit().join();
      MulticastWatch.takeSeen();
    }
  }
}
