package io.p2pchat.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The output of picocli's command for shell completion. Adds the negated forms of options, such as
 * {@code --no-discovery}, which picocli leaves out.
 */
final class CompletionOutput extends PrintWriter {
  private static final String FLAGS = "local flag_opts=";

  /** The quoted name of each option, as it is in the script, with its negated form. */
  private final Map<String, String> negated = new TreeMap<>();

  CompletionOutput(CommandLine all) {
    super(System.out, true, UTF_8);
    addOptions(all);
    all.getSubcommands().values().forEach(this::addOptions);
  }

  private void addOptions(CommandLine command) {
    for (OptionSpec option : command.getCommandSpec().options()) {
      if (option.negatable()) {
        String name = option.longestName();
        String negative =
            command.getNegatableOptionTransformer().makeNegative(name, command.getCommandSpec());
        negated.put(quoted(name), quoted(name) + " " + quoted(negative));
      }
    }
  }

  private static String quoted(String name) {
    return "'" + name + "'";
  }

  @Override
  public void print(@Nullable String text) {
    super.print(
        Arrays.stream(String.valueOf(text).split("\n", -1))
            .map(line -> line.contains(FLAGS) ? withNegated(line) : line)
            .collect(Collectors.joining("\n")));
  }

  private String withNegated(String line) {
    String flags = line;
    for (Map.Entry<String, String> each : negated.entrySet()) {
      flags = flags.replace(each.getKey(), each.getValue());
    }
    return flags;
  }
}
