package io.p2pchat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.testing.netns.HostProcess;
import io.p2pchat.testing.netns.NamespaceLan;
import io.p2pchat.testing.netns.NamespaceLan.Host;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real program on a network of its own, so that no packet leaves the machine. Needs root. */
class DoctorIT {
  @TempDir private Path temp;

  private HostProcess start(Host host, String user, String... arguments) {
    return PackagedCli.start(host, temp.resolve(user), Map.of(), arguments);
  }

  private static List<String> problems(HostProcess process) {
    return process.texts().stream().filter(line -> line.startsWith("problem")).toList();
  }

  @Test
  void aGoodNetworkHasNoProblemAndAPeerThatWasSeenAnswers() {
    try (NamespaceLan lan = new NamespaceLan()) {
      Host one = lan.host(1, true, "10.93.0.1/24");
      Host two = lan.host(2, true, "10.93.0.2/24");
      start(two, "bob", "listen", "-t", "Bob", "-p", "7101").await("Listening on port 7101");
      HostProcess doctor = start(one, "ann", "doctor", "bob");
      doctor.await("status 0");
      assertThat(problems(doctor)).isEmpty();
      doctor.await("ok       interfaces     eth0 is used: ", "10.93.0.1");
      doctor.await("ok       port           Port 7001 can be reached", "10.93.0.1");
      doctor.await("ok       mdns-port      No other program uses UDP port 5353.");
      doctor.await("ok       multicast      eth0: IPv4 and IPv6 multicast was sent and heard.");
      doctor.await("ok       peers          1 peer was seen in 5 s: Bob (10.93.0.2:7101).");
      doctor.await("ok       peer-name      \"bob\" was seen now at 10.93.0.2:7101");
      doctor.await("ok       peer-tls       10.93.0.2:7101 proves its key ");
      doctor.await("ok       peer-trust     The key at 10.93.0.2:7101 is new.");
      HostProcess quiet = start(one, "ann", "doctor", "--no-discovery");
      quiet.await("status 0");
      assertThat(quiet.texts())
          .noneMatch(line -> line.matches("\\w+ +(multicast|mdns-port|peers) .*"));
    }
  }

  @Test
  void aBlockedMachineHasProblemsAndTheStatusSaysSo() {
    try (NamespaceLan lan = new NamespaceLan()) {
      Host one = lan.host(1, false, "10.93.0.1/24");
      one.ip("link set eth0 multicast off");
      HostProcess doctor = start(one, "ann", "doctor", "--json", "10.93.0.9:7101");
      doctor.await("status 1");
      doctor.await("{\"type\":\"check\",\"name\":\"interfaces\",\"result\":\"problem\"");
      doctor.await("\"name\":\"interfaces\",\"result\":\"ok\",\"text\":\"Not used: eth0 (without");
      doctor.await("\"name\":\"peer-tcp\",\"result\":\"problem\",\"text\":\"There is no route");
    }
  }
}
