package io.p2pchat.cli.doctor;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Names the network interfaces, and those that discovery does not use. */
final class InterfacesCheck implements Check {
  private static final String NAME = "interfaces";
  private static final int MAX_SHOWN = 32;

  private final LocalNetwork network;

  InterfacesCheck(LocalNetwork network) {
    this.network = network;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<Finding> run() {
    try {
      return findings(network.interfaces());
    } catch (IOException e) {
      return List.of(
          Finding.problem(
              NAME,
              "The network interfaces cannot be read: " + e.getMessage() + ".",
              "Check the network settings of this machine."));
    }
  }

  private static List<Finding> findings(List<LocalInterface> all) {
    List<Finding> found = new ArrayList<>();
    all.stream()
        .filter(LocalInterface::isUsed)
        .limit(MAX_SHOWN)
        .map(InterfacesCheck::used)
        .forEach(found::add);
    if (found.isEmpty()) {
      found.add(
          Finding.problem(
              NAME,
              "No network interface can be used, so nobody can appear.",
              "Connect this machine to a network."));
    }
    Map<String, List<LocalInterface>> unused =
        all.stream()
            .filter(each -> !each.isUsed())
            .collect(
                Collectors.groupingBy(
                    each -> each.whyUnused().orElseThrow(), TreeMap::new, Collectors.toList()));
    unused.forEach((why, interfaces) -> found.add(unused(why, interfaces)));
    return found;
  }

  private static Finding used(LocalInterface each) {
    return Finding.ok(
        NAME, each.name() + " is used: " + String.join(", ", each.shownAddresses()) + ".");
  }

  private static Finding unused(String why, List<LocalInterface> interfaces) {
    String names =
        interfaces.stream()
            .map(LocalInterface::name)
            .limit(MAX_SHOWN)
            .collect(Collectors.joining(", "));
    String text = "Not used: " + names + " (" + why + ").";
    boolean isLikelyVpn = interfaces.stream().anyMatch(each -> each.up() && each.pointToPoint());
    return isLikelyVpn
        ? Finding.warning(
            NAME, text, "Peers behind it do not appear by themselves. Write to them at HOST:PORT.")
        : Finding.ok(NAME, text);
  }
}
