package io.p2pchat.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class after which the program was seen to send multicast DNS on the real network. It
 * looks at UDP port 5353 many times a second, sends nothing itself, and does not see what runs in
 * network namespaces. Classes run side by side, so it may have been the program of another.
 * Registered for all tests through {@code META-INF/services}. Needs Linux.
 */
public final class MulticastWatch implements AfterAllCallback {
  private static final Set<String> SEEN = new TreeSet<>();
  private static final Path PROCESSES = Path.of("/proc");
  private static final List<Path> TABLES =
      List.of(Path.of("/proc/net/udp"), Path.of("/proc/net/udp6"));

  /** 5353, as the tables write it. */
  private static final String PORT = ":14E9";

  private static final int LOCAL_ADDRESS = 1;
  private static final int INODE = 9;

  static {
    if (Files.isReadable(TABLES.get(0))) {
      Thread watch = new Thread(MulticastWatch::watch, "watch for multicast");
      watch.setDaemon(true);
      watch.start();
    }
  }

  /** Called by JUnit. */
  public MulticastWatch() {}

  @Override
  public void afterAll(ExtensionContext context) {
    Set<String> seen = takeSeen();
    if (!seen.isEmpty()) {
      throw new AssertionError(
          "These have opened the port of multicast DNS on the real network; start them with"
              + " P2PCHAT_DISCOVERY=false, or in a namespace:\n"
              + String.join("\n", seen));
    }
  }

  /** Returns the command lines that were seen, and forgets them. */
  static Set<String> takeSeen() {
    synchronized (SEEN) {
      Set<String> seen = Set.copyOf(SEEN);
      SEEN.clear();
      return seen;
    }
  }

  private static void watch() {
    try {
      while (true) {
        Set<String> sockets = sockets();
        if (!sockets.isEmpty()) {
          look(sockets);
        }
        TimeUnit.MILLISECONDS.sleep(50);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static Set<String> sockets() throws IOException {
    Set<String> sockets = new HashSet<>();
    for (Path table : TABLES) {
      if (Files.exists(table)) {
        for (String line : Files.readAllLines(table)) {
          String[] columns = line.strip().split(" +", -1);
          if (columns[LOCAL_ADDRESS].endsWith(PORT)) {
            sockets.add("socket:[" + columns[INODE] + "]");
          }
        }
      }
    }
    return sockets;
  }

  /** Looks whose sockets they are. The machine may have a responder of its own. */
  private static void look(Set<String> sockets) throws IOException {
    try (Stream<Path> processes = Files.list(PROCESSES)) {
      for (Path process : processes.filter(each -> each.endsWith(digits(each))).toList()) {
        String command = commandLine(process);
        if (command.contains("p2pchat.jar") && has(process, sockets)) {
          synchronized (SEEN) {
            SEEN.add(command);
          }
        }
      }
    }
  }

  private static String digits(Path file) {
    return file.getFileName().toString().replaceAll("[^0-9]", "");
  }

  private static String commandLine(Path process) {
    try {
      return Files.readString(process.resolve("cmdline")).replace('\0', ' ');
    } catch (IOException e) {
      return ""; // It has ended.
    }
  }

  private static boolean has(Path process, Set<String> sockets) {
    try (Stream<Path> files = Files.list(process.resolve("fd"))) {
      return files.anyMatch(file -> sockets.contains(target(file)));
    } catch (IOException | UncheckedIOException e) {
      return false; // It has ended, or is another user's.
    }
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      return "";
    }
  }
}
