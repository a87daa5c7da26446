package io.p2pchat.cli.doctor;

import io.p2pchat.Fingerprint;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Names, ports and connections. Tests have one of their own. */
interface TcpProbe {
  /**
   * Returns the addresses of a host.
   *
   * @throws IOException if the name is unknown
   */
  List<InetAddress> resolve(String host) throws IOException;

  /**
   * Listens until the result is closed.
   *
   * @throws IOException if that is not possible
   */
  Closeable listen(InetSocketAddress at) throws IOException;

  /**
   * Connects.
   *
   * @param limit the longest wait
   * @throws IOException if no connection is made
   */
  Connection connect(InetSocketAddress to, Duration limit) throws IOException;

  /** A connection that sends nothing by itself. */
  interface Connection extends Closeable {
    /**
     * Waits for the greeting of a p2pchat.
     *
     * @param limit the longest wait
     * @return the greeting, or empty if there was none in time or something else came
     * @throws IOException if the connection ends before a byte
     */
    Optional<GreetingLine> greeting(Duration limit) throws IOException;

    /**
     * Begins TLS, without a key of this node.
     *
     * @param limit the longest wait
     * @return the key that the other side has proven to hold
     * @throws IOException if the handshake fails
     */
    Fingerprint tls(Duration limit) throws IOException;
  }
}
