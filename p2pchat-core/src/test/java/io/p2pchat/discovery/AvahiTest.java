package io.p2pchat.discovery;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.p2pchat.testing.netns.HostProcess;
import io.p2pchat.testing.netns.NamespaceLan;
import io.p2pchat.testing.netns.NamespaceLan.Host;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Debian's avahi finds nodes, and nodes find what it publishes. Needs root. */
class AvahiTest {
  @TempDir Path directory;

  /** Starts avahi on a host, with a message bus of its own. Returns the address of the bus. */
  private String startAvahi(Host host) throws IOException {
    String bus = "unix:path=" + directory.resolve("bus");
    Path busFile =
        Files.writeString(
            directory.resolve("bus.conf"),
            """
            <!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
              "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
            <busconfig>
              <listen>%s</listen>
              <auth>EXTERNAL</auth>
              <policy context="default">
                <allow send_destination="*" eavesdrop="true"/>
                <allow eavesdrop="true"/>
                <allow own="*"/>
              </policy>
            </busconfig>
            """
                .formatted(bus));
    Path avahiFile =
        Files.writeString(
            directory.resolve("avahi.conf"),
            """
            [server]
            host-name=printer
            [publish]
            publish-hinfo=no
            publish-workstation=no
            """);
    host.start(
            "dbus-daemon", "--nofork", "--nopidfile", "--print-address", "--config-file=" + busFile)
        .await(bus);
    // The mounts of "ip netns exec" are its own, so no other avahi is disturbed.
    host.start(
            "sh",
            "-c",
            "mount -t tmpfs none /run && exec env DBUS_SYSTEM_BUS_ADDRESS="
                + bus
                + " avahi-daemon --no-drop-root --no-chroot --no-rlimits -f "
                + avahiFile)
        .await("Server startup complete");
    return bus;
  }

  @Test
  void avahiAndNodesFindEachOtherAlsoOnOneHost() throws Exception {
    for (String command : List.of("avahi-daemon", "avahi-browse", "avahi-publish", "dbus-daemon")) {
      assumeTrue(
          NamespaceLan.isInstalled(command), "NOT TESTED: there is no " + command + " on the PATH");
    }
    try (NamespaceLan lan = new NamespaceLan()) {
      Host avahis = lan.host(1, true, "10.92.0.1/24");
      Host other = lan.host(2, true, "10.92.0.2/24");
      String bus = "DBUS_SYSTEM_BUS_ADDRESS=" + startAvahi(avahis);
      HostProcess alice = avahis.startJava(NodeProgram.class, "Alice", "mdns");
      HostProcess bob = other.startJava(NodeProgram.class, "Bob", "mdns");
      HostProcess publisher =
          avahis.start(
              "env",
              bus,
              "avahi-publish",
              "-s",
              "Carol's Chat",
              "_p2pchat._tcp",
              "7003",
              "v=1",
              "team=Carol",
              "colour=red");
      alice.await("found Carol", "10.92.0.1:7003");
      bob.await("found Carol", "10.92.0.1:7003");
      String bobs = alice.await("found Bob").text();
      String alices = bob.await("found Alice").text();

      HostProcess browser = avahis.start("env", bus, "avahi-browse", "-rp", "_p2pchat._tcp");
      for (String found : List.of(alices, bobs)) {
        // found TEAM NODE [ADDRESSES] HINT ...
        String team = found.split(" ", -1)[1];
        String node = found.split(" ", -1)[2];
        String hint = found.replaceAll(".*] ([0-9a-f]{16}) 1 .*", "$1");
        browser.await(
            "=;eth0;IPv4;" + node,
            team.equals("Alice") ? "10.92.0.1;7001" : "10.92.0.2;7001",
            "\"key=" + hint + "\" \"team=" + team + "\" \"v=1\"");
      }
      bob.endInput();
      browser.await("-;eth0;IPv4;" + bobs.split(" ", -1)[2]);

      publisher.terminate();
      alice.await("lost Carol");
      browser.terminate();
    }
  }
}
