package io.p2pchat.cli.doctor;

import io.p2pchat.cli.doctor.LocalNetwork.PortUse;
import java.util.List;
import java.util.TreeSet;

/** Says whether other programs share the port of multicast DNS. */
final class MdnsPortCheck implements Check {
  private static final String NAME = "mdns-port";

  /** Programs that answer multicast DNS, as Linux cuts their names. */
  private static final List<String> RESPONDERS =
      List.of("avahi-daemon", "systemd-resolve", "mdnsd", "mDNSResponder");

  private final PortUse use;
  private final LocalSystem system;

  /**
   * Creates the check.
   *
   * @param use the use before other checks open the port
   */
  MdnsPortCheck(PortUse use, LocalSystem system) {
    this.use = use;
    this.system = system;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<Finding> run() {
    return List.of(
        switch (use) {
          case FREE -> Finding.ok(NAME, "No other program uses UDP port 5353.");
          case SHARED -> Finding.ok(NAME, "UDP port 5353 is shared with " + others() + ".");
          case TAKEN ->
              Finding.problem(
                  NAME,
                  "UDP port 5353 is in use by "
                      + others()
                      + ", which does not share it. So nobody is found by multicast DNS.",
                  "Stop that program, or set it to share the port. To find it, run '"
                      + finder()
                      + "'.");
        });
  }

  private String others() {
    TreeSet<String> running = new TreeSet<>(system.processes());
    running.retainAll(RESPONDERS);
    return running.isEmpty() ? "another program" : String.join(" or ", running);
  }

  private String finder() {
    return switch (system.platform()) {
      case LINUX -> "sudo ss -ulpn sport = :5353";
      case WINDOWS -> "netstat -abn -p udp";
      case MACOS, OTHER -> "sudo lsof -nP -iUDP:5353";
    };
  }
}
