package io.p2pchat.cli;

import io.p2pchat.PeerNodeException;
import io.p2pchat.TrustStoreException;
import io.p2pchat.cli.config.OptionDefaults;
import io.p2pchat.cli.config.UsageException;
import io.p2pchat.cli.output.LineOutput;
import io.p2pchat.cli.output.ResultText;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Converts the exceptions of commands to lines on standard error and an exit status. */
final class CommandErrors implements IParameterExceptionHandler, IExecutionExceptionHandler {
  private final LineOutput err;
  private final OptionDefaults configuration;

  CommandErrors(LineOutput err, OptionDefaults configuration) {
    this.err = err;
    this.configuration = configuration;
  }

  @Override
  public int handleParseException(ParameterException failure, String[] args) {
    List<String> options =
        failure.getArgSpec() instanceof OptionSpec option
            ? List.of(option.longestName())
            : List.of();
    return usage(failure, options, failure.getCommandLine());
  }

  @Override
  public int handleExecutionException(
      Exception failure, CommandLine commandLine, ParseResult parsed) throws Exception {
    if (failure instanceof UsageException usage) {
      List<String> configured =
          usage.options().stream().filter(option -> !isGiven(option, parsed)).toList();
      return usage(usage, configured, commandLine);
    }
    if (failure instanceof TrustStoreException && failure.getCause() instanceof IOException) {
      err.print(
          ResultText.reason(failure)
              + " Choose another directory with "
              + DataDirOption.NAME
              + ".");
      return ExitStatus.FAILED;
    }
    if (failure instanceof PeerNodeException || failure instanceof IOException) {
      err.print(ResultText.reason(failure));
      return ExitStatus.FAILED;
    }
    throw failure; // A bug in this program: print the stack trace.
  }

  private static boolean isGiven(String option, ParseResult parsed) {
    return parsed.hasMatchedOption(option)
        || (parsed.hasSubcommand() && isGiven(option, parsed.subcommand()));
  }

  private int usage(Exception failure, List<String> options, CommandLine commandLine) {
    String name = commandLine.getCommandSpec().qualifiedName();
    err.print(String.valueOf(failure.getMessage()));
    options.forEach(
        option ->
            configuration
                .origin(option)
                .ifPresent(place -> err.print("Option '" + option + "' comes from " + place)));
    err.print("Try '" + name + " --help'.");
    return commandLine.getCommandSpec().exitCodeOnInvalidInput();
  }
}
