package io.p2pchat.cli.doctor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ProtocolFamily;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Interfaces that a test describes. Nothing is sent. */
final class FakeNetwork implements LocalNetwork {
  private final List<LocalInterface> interfaces = new ArrayList<>();
  private final Map<String, String> failures = new HashMap<>();
  PortUse use = PortUse.FREE;

  static InetAddress ip(String address) {
    try {
      return InetAddress.getByName(address);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  /** Adds an interface that is used. */
  FakeNetwork with(String name, String... addresses) {
    return with(name, true, false, false, addresses);
  }

  FakeNetwork with(
      String name, boolean up, boolean loopback, boolean pointToPoint, String... addresses) {
    List<InetAddress> ips = Stream.of(addresses).map(FakeNetwork::ip).toList();
    interfaces.add(new LocalInterface(name, up, loopback, pointToPoint, !loopback, ips));
    return this;
  }

  /** Lets multicast fail. An empty failure means that nothing is heard. */
  FakeNetwork failing(String name, ProtocolFamily family, String failure) {
    failures.put(name + family, failure);
    return this;
  }

  @Override
  public List<LocalInterface> interfaces() {
    return interfaces;
  }

  @Override
  public PortUse mdnsPort() {
    return use;
  }

  @Override
  public boolean echo(LocalInterface network, ProtocolFamily family, Duration limit)
      throws IOException {
    String failure = failures.get(network.name() + family);
    if (failure != null && !failure.isEmpty()) {
      throw new IOException(failure);
    }
    return failure == null;
  }
}
