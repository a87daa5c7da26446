package io.p2pchat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.cli.output.StdStreams;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

class MainTest {
  private static final String COMPLETION = "generate-completion";

  private static CommandLine of(String... args) {
    return Main.commandLineFor(StdStreams.standard(), args);
  }

  private static CommandLine all() {
    return Main.commandLine(StdStreams.standard());
  }

  private static List<String> names() {
    return List.copyOf(all().getSubcommands().keySet());
  }

  @Test
  void theCommandsHaveTheOrderOfTheHelp() {
    assertThat(names())
        .containsExactly(
            "send", "listen", "discover", "doctor", "identity", "trust", "history", COMPLETION);
  }

  @ParameterizedTest
  @MethodSource("names")
  void aCommandIsTheSameAloneAsAmongAll(String name) {
    CommandLine line = of(name, "listen", "--help");
    if (!name.equals(COMPLETION)) {
      assertThat(line.getSubcommands()).containsOnlyKeys(name);
    }
    CommandLine expected = all();
    assertThat(describe(command(line, name))).isEqualTo(describe(command(expected, name)));
    assertThat(describe(line.getCommandSpec())).isEqualTo(describe(expected.getCommandSpec()));
  }

  @Test
  void theChatIsTheSameAloneAsAmongAll() {
    assertThat(of().getSubcommands()).isEmpty();
    assertThat(describe(of().getCommandSpec())).isEqualTo(describe(all().getCommandSpec()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-v", "--team send", "--port 7001 --color never", "--version"})
  void theChatNeedsNoCommandWhateverItsOptions(String args) {
    assertThat(of(args.split(" ")).getSubcommands()).isEmpty();
  }

  @Test
  void theChatTakesEachOptionOnce() {
    String[] args = {"-vv", "--peer", "127.0.0.1:7001", "--allow", "127.0.0.0/8"};
    CommandSpec once = all().parseArgs(args).commandSpec();
    CommandSpec chat = of(args).parseArgs(args).commandSpec();
    assertThat(describe(chat))
        .isEqualTo(describe(once))
        .isNotEqualTo(describe(of().getCommandSpec()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "help", "-vh", "--help", "-v send", "sends", "Send", "5", COMPLETION})
  void allAreThereForTheHelpAndForWhatIsNoCommand(String args) {
    assertThat(of(args.split(" ")).getSubcommands()).containsOnlyKeys(names());
  }

  @ParameterizedTest
  @ValueSource(strings = {"--port x", "--team", "--nothing"})
  void allAreThereForWhatIsNoOption(String args) {
    assertThat(of(args.split(" ")).getSubcommands()).containsOnlyKeys(names());
  }

  @Test
  void onlyCommandsThatSendOrShowMessagesCanStoreThem() {
    assertThat(names())
        .filteredOn(name -> command(all(), name).getCommandSpec().findOption("--history") != null)
        .containsExactly("send", "listen");
  }

  private static CommandLine command(CommandLine line, String name) {
    return Objects.requireNonNull(line.getSubcommands().get(name));
  }

  private static List<String> describe(CommandLine command) {
    List<String> lines = new ArrayList<>();
    lines.add(command.getUsageMessage());
    lines.add(command.getParameterExceptionHandler().getClass().getName());
    lines.add(command.getExecutionExceptionHandler().getClass().getName());
    lines.add("expands @ " + command.isExpandAtFiles());
    lines.addAll(describe(command.getCommandSpec()));
    command.getSubcommands().values().forEach(each -> lines.addAll(describe(each)));
    return lines;
  }

  /** Says what a command takes, and what it has if nothing is given. */
  private static List<String> describe(CommandSpec command) {
    List<String> lines = new ArrayList<>(List.of(command.qualifiedName()));
    assertThat(command.defaultValueProvider()).isNotNull();
    command.options().forEach(each -> lines.add(String.join(" ", each.names()) + describe(each)));
    command.positionalParameters().forEach(each -> lines.add(each.index() + describe(each)));
    return lines;
  }

  private static String describe(ArgSpec arg) {
    Object value = arg.getValue();
    return " %s %s %s %s %s"
        .formatted(
            arg.arity(),
            arg.typeInfo(),
            arg.defaultValue(),
            value instanceof boolean[] flags ? Arrays.toString(flags) : value,
            Arrays.toString(arg.description()));
  }
}
