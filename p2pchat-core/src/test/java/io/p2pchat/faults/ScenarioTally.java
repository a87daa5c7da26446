package io.p2pchat.faults;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/** What became of all messages of one scenario, by the journals that the nodes have left. */
final class ScenarioTally {
  private static final String ROW = "%-10s %9s %12s %9s %5s %6s %8s %10s %7s %6s %10s %6s  %s%n";

  private final Map<Sending, Ledger> ledgers = new TreeMap<>(Comparator.comparing(Sending::key));
  private final Map<String, Integer> lastRuns = new TreeMap<>();
  private final Set<String> listeners = new TreeSet<>();
  private int strays;
  private int reconnects;
  private int resets;

  /** All messages of one process to one peer. */
  private record Sending(String name, int run, String to) {
    static Sending of(String process, String to) {
      return new Sending(nameOf(process), runOf(process), to);
    }

    String key() {
      return name + "." + run + "-" + to;
    }
  }

  private ScenarioTally() {}

  /**
   * Prints a table, and exits with 1 if a scenario broke a promise.
   *
   * @param args nothing for the head of the table, else directories of journals, each named after
   *     its scenario
   */
  public static void main(String[] args) throws IOException {
    boolean kept = true;
    if (args.length == 0) {
      System.out.print(head());
    }
    for (String arg : args) {
      Path directory = Path.of(arg);
      ScenarioTally tally = of(directory);
      System.out.print(tally.row(String.valueOf(directory.getFileName())));
      kept &= tally.complaints().isEmpty();
    }
    System.out.flush();
    if (!kept) {
      System.exit(1);
    }
  }

  /** Reads all journals of a directory. */
  static ScenarioTally of(Path directory) throws IOException {
    ScenarioTally tally = new ScenarioTally();
    for (Path file : files(directory, "sent-")) {
      tally.readSent(file);
    }
    for (Path file : files(directory, "taken-")) {
      tally.readTaken(file);
    }
    for (Path file : files(directory, Marks.LISTENS)) {
      tally.listeners.add(nameOf(afterPrefix(file)));
    }
    for (Path file : files(directory, "done-")) {
      tally.readDone(file);
    }
    return tally;
  }

  static String head() {
    return String.format(
        ROW,
        "scenario",
        "accepted",
        "acknowledged",
        "delivered",
        "lost",
        "twice",
        "restart",
        "disordered",
        "failed",
        "open",
        "reconnects",
        "resets",
        "verdict");
  }

  String row(String scenario) {
    List<String> complaints = complaints();
    return String.format(
        ROW,
        scenario,
        sum(Ledger::accepted),
        sum(each -> each.count(Fate.ACKNOWLEDGED)),
        sum(Ledger::delivered),
        sum(Ledger::lost),
        sum(Ledger::twice),
        sum(Ledger::acrossRestart),
        sum(Ledger::disordered),
        failures(),
        sum(Ledger::open),
        reconnects,
        resets,
        complaints.isEmpty() ? "kept" : String.join("; ", complaints));
  }

  /** Each promise that was broken, in words. */
  List<String> complaints() {
    List<String> complaints = new ArrayList<>();
    complain(complaints, sum(Ledger::lost), "acknowledged and lost");
    complain(complaints, sum(Ledger::twice), "delivered twice without a restart");
    complain(complaints, sum(Ledger::disordered), "out of order");
    complain(complaints, sum(Ledger::invented) + strays, "delivered that nobody had sent");
    complain(complaints, openForLiving(), "without a result");
    for (Fate fate : Fate.values()) {
      if (fate != Fate.ACKNOWLEDGED) {
        complain(complaints, sum(each -> each.count(fate)), "ended as " + fate);
      }
    }
    complain(complaints, silentPairs(), "pairs without an acknowledged message");
    return complaints;
  }

  private static void complain(List<String> complaints, int count, String what) {
    if (count > 0) {
      complaints.add(count + " " + what);
    }
  }

  private int sum(ToIntFunction<Ledger> count) {
    return sum(ledgers.values(), count);
  }

  private static int sum(Collection<Ledger> ledgers, ToIntFunction<Ledger> count) {
    return ledgers.stream().mapToInt(count).sum();
  }

  private int failures() {
    return Stream.of(Fate.values())
        .filter(fate -> fate != Fate.ACKNOWLEDGED && fate != Fate.REFUSED)
        .mapToInt(fate -> sum(each -> each.count(fate)))
        .sum();
  }

  /** What was sent by a process that was killed may have no result; nothing else may. */
  private int openForLiving() {
    List<Ledger> living =
        ledgers.entrySet().stream()
            .filter(entry -> isLast(entry.getKey()))
            .map(Map.Entry::getValue)
            .toList();
    return sum(living, Ledger::open);
  }

  private int silentPairs() {
    int silent = 0;
    for (String from : lastRuns.keySet()) {
      for (String to : lastRuns.keySet()) {
        Ledger ledger = ledgers.get(new Sending(from, lastRuns.getOrDefault(from, 0), to));
        boolean heard = ledger != null && ledger.count(Fate.ACKNOWLEDGED) > 0;
        silent += from.equals(to) || listeners.contains(from) || heard ? 0 : 1;
      }
    }
    return silent;
  }

  private boolean isLast(Sending sending) {
    return lastRuns.getOrDefault(sending.name(), 0) == sending.run();
  }

  private void readSent(Path file) throws IOException {
    String[] name = afterPrefix(file).split("-", -1);
    Ledger ledger = ledger(name[0], name[1]);
    for (String line : Files.readAllLines(file)) {
      String[] words = line.split(" ", -1);
      int number = Integer.parseInt(words[1]);
      if (words[0].equals("offered")) {
        ledger.offered(number, Integer.parseInt(words[2]));
      } else {
        ledger.ended(Fate.valueOf(words[0]), number);
      }
    }
  }

  private void readTaken(Path file) throws IOException {
    String process = afterPrefix(file);
    lastRuns.merge(nameOf(process), runOf(process), Math::max);
    for (String line : Files.readAllLines(file)) {
      String[] words = line.split(" ", -1);
      if (words.length == 2 && words[0].matches("\\w+\\.\\d+")) {
        ledger(words[0], nameOf(process)).taken(process, Integer.parseInt(words[1]));
      } else {
        strays++;
      }
    }
  }

  private void readDone(Path file) throws IOException {
    for (String line : Files.readAllLines(file)) {
      String[] words = line.split(" ", -1);
      if (words[0].equals("reconnects")) {
        reconnects += Integer.parseInt(words[1]);
      } else if (words[0].equals("resets")) {
        resets += Integer.parseInt(words[1]);
      }
    }
  }

  private Ledger ledger(String process, String to) {
    return ledgers.computeIfAbsent(Sending.of(process, to), any -> new Ledger());
  }

  private static String nameOf(String process) {
    return process.substring(0, process.indexOf('.'));
  }

  private static int runOf(String process) {
    return Integer.parseInt(process.substring(process.indexOf('.') + 1));
  }

  private static String afterPrefix(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.substring(name.indexOf('-') + 1);
  }

  private static Collection<Path> files(Path directory, String prefix) throws IOException {
    Collection<Path> files = new TreeSet<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, prefix + "*")) {
      found.forEach(files::add);
    }
    return files;
  }
}
