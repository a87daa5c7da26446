package io.p2pchat.cli.doctor;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.time.Duration;
import java.util.List;

/** The network interfaces and multicast of this machine. Tests have one of their own. */
interface LocalNetwork {
  /** The port of multicast DNS. */
  int MDNS_PORT = 5353;

  /** Who else uses the port of multicast DNS. */
  enum PortUse {
    /** No other program. */
    FREE,
    /** Other programs, which share it. */
    SHARED,
    /** Another program, which does not share it. */
    TAKEN
  }

  /**
   * Returns the interfaces.
   *
   * @throws IOException if the system does not tell
   */
  List<LocalInterface> interfaces() throws IOException;

  /** Looks who uses the port of multicast DNS. Own sockets count too. */
  PortUse mdnsPort();

  /**
   * Sends a multicast DNS query for a random name on an interface, and waits to hear it.
   *
   * @param family IPv4 or IPv6
   * @param limit the longest wait
   * @return whether it was heard
   * @throws IOException if it cannot be sent
   */
  boolean echo(LocalInterface network, ProtocolFamily family, Duration limit) throws IOException;
}
