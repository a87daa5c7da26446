package io.p2pchat.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.p2pchat.cli.config.OptionDefaults;
import io.p2pchat.cli.output.StdStreams;
import java.io.PrintWriter;
import java.util.Set;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.RunLast;

/** The program {@code p2pchat}. */
public final class Main {
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
    int status = commandLine(streams).execute(args);
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

  /** Returns the command line with all its commands. */
  static CommandLine commandLine(StdStreams streams) {
    NodeOptions options = new NodeOptions();
    OptionDefaults configuration = OptionDefaults.ofUser();
    CommandErrors errors = new CommandErrors(streams.err(), configuration);
    CommandLine identity = new CommandLine(new IdentityCommand(options.dataDir(), streams));
    CommandLine trust = new CommandLine(new TrustCommand(options.dataDir(), streams));
    CommandLine history = new CommandLine(new HistoryCommand(options.dataDir(), streams));
    CommandLine doctor = new CommandLine(new DoctorCommand(options, streams));
    CommandLine completion = new CommandLine(new GenerateCompletion());
    CommandLine all =
        new CommandLine(new ChatCommand(options, streams))
            .addSubcommand(new SendCommand(options, streams))
            .addSubcommand(new ListenCommand(options, streams))
            .addSubcommand(new DiscoverCommand(options, streams))
            .addSubcommand(doctor)
            .addSubcommand(identity)
            .addSubcommand(trust)
            .addSubcommand(history)
            .addSubcommand(completion);
    NodeOptions.withdrawFrom(doctor, NodeOptions.OF_DOCTOR);
    NodeOptions.withdrawFrom(identity, NodeOptions.WITHOUT_NODE);
    NodeOptions.withdrawFrom(trust, NodeOptions.WITHOUT_NODE);
    NodeOptions.withdrawFrom(history, NodeOptions.WITHOUT_NODE);
    NodeOptions.withdrawFrom(completion, Set.of());
    OptionTypes.register(all);
    all.setOut(new PrintWriter(System.out, true, UTF_8));
    completion.setOut(new CompletionOutput(all));
    return all.setExpandAtFiles(false) // "@Ann hello" is a message.
        .setDefaultValueProvider(configuration)
        .setParameterExceptionHandler(errors)
        .setExecutionExceptionHandler(errors)
        .setExecutionStrategy(
            parsed -> {
              LogSettings.configure(options.verbosity());
              return new RunLast().execute(parsed);
            });
  }
}
