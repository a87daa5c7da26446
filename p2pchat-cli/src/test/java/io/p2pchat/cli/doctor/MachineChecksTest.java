package io.p2pchat.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.TrustStore;
import io.p2pchat.cli.doctor.Finding.Result;
import io.p2pchat.cli.doctor.LocalSystem.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The clock, the key and the firewall. */
class MachineChecksTest {
  private static final Instant TODAY = Instant.parse("2026-06-01T10:00:00Z");

  @TempDir private Path temp;
  private Instant day = TODAY;
  private long nanos;

  private Finding clock() throws InterruptedException {
    return new ClockCheck(() -> day, () -> nanos, Duration.ZERO).run().get(0);
  }

  @Test
  void theClockIsComparedWithTheBuild() throws Exception {
    assertThat(clock()).isEqualTo(Finding.ok("clock", "The clock shows 2026-06-01T10:00:00Z."));
    day = Instant.EPOCH;
    assertThat(clock().result()).isEqualTo(Result.WARNING);
    assertThat(clock().text()).contains("1970-01-01", "before this program was built");
    day = TODAY.plus(Duration.ofDays(30 * 365));
    assertThat(clock().text()).contains("many years after");
  }

  @Test
  void theBuildIsThatOfThePom() throws IOException {
    assertThat(Files.readString(Path.of("../pom.xml")))
        .contains("outputTimestamp>" + ClockCheck.BUILT + "<");
  }

  @Test
  void aJumpOfTheClockIsToldAndPassingTimeIsNone() throws Exception {
    ClockCheck check = new ClockCheck(() -> day, () -> nanos, Duration.ZERO);
    day = TODAY.plusSeconds(100);
    nanos = TimeUnit.SECONDS.toNanos(99);
    assertThat(check.run().get(0).result()).isEqualTo(Result.OK);
    day = TODAY.plusSeconds(3700);
    assertThat(check.run().get(0).text())
        .isEqualTo("The clock has jumped by 3601 s since the start.");
    day = TODAY.minusSeconds(3600);
    assertThat(check.run().get(0).result()).isEqualTo(Result.WARNING);
  }

  @Test
  void withoutAKeyNothingIsCreated() {
    Path directory = temp.resolve("none");
    assertThat(new KeyCheck(() -> directory).run())
        .containsExactly(
            Finding.ok(
                "key", "There is no key in " + directory + " yet. The first start creates it."));
    assertThat(directory).doesNotExist();
  }

  @Test
  void theFirstDigitsOfTheKeyAreShown() {
    Path directory = temp.resolve("p2pchat");
    String key = TrustStore.open(directory).fingerprint().toString();
    assertThat(new KeyCheck(() -> directory).run())
        .containsExactly(
            Finding.ok(
                "key",
                "Your key "
                    + key.substring(0, 17)
                    + " and 0 known peers are in "
                    + directory
                    + "."));
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aDirectoryThatIsOpenToOthersIsAProblem() throws IOException {
    Path directory = temp.resolve("p2pchat");
    TrustStore.open(directory).fingerprint();
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    Finding finding = new KeyCheck(() -> directory).run().get(0);
    assertThat(finding.result()).isEqualTo(Result.PROBLEM);
    assertThat(finding.text()).contains("chmod 700 " + directory);
  }

  @Test
  void aDirectoryThatCannotBeUsedIsAProblem() {
    KeyCheck check =
        new KeyCheck(
            () -> {
              throw new IOException("no home; choose another with --data-dir");
            });
    assertThat(check.run())
        .containsExactly(Finding.problem("key", "No home; choose another with --data-dir.", ""));
  }

  private static Finding firewall(FakeSystem system, int port) {
    return new FirewallCheck(system, port).run().get(0);
  }

  @Test
  void ufwIsAWarningUnlessItsRulesAllowThePort() {
    FakeSystem system = FakeSystem.linux().file("/etc/ufw/ufw.conf", "# a\nENABLED=yes\n");
    assertThat(firewall(system, 7001).result()).isEqualTo(Result.WARNING);
    assertThat(firewall(system, 7001).next()).contains("sudo ufw allow proto tcp to any port 7001");
    system.file("/etc/ufw/user.rules", "### tuple ### allow tcp 7001 0.0.0.0/0 any 0.0.0.0/0 in\n");
    assertThat(firewall(system, 7001).result()).isEqualTo(Result.OK);
    assertThat(firewall(system, 700).result()).isEqualTo(Result.WARNING);
    assertThat(firewall(FakeSystem.linux().file("/etc/ufw/ufw.conf", "ENABLED=no"), 1).result())
        .isEqualTo(Result.OK);
  }

  @Test
  void firewalldIsAskedForThePortAndMulticastDns() {
    FakeSystem system = FakeSystem.linux().running("firewalld");
    assertThat(firewall(system, 7001).next()).contains("--add-port=7001/tcp --add-service=mdns");
    system.printing("firewall-cmd --query-port=7001/tcp", "yes\n");
    assertThat(firewall(system, 7001).result()).isEqualTo(Result.WARNING);
    system.printing("firewall-cmd --query-service=mdns", "yes\n");
    assertThat(firewall(system, 7001).result()).isEqualTo(Result.OK);
  }

  @Test
  void rulesOfNftablesThatDropAreAWarning() {
    assertThat(firewall(FakeSystem.linux(), 0).next()).contains("sudo nft list ruleset");
    FakeSystem root = FakeSystem.linux().printing("nft list ruleset", "");
    assertThat(firewall(root, 0)).isEqualTo(Finding.ok("firewall", "No firewall is active."));
    root.printing(
        "nft list ruleset", "chain input {\n type filter hook input priority 0; policy drop;\n}");
    assertThat(firewall(root, 0).result()).isEqualTo(Result.WARNING);
    root.printing(
        "nft list ruleset", "chain input {\n type filter hook input priority 0; policy accept;\n}");
    assertThat(firewall(root, 0).result()).isEqualTo(Result.OK);
  }

  @Test
  void windowsTellsByItsRegistryInAnyLanguage() {
    FakeSystem system = new FakeSystem(Platform.WINDOWS, 10);
    assertThat(firewall(system, 0).result()).isEqualTo(Result.OK);
    system.printing(
        "reg.exe query HKLM\\SYSTEM\\CurrentControlSet\\Services\\SharedAccess\\Parameters\\"
            + "FirewallPolicy\\StandardProfile /v EnableFirewall",
        "    EnableFirewall    REG_DWORD    0x1\r\n");
    assertThat(firewall(system, 0).result()).isEqualTo(Result.WARNING);
    assertThat(firewall(system, 0).next()).contains("private");
  }

  @Test
  void macosFromFifteenOnKeepsProgramsFromTheLocalNetwork() {
    assertThat(firewall(new FakeSystem(Platform.MACOS, 14), 0).next()).isEmpty();
    FakeSystem system = new FakeSystem(Platform.MACOS, 15);
    assertThat(firewall(system, 0).next()).contains("No route to host", "Local Network");
    system.printing(
        "/usr/libexec/ApplicationFirewall/socketfilterfw --getglobalstate",
        "Firewall is enabled. (State = 1)");
    assertThat(firewall(system, 0).result()).isEqualTo(Result.WARNING);
  }
}
