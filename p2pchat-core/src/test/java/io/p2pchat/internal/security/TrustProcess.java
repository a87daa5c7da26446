package io.p2pchat.internal.security;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.p2pchat.Fingerprint;
import io.p2pchat.PeerAddress;
import io.p2pchat.testing.Fingerprints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Another process of the same user, at work on a trust directory. */
final class TrustProcess implements AutoCloseable {
  private static final int HOSTS = 250;
  private static final char READY = '!';

  private final Process process;

  /** Begins when the file {@code go} exists: opens the key, and adds that many pins. */
  TrustProcess(Path directory, Path go, int number, int pins) throws IOException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            TrustProcess.class.getName(),
            directory.toString(),
            go.toString(),
            String.valueOf(number),
            String.valueOf(pins));
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  /** Waits until it is up, and waits for {@code go}. */
  void awaitReady() throws IOException {
    int first = process.getInputStream().read();
    if (first != READY) {
      throw new IllegalStateException("the other process failed");
    }
  }

  /**
   * Waits for its end, after {@link #awaitReady}; returns the fingerprint of the key that it saw.
   */
  Fingerprint fingerprint() throws IOException, InterruptedException {
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IllegalStateException("the other process failed: " + output);
    }
    return Fingerprint.parse(output);
  }

  /** Kills it, as {@code kill -9} does. */
  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }

  boolean isAtWork() {
    return process.isAlive();
  }

  /** The other process. */
  public static void main(String[] args) throws InterruptedException {
    System.out.print(READY);
    System.out.flush();
    while (Files.notExists(Path.of(args[1]))) {
      Thread.sleep(1);
    }
    PrivateDirectory directory = PrivateDirectory.open(Path.of(args[0]));
    Fingerprint key = IdentityStore.open(directory).fingerprint();
    KnownPeersFile peers = new KnownPeersFile(directory, InstantSource.system());
    for (int i = 1; i <= Integer.parseInt(args[3]); i++) {
      String host = "10." + args[2] + "." + i / HOSTS + "." + (1 + i % HOSTS);
      PeerAddress address = new PeerAddress(host, 7070);
      Fingerprint other = Fingerprints.random(new Random(host.hashCode()));
      peers.admit(new PeerClaim("Team " + args[2], address, other), false);
    }
    System.out.print(key);
  }
}
