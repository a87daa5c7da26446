package io.p2pchat.cli.doctor;

import io.p2pchat.cli.doctor.LocalSystem.Platform;
import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;

/** Sends a multicast packet on each used interface, and waits to hear it. */
final class MulticastCheck implements Check {
  private static final String NAME = "multicast";
  private static final int MAX_INTERFACES = 32;
  private static final Duration LIMIT = Duration.ofSeconds(2);

  private final LocalNetwork network;
  private final LocalSystem system;
  private final Executor executor;

  private record Echo(ProtocolFamily family, Optional<String> failure) {
    boolean isHeard() {
      return failure.isEmpty();
    }

    String familyName() {
      return family == StandardProtocolFamily.INET ? "IPv4" : "IPv6";
    }
  }

  MulticastCheck(LocalNetwork network, LocalSystem system, Executor executor) {
    this.network = network;
    this.system = system;
    this.executor = executor;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<Finding> run() {
    List<CompletableFuture<Finding>> running = used().stream().map(this::start).toList();
    if (running.isEmpty()) {
      return List.of(
          Finding.problem(
              NAME,
              "Multicast was not tried, because no network interface can be used.",
              "Connect this machine to a network."));
    }
    return running.stream().map(CompletableFuture::join).toList();
  }

  private List<LocalInterface> used() {
    try {
      return network.interfaces().stream()
          .filter(LocalInterface::isUsed)
          .limit(MAX_INTERFACES)
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  private CompletableFuture<Finding> start(LocalInterface each) {
    List<CompletableFuture<Echo>> echoes = new ArrayList<>();
    for (ProtocolFamily family : each.families()) {
      echoes.add(CompletableFuture.supplyAsync(() -> echo(each, family), executor));
    }
    return CompletableFuture.allOf(echoes.toArray(CompletableFuture[]::new))
        .thenApply(
            all -> finding(each.name(), echoes.stream().map(CompletableFuture::join).toList()));
  }

  private Echo echo(LocalInterface each, ProtocolFamily family) {
    try {
      boolean heard = network.echo(each, family, LIMIT);
      return new Echo(family, heard ? Optional.empty() : Optional.of("sent and not heard"));
    } catch (IOException | RuntimeException e) {
      return new Echo(family, Optional.of("not sent: " + e.getMessage()));
    }
  }

  private Finding finding(String name, List<Echo> echoes) {
    String heard =
        echoes.stream()
            .filter(Echo::isHeard)
            .map(Echo::familyName)
            .collect(Collectors.joining(" and "));
    String failed =
        echoes.stream()
            .filter(each -> !each.isHeard())
            .map(each -> each.familyName() + " multicast was " + each.failure().orElseThrow())
            .collect(Collectors.joining(", "));
    if (failed.isEmpty()) {
      return Finding.ok(NAME, name + ": " + heard + " multicast was sent and heard.");
    }
    return heard.isEmpty()
        ? Finding.problem(NAME, name + ": " + failed + ".", next(failed))
        : Finding.warning(
            NAME,
            name + ": " + heard + " multicast was sent and heard, but " + failed + ".",
            next(failed));
  }

  private String next(String failed) {
    if (failed.toLowerCase(Locale.ROOT).contains("no route to host")
        && system.platform() == Platform.MACOS) {
      return FirewallCheck.MACOS_PRIVACY;
    }
    return failed.contains("not heard")
        ? "Allow UDP port 5353 to 224.0.0.251 and ff02::fb in the firewall of this machine."
        : "Check the connection of this interface, and the line mdns-port.";
  }
}
