package io.p2pchat.attacks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Attacks a node in each of the ways of {@link AttackKind}, and measures what a well-behaved peer
 * notices of it and what the node holds: in three processes, each with a limit on files and memory
 * of its own. Prints a row for each attack; where the victim is starved of processor time by other
 * work of the machine, its times say little. Its exit status is 1 if a message of the well-behaved
 * peer took a second or more, or the victim more heap than it may.
 *
 * <p>Where an attacker dials faster than a starved node can accept, the backlog of the port fills.
 * The kernel drops what else arrives then, and a dialer tries again only after a second. No node
 * can mend that. So where the kernel has dropped connections, those that begin with a new one are
 * judged by their median.
 */
public final class Attacks {
  private static final int MESSAGES = 50;
  private static final long MAX_MICROS = 1_000_000;
  private static final int MAX_HEAP_MIB = 256;
  private static final int PATIENCE_SECONDS = 120;
  private static final Path KERNEL = Path.of("/proc/net/netstat");
  private static final double MIB = 1024 * 1024;

  private final AttackKind kind;

  private Attacks(AttackKind kind) {
    this.kind = kind;
  }

  /**
   * Runs the attacks.
   *
   * @param args the names of some, or none for all
   * @throws IOException if a process cannot be started
   */
  public static void main(String[] args) throws IOException {
    List<AttackKind> kinds =
        args.length == 0 ? AttackKind.ALL : Arrays.stream(args).map(AttackKind::named).toList();
    header(
        "attack",
        "session",
        "level 0",
        "newcomer",
        "heap",
        "most",
        "resident",
        "log",
        "starved",
        "dropped");
    header("", "ms", "ms", "ms", "MiB", "MiB", "MiB", "lines", "%", "");
    boolean passed = true;
    for (AttackKind kind : kinds) {
      passed &= new Attacks(kind).run();
    }
    System.exit(passed ? 0 : 1);
  }

  private static void header(Object... words) {
    System.out.printf("%-52s %9s %9s %9s %9s %9s %9s %5s %7s %7s%n", words);
  }

  private boolean run() throws IOException {
    String heap = "-Xmx" + MAX_HEAP_MIB + "m";
    try (ChildProcess victim =
            kind.isPinned()
                ? ChildProcess.start("victim", heap, "-D" + Victim.PINNED + "=true")
                : ChildProcess.start("victim", heap);
        ChildProcess calm = ChildProcess.start("calm");
        ChildProcess attacker = ChildProcess.start("attacker")) {
      try {
        return run(victim, calm, attacker);
      } catch (IllegalStateException e) {
        System.out.printf("%-52s %s%n", kind.title(), e.getMessage());
        victim.log().forEach(System.out::println);
        return false;
      }
    }
  }

  private boolean run(ChildProcess victim, ChildProcess calm, ChildProcess attacker)
      throws IOException {
    long port = victim.ask("port")[0];
    calm.ask("measure", port, MESSAGES);
    long droppedBefore = dropped();
    long before = victim.ask("state")[0];
    victim.ask("begin");
    attacker.ask("begin", kind.name(), port);
    until("in full swing", () -> ask(attacker, "progress")[0] >= kind.heavyProgress());
    if (kind.name().equals("unread")) {
      victim.ask("owe", "127.1.1.1", 1);
    }
    long[] micros = calm.ask("measure", port, MESSAGES);
    long[] memory = victim.ask("memory");
    attacker.ask("end");
    until("as before", () -> ask(victim, "state")[0] <= before);
    List<String> log = victim.log();
    long dropped = dropped() - droppedBefore;
    boolean passed = isServed(micros, dropped > 0) && memory[1] <= MAX_HEAP_MIB * MIB;
    System.out.printf(
        Locale.ROOT,
        "%-52s %9.1f %9.1f %9.1f %9.1f %9.1f %9.1f %5d %7d %7d  %s%n",
        kind.title(),
        micros[0] / 1e3,
        micros[1] / 1e3,
        micros[2] / 1e3,
        memory[0] / MIB,
        memory[1] / MIB,
        memory[2] / MIB,
        log.size(),
        memory[3],
        dropped,
        passed ? "ok" : "FAILED");
    return passed;
  }

  /** The first kind has a connection already. */
  private static boolean isServed(long[] micros, boolean dropped) {
    int kinds = micros.length / 2;
    for (int kind = 0; kind < kinds; kind++) {
      if (micros[dropped && kind > 0 ? kinds + kind : kind] >= MAX_MICROS) {
        return false;
      }
    }
    return true;
  }

  /** How many connections the kernel has dropped because a backlog was full, of all ports. */
  private static long dropped() throws IOException {
    if (!Files.exists(KERNEL)) {
      return 0;
    }
    String[] names = {};
    for (String line : Files.readAllLines(KERNEL)) {
      String[] words = line.split(" ", -1);
      int at = Arrays.asList(names).indexOf("ListenOverflows");
      if (at > 0 && words[0].equals(names[0])) {
        return Long.parseLong(words[at]);
      }
      names = words;
    }
    return 0;
  }

  private static long[] ask(ChildProcess child, String command) {
    try {
      return child.ask(command);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void until(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new IllegalStateException("not " + what + " in " + PATIENCE_SECONDS + " s");
      }
    }
  }
}
