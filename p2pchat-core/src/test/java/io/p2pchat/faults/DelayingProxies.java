package io.p2pchat.faults;

import io.p2pchat.PeerAddress;
import io.p2pchat.testing.faultproxy.FaultProxy;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Stands before several nodes and passes on later what goes to them and comes back. A node is known
 * at the proxy's host by the port it has at its own, so its peers find it there when they dial
 * back.
 */
final class DelayingProxies {
  private DelayingProxies() {}

  /**
   * Runs until the script says {@link Marks#END}.
   *
   * @param args the directory of the marks; the IP address to listen on; the delay in milliseconds;
   *     the nodes
   */
  public static void main(String[] args) throws Exception {
    Marks marks = new Marks(Path.of(args[0]));
    Duration delay = Duration.ofMillis(Long.parseLong(args[2]));
    List<FaultProxy> proxies = new ArrayList<>();
    for (String arg : List.of(args).subList(3, args.length)) {
      PeerAddress node = PeerAddress.parse(arg);
      FaultProxy proxy =
          FaultProxy.between(
              new InetSocketAddress(args[1], node.port()),
              new InetSocketAddress(node.host(), node.port()));
      proxy.delay(delay);
      proxies.add(proxy);
    }
    marks.set("ready-proxies", "");
    marks.await(Marks.END);
    for (FaultProxy proxy : proxies) {
      proxy.close();
    }
  }
}
