package io.p2pchat.attacks;

import java.io.IOException;
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
 */
public final class Attacks {
  private static final int MESSAGES = 50;
  private static final long MAX_MICROS = 1_000_000;
  private static final int MAX_HEAP_MIB = 256;
  private static final int PATIENCE_SECONDS = 120;
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
        "attack", "session", "level 0", "newcomer", "heap", "most", "resident", "log", "starved");
    header("", "ms", "ms", "ms", "MiB", "MiB", "MiB", "lines", "%");
    boolean passed = true;
    for (AttackKind kind : kinds) {
      passed &= new Attacks(kind).run();
    }
    System.exit(passed ? 0 : 1);
  }

  private static void header(Object... words) {
    System.out.printf("%-52s %9s %9s %9s %9s %9s %9s %5s %7s%n", words);
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
    boolean passed =
        Arrays.stream(micros).allMatch(each -> each < MAX_MICROS)
            && memory[1] <= MAX_HEAP_MIB * MIB;
    System.out.printf(
        Locale.ROOT,
        "%-52s %9.1f %9.1f %9.1f %9.1f %9.1f %9.1f %5d %7d  %s%n",
        kind.title(),
        micros[0] / 1e3,
        micros[1] / 1e3,
        micros[2] / 1e3,
        memory[0] / MIB,
        memory[1] / MIB,
        memory[2] / MIB,
        log.size(),
        memory[3],
        passed ? "ok" : "FAILED");
    return passed;
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
