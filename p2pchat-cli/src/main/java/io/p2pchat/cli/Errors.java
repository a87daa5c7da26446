package io.p2pchat.cli;

import io.p2pchat.PeerNodeException;
import io.p2pchat.TrustStoreException;
import io.p2pchat.cli.text.Wording;
import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Turns what commands throw into lines on standard error and an exit status. */
final class Errors implements IParameterExceptionHandler, IExecutionExceptionHandler {
  private final Console err;

  Errors(Console err) {
    this.err = err;
  }

  @Override
  public int handleParseException(ParameterException failure, String[] args) {
    return usage(failure, failure.getCommandLine());
  }

  @Override
  public int handleExecutionException(
      Exception failure, CommandLine commandLine, ParseResult parsed) throws Exception {
    if (failure instanceof UsageException) {
      return usage(failure, commandLine);
    }
    if (failure instanceof TrustStoreException && failure.getCause() instanceof IOException) {
      err.print(Wording.reason(failure) + " " + DataDirOption.NAME + " names another directory.");
      return ExitStatus.FAILED;
    }
    if (failure instanceof PeerNodeException || failure instanceof IOException) {
      err.print(Wording.reason(failure));
      return ExitStatus.FAILED;
    }
    throw failure; // A mistake in this program: its stack trace is wanted.
  }

  private int usage(Exception failure, CommandLine commandLine) {
    String name = commandLine.getCommandSpec().qualifiedName();
    err.print(String.valueOf(failure.getMessage()));
    err.print("Try '" + name + " --help'.");
    return commandLine.getCommandSpec().exitCodeOnInvalidInput();
  }
}
