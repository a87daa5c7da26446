package io.p2pchat.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.p2pchat.cli.chat.TerminalSupport;
import io.p2pchat.cli.config.OptionDefaults;
import io.p2pchat.cli.output.StdStreams;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.RunLast;

/** The program {@code p2pchat}. */
public final class Main {
  private static final String COMPLETION = "generate-completion";

  /** The commands, in the order of the help. */
  private static final List<String> COMMANDS =
      List.of("send", "listen", "discover", "doctor", "identity", "trust", "history", COMPLETION);

  private Main() {}

  /**
   * Runs the program and ends the process.
   *
   * @param args the command line
   */
  public static void main(String[] args) {
    if (asksForVersion(args)) {
      System.out.println(ManifestVersion.text());
      return;
    }
    StdStreams streams = StdStreams.standard();
    int status = commandLineFor(streams, args).execute(args);
    System.exit(streams.out().failure().isPresent() ? outputFailed(streams) : status);
  }

  /**
   * Reports that a line could not be printed, unless the reader is gone. Returns the exit status.
   */
  static int outputFailed(StdStreams streams) {
    if (streams.out().isReaderGone()) {
      return ExitStatus.OUTPUT_CLOSED;
    }
    String reason = streams.out().failure().map(Throwable::getMessage).orElse("");
    streams.err().print("Could not write to standard output: " + reason);
    return ExitStatus.FAILED;
  }

  // Prints the same as picocli, without the time to load it.
  private static boolean asksForVersion(String[] args) {
    return args.length == 1 && (args[0].equals("--version") || args[0].equals("-V"));
  }

  /**
   * Leaves out what takes time at the start of every node and is of no use here. A user who sets a
   * property has it so.
   */
  private static void leaveOutUnused() {
    // Netty's events for Java Flight Recorder.
    System.getProperties().putIfAbsent("io.netty.jfr.enabled", "false");
  }

  /** Returns the command line with all its commands. */
  static CommandLine commandLine(StdStreams streams) {
    CommandLine all = commandLine(streams, COMMANDS);
    Objects.requireNonNull(all.getSubcommands().get(COMPLETION)).setOut(new CompletionOutput(all));
    return all;
  }

  /**
   * Returns the command line for these arguments. It has only the command that the first of them
   * names, and for the chat none: to build them all takes a good part of the time of a start. It
   * has them all for a help that lists them, and for what is no valid command line.
   */
  static CommandLine commandLineFor(StdStreams streams, String... args) {
    if (args.length > 0 && COMMANDS.contains(args[0]) && !args[0].equals(COMPLETION)) {
      return commandLine(streams, List.of(args[0]));
    }
    CommandLine chat = commandLine(streams, List.of());
    return startsChat(chat, args) ? chat : commandLine(streams);
  }

  private static boolean startsChat(CommandLine chat, String... args) {
    try {
      return !chat.parseArgs(args).isUsageHelpRequested();
    } catch (ParameterException e) {
      return false;
    }
  }

  private static CommandLine commandLine(StdStreams streams, List<String> commands) {
    NodeOptions options = new NodeOptions();
    OptionDefaults configuration =
        OptionDefaults.ofUser(() -> commandLine(streams, COMMANDS).getCommandSpec());
    StdStreams wrapping =
        streams.wrapping(TerminalSupport::columnsOfOutput, TerminalSupport::columnsOfErrors);
    CommandErrors errors = new CommandErrors(wrapping.err(), configuration);
    CommandLine line = new CommandLine(new ChatCommand(options, streams));
    commands.forEach(name -> add(line, name, options, wrapping));
    OptionTypes.register(line);
    line.setOut(new PrintWriter(System.out, true, UTF_8));
    // The class-data archive holds no class that implements an interface of picocli, which is
    // compiled for Java 5. So OptionDefaults, with all its lambdas, implements none.
    return line.setExpandAtFiles(false) // "@Ann hello" is a message.
        .setDefaultValueProvider(configuration::defaultValue)
        .setParameterExceptionHandler(errors)
        .setExecutionExceptionHandler(errors)
        .setExecutionStrategy(
            parsed -> {
              LogSettings.configure(options.verbosity());
              leaveOutUnused();
              return new RunLast().execute(parsed);
            });
  }

  private static void add(CommandLine line, String name, NodeOptions options, StdStreams streams) {
    DataDirOption dataDir = options.dataDir();
    switch (name) {
      case "send" -> line.addSubcommand(new SendCommand(options, streams));
      case "listen" -> line.addSubcommand(new ListenCommand(options, streams));
      case "discover" -> {
        CommandLine discover = new CommandLine(new DiscoverCommand(options, streams));
        line.addSubcommand(discover);
        NodeOptions.withdrawHistoryFrom(discover);
      }
      case "doctor" -> add(line, new DoctorCommand(options, streams), NodeOptions.OF_DOCTOR);
      case "identity" -> add(line, new IdentityCommand(dataDir, streams), NodeOptions.WITHOUT_NODE);
      case "trust" -> add(line, new TrustCommand(dataDir, streams), NodeOptions.WITHOUT_NODE);
      case "history" -> add(line, new HistoryCommand(dataDir, streams), NodeOptions.WITHOUT_NODE);
      case COMPLETION -> add(line, new GenerateCompletion(), Set.of());
      default -> throw new IllegalArgumentException(name);
    }
  }

  /** Adds a command with some of the options for a node only. */
  private static void add(CommandLine line, Object command, Set<String> options) {
    CommandLine added = new CommandLine(command);
    line.addSubcommand(added);
    NodeOptions.withdrawFrom(added, options);
  }
}
