package io.p2pchat.testing.netns;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A network of hosts, each in a network namespace with an interface {@code eth0}, on one bridge. No
 * packet leaves it. All that runs in it ends with it. Skips the test where there is no root or no
 * {@code ip}.
 */
public final class NamespaceLan implements AutoCloseable {
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final long PATIENCE_SECONDS = 60;

  private final String prefix =
      "p2pd" + ProcessHandle.current().pid() + "n" + COUNT.incrementAndGet();
  private final String hub = prefix + "h0";
  private final List<String> namespaces = new ArrayList<>();
  private final List<HostProcess> processes = new ArrayList<>();

  /** Makes the bridge. */
  public NamespaceLan() {
    assumeTrue(
        System.getProperty("os.name").toLowerCase(Locale.ROOT).equals("linux"),
        "NOT TESTED: network namespaces need Linux");
    assumeTrue("root".equals(System.getProperty("user.name")), "NOT TESTED: not run by root");
    assumeTrue(isInstalled("ip"), "NOT TESTED: there is no ip on the PATH");
    assumeTrue(add(hub), "NOT TESTED: no network namespaces can be made here");
    try {
      // A bridge that knows no multicast router would keep packets of late members to itself.
      run("ip", "-n", hub, "link", "add", "br0", "type", "bridge", "mcast_snooping", "0");
      run("ip", "-n", hub, "link", "set", "br0", "up");
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private boolean add(String namespace) {
    if (!succeeds("ip", "netns", "add", namespace)) {
      return false;
    }
    namespaces.add(namespace);
    return succeeds("ip", "-n", namespace, "link", "set", "lo", "up");
  }

  /** Returns whether a command is there. */
  public static boolean isInstalled(String command) {
    List<String> directories =
        new ArrayList<>(Arrays.asList(System.getenv().getOrDefault("PATH", "").split(":")));
    directories.addAll(List.of("/usr/sbin", "/sbin"));
    return directories.stream().anyMatch(each -> Files.isExecutable(Path.of(each, command)));
  }

  /** A host of the network. */
  public final class Host {
    private final String namespace;
    private final int number;

    private Host(int number) {
      this.number = number;
      this.namespace = prefix + "h" + number;
    }

    /** Runs {@code ip} with arguments in this host. */
    public void ip(String arguments) {
      List<String> command = new ArrayList<>(List.of("ip", "-n", namespace));
      command.addAll(Arrays.asList(arguments.split(" ")));
      NamespaceLan.run(command.toArray(String[]::new));
    }

    /** Runs a command in this host. */
    public void run(String... command) {
      NamespaceLan.run(inside(command));
    }

    /** Starts a command in this host. It is killed at the end. */
    public HostProcess start(String... command) {
      return start(new ProcessBuilder(inside(command)));
    }

    /** Starts a program of the test tree in this host, in a JVM of its own. */
    public HostProcess startJava(Class<?> program, String... arguments) {
      List<String> command =
          new ArrayList<>(
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-XX:+UseSerialGC",
                  "-cp",
                  classPath(),
                  program.getName()));
      command.addAll(Arrays.asList(arguments));
      return start(command.toArray(String[]::new));
    }

    private HostProcess start(ProcessBuilder builder) {
      try {
        HostProcess process = new HostProcess(builder.redirectErrorStream(true).start());
        processes.add(process);
        return process;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Returns the command that runs a command in this host. */
    public String[] inside(String... command) {
      List<String> whole = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
      whole.addAll(Arrays.asList(command));
      return whole.toArray(String[]::new);
    }

    /** Adds an interface on which everything is lost, as on a VPN that is dead. */
    public void addDeadInterface(String name, String address) {
      NamespaceLan.run(
          "ip",
          "-n",
          hub,
          "link",
          "add",
          "x" + number,
          "type",
          "veth",
          "peer",
          "name",
          name,
          "netns",
          namespace);
      NamespaceLan.run("ip", "-n", hub, "link", "set", "x" + number, "up");
      ip("addr add " + address + " dev " + name);
      ip("link set " + name + " up");
    }
  }

  /**
   * Adds a host.
   *
   * @param addresses of its {@code eth0}, with the length of the prefix; beside the link-local one
   */
  public Host host(int number, boolean ipv6, String... addresses) {
    Host host = new Host(number);
    if (!add(host.namespace)) {
      throw new AssertionError("the namespace " + host.namespace + " could not be made");
    }
    String port = "to" + number;
    run(
        "ip",
        "-n",
        hub,
        "link",
        "add",
        port,
        "type",
        "veth",
        "peer",
        "name",
        "eth0",
        "netns",
        host.namespace);
    run("ip", "-n", hub, "link", "set", port, "master", "br0", "up");
    if (ipv6) {
      // Nobody else has its address: it need not wait for somebody to say so.
      host.run("sysctl", "-qw", "net.ipv6.conf.eth0.accept_dad=0");
    } else {
      host.run("sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1");
    }
    for (String address : addresses) {
      host.ip("addr add " + address + " dev eth0");
    }
    host.ip("link set eth0 up");
    return host;
  }

  @Override
  public void close() {
    processes.forEach(HostProcess::kill);
    for (String namespace : namespaces) {
      succeeds("ip", "netns", "del", namespace);
    }
  }

  private static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  private static boolean succeeds(String... command) {
    try {
      run(command);
      return true;
    } catch (AssertionError e) {
      return false;
    }
  }

  private static void run(String... command) {
    try {
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.environment().merge("PATH", "/usr/sbin:/sbin", (path, more) -> path + ":" + more);
      Process process = builder.start();
      process.getOutputStream().close();
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new AssertionError(String.join(" ", command) + ": " + output);
      }
    } catch (IOException e) {
      throw new AssertionError(String.join(" ", command), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
