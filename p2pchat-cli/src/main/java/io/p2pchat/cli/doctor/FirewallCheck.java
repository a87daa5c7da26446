package io.p2pchat.cli.doctor;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Looks for firewalls, as far as the user may see them. */
final class FirewallCheck implements Check {
  /** What to do where the system keeps a program from the local network. */
  static final String MACOS_PRIVACY =
      "Open System Settings, Privacy & Security, Local Network, and allow your terminal there.";

  private static final String NAME = "firewall";
  private static final int MACOS_WITH_PRIVACY = 15;

  private static final String WINDOWS_POLICY =
      "HKLM\\SYSTEM\\CurrentControlSet\\Services\\SharedAccess\\Parameters\\FirewallPolicy\\";

  private static final Path UFW = Path.of("/etc/ufw/ufw.conf");
  private static final Path UFW_RULES = Path.of("/etc/ufw/user.rules");
  private static final Pattern UFW_ENABLED = Pattern.compile("(?m)^\\s*ENABLED=\"?yes");
  private static final Pattern HOOK_INPUT = Pattern.compile("hook input");
  private static final Pattern DROPS =
      Pattern.compile("policy drop|\\bdrop\\b|\\breject\\b", Pattern.CASE_INSENSITIVE);

  private final LocalSystem system;
  private final int port;

  /**
   * Creates the check.
   *
   * @param port the port of the node, or 0 if it is not fixed
   */
  FirewallCheck(LocalSystem system, int port) {
    this.system = system;
    this.port = port;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<Finding> run() {
    return List.of(
        switch (system.platform()) {
          case LINUX -> linux();
          case WINDOWS -> windows();
          case MACOS -> macos();
          case OTHER ->
              Finding.ok(
                  NAME,
                  "The firewall of this system is not known.",
                  "If it has one, allow " + ports() + ".");
        });
  }

  private Finding linux() {
    if (system.read(UFW).filter(conf -> UFW_ENABLED.matcher(conf).find()).isPresent()) {
      return ufw();
    }
    if (system.processes().contains("firewalld")) {
      return firewalld();
    }
    Optional<String> rules = system.output("nft", "list", "ruleset");
    if (rules.isPresent()) {
      return nftables(rules.get());
    }
    return Finding.ok(
        NAME,
        "Neither ufw nor firewalld is active. Only root can read other rules.",
        "If peers cannot reach you, look at them with 'sudo nft list ruleset'.");
  }

  private Finding ufw() {
    // Only root can read them.
    boolean allowed =
        port != 0
            && system
                .read(UFW_RULES)
                .filter(rules -> rules.contains("### tuple ### allow tcp " + port + " "))
                .isPresent();
    return allowed
        ? Finding.ok(NAME, "ufw is active and allows TCP port " + port + ".")
        : Finding.warning(
            NAME,
            "ufw is active. It drops connections to ports that it does not allow.",
            "Run 'sudo ufw allow proto tcp to any port "
                + tcpPort()
                + "'. ufw allows multicast DNS by itself.");
  }

  private Finding firewalld() {
    boolean port = says("--query-port=" + tcpPort() + "/tcp");
    boolean mdns = says("--query-service=mdns");
    return port && mdns
        ? Finding.ok(NAME, "firewalld is active and allows " + ports() + ".")
        : Finding.warning(
            NAME,
            "firewalld is active. It rejects connections to ports that it does not allow.",
            "Run 'sudo firewall-cmd --permanent --add-port="
                + tcpPort()
                + "/tcp --add-service=mdns' and 'sudo firewall-cmd --reload'.");
  }

  private boolean says(String query) {
    return system.output("firewall-cmd", query).filter(it -> it.strip().equals("yes")).isPresent();
  }

  private Finding nftables(String rules) {
    if (HOOK_INPUT.matcher(rules).find() && DROPS.matcher(rules).find()) {
      return Finding.warning(
          NAME,
          "nftables has rules that drop or reject packets.",
          "Check that they accept " + ports() + ": 'sudo nft list ruleset'.");
    }
    return Finding.ok(NAME, "No firewall is active.");
  }

  private Finding windows() {
    boolean isOn = windowsProfileIsOn("StandardProfile") || windowsProfileIsOn("PublicProfile");
    return isOn
        ? Finding.warning(
            NAME,
            "Windows Firewall is on. It drops connections to programs that it does not allow.",
            "Open Windows Security, Firewall & network protection, Allow an app through firewall,"
                + " and allow Java or p2pchat. Make this network a private one.")
        : Finding.ok(NAME, "Windows Firewall is off, or cannot be read.");
  }

  private boolean windowsProfileIsOn(String profile) {
    return system
        .output("reg.exe", "query", WINDOWS_POLICY + profile, "/v", "EnableFirewall")
        .filter(value -> value.toLowerCase(Locale.ROOT).contains("0x1"))
        .isPresent();
  }

  private Finding macos() {
    boolean isOn =
        system
            .output("/usr/libexec/ApplicationFirewall/socketfilterfw", "--getglobalstate")
            .filter(state -> state.contains("State = 1") || state.contains("State = 2"))
            .isPresent();
    if (isOn) {
      return Finding.warning(
          NAME,
          "The firewall of macOS is on. It drops connections to programs that it does not allow.",
          "Open System Settings, Network, Firewall, Options, and allow Java or p2pchat."
              + (system.version() >= MACOS_WITH_PRIVACY ? " " + MACOS_PRIVACY : ""));
    }
    return system.version() >= MACOS_WITH_PRIVACY
        ? Finding.ok(
            NAME,
            "The firewall of macOS is off. macOS "
                + system.version()
                + " keeps programs from the local network until you allow them.",
            "If a connection fails with 'No route to host': " + MACOS_PRIVACY)
        : Finding.ok(NAME, "The firewall of macOS is off.");
  }

  private String ports() {
    return (port == 0 ? "the TCP port of p2pchat" : "TCP port " + port) + " and UDP port 5353";
  }

  private String tcpPort() {
    return port == 0 ? "7001" : String.valueOf(port);
  }
}
