package io.p2pchat.discovery;

import io.p2pchat.PeerAddress;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/**
 * A program that announces a node by multicast DNS, and prints whom it finds and loses. It ends
 * with its standard input.
 *
 * <pre>DiscoveryProgram NODE TEAM PORT</pre>
 */
public final class DiscoveryProgram {
  private DiscoveryProgram() {}

  /** Runs the program; port 0 announces nothing. */
  public static void main(String... args) throws IOException {
    int port = Integer.parseInt(args[2]);
    Advertisement self =
        Advertisement.builder(args[0], args[1], Math.max(port, 1))
            .addresses(() -> addresses(Math.max(port, 1)))
            .keyHint("0123456789abcdef")
            .announces(port > 0)
            .build();
    MulticastDnsDiscovery discovery = new MulticastDnsDiscovery();
    discovery.start(self, new Printer());
    say("started");
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    while (in.readLine() != null) {
      // The end of the input ends the program.
    }
    discovery.close();
    say("closed");
  }

  private static List<PeerAddress> addresses(int port) {
    try {
      return NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .filter(ip -> !ip.isLoopbackAddress())
          .map((InetAddress ip) -> PeerAddress.of(new InetSocketAddress(ip, port)))
          .toList();
    } catch (SocketException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static synchronized void say(String line) {
    System.out.println(line);
    System.out.flush();
  }

  private static final class Printer implements Sink {
    @Override
    public void found(Candidate candidate, Duration lease) {
      say(
          "found "
              + candidate.teamName().orElse("?")
              + " "
              + candidate.node().orElse("?")
              + " "
              + candidate.addresses()
              + " "
              + candidate.keyHint().orElse("?")
              + " "
              + candidate.level()
              + " "
              + lease.toSeconds());
    }

    @Override
    public void lost(String id) {
      say("lost " + id);
    }
  }
}
