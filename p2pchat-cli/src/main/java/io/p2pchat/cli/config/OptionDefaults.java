package io.p2pchat.cli.config;

import io.p2pchat.cli.config.ConfigFileReader.Entry;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * Defaults of options, from the environment and then from the configuration file. In each, the name
 * with the subcommand takes precedence: {@code P2PCHAT_LISTEN_PORT}, {@code P2PCHAT_PORT}, {@code
 * listen.port}, {@code port}.
 *
 * <p>Reads nothing until a command needs an option. {@code --help} needs none.
 */
public final class OptionDefaults {
  private static final String FILE = "config.properties";
  private static final String PREFIX = "P2PCHAT_";

  /** The variables of the launchers. They are no options. */
  private static final Set<String> OF_LAUNCHERS = Set.of("P2PCHAT_JAVA_OPTS");

  /** What is lost for ever needs an option on the command line. */
  private static final Set<String> WITHOUT_DEFAULT = Set.of("--delete", "--all");

  private final Map<String, String> env;
  private final String os;
  private final String userHome;
  private final Supplier<CommandSpec> all;
  private final Map<String, Entry> found = new HashMap<>();
  private @Nullable Map<String, Entry> entries;
  private boolean variablesAreKnown;

  /**
   * Creates the defaults. Reads nothing yet.
   *
   * @param env the environment
   * @param os the name of the operating system
   * @param userHome the home directory, if the environment has none
   * @param all returns the program with all its commands. It is asked only about a name that the
   *     running program, which can have fewer, does not know
   */
  public OptionDefaults(
      Map<String, String> env, String os, String userHome, Supplier<CommandSpec> all) {
    this.env = env;
    this.os = os;
    this.userHome = userHome;
    this.all = all;
  }

  /** Creates the defaults of the user. The parameter is that of the constructor. */
  public static OptionDefaults ofUser(Supplier<CommandSpec> all) {
    return new OptionDefaults(
        System.getenv(),
        System.getProperty("os.name", ""),
        System.getProperty("user.home", ""),
        all);
  }

  /** Returns the variable, or the file and line, that set an option. */
  public Optional<String> origin(String option) {
    return Optional.ofNullable(found.get(option)).map(Entry::place);
  }

  /**
   * Returns the default of an option, if the running command has that option.
   *
   * @throws ParameterException if the configuration file or the value of a flag is invalid
   */
  public @Nullable String defaultValue(ArgSpec arg) {
    if (!(arg instanceof OptionSpec option) || hasNoDefault(option)) {
      return null;
    }
    ParseResult parsed = option.command().commandLine().getParseResult();
    if (parsed == null || isHelpRequested(parsed)) {
      return null;
    }
    CommandSpec command = last(parsed).commandSpec();
    if (command.findOption(option.longestName()) == null) {
      return null;
    }
    return find(option, command).map(value -> asPicocliTakesIt(option, value)).orElse(null);
  }

  // Picocli asks at the command that declares an inherited option, when all subcommands are parsed.
  private static ParseResult last(ParseResult parsed) {
    return parsed.hasSubcommand() ? last(parsed.subcommand()) : parsed;
  }

  private static boolean isHelpRequested(ParseResult parsed) {
    for (CommandLine each = parsed.commandSpec().commandLine();
        each != null;
        each = each.getParent()) {
      if (each.isUsageHelpRequested() || each.isVersionHelpRequested()) {
        return true;
      }
    }
    return parsed.hasSubcommand() && isHelpRequested(parsed.subcommand());
  }

  private Optional<String> find(OptionSpec option, CommandSpec command) {
    try {
      requireKnownVariables(command.root());
      String name = key(option);
      Optional<Entry> entry = inEnvironment(command, name).or(() -> inFile(command, name));
      entry.ifPresent(value -> found.put(option.longestName(), value));
      return entry.map(Entry::value);
    } catch (UsageException e) {
      throw new ParameterException(command.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private Optional<Entry> inEnvironment(CommandSpec command, String name) {
    return names(command, name)
        .map(OptionDefaults::variable)
        .filter(variable -> !env.getOrDefault(variable, "").isEmpty())
        .map(variable -> new Entry(env.getOrDefault(variable, ""), variable))
        .findFirst();
  }

  private static String variable(String name) {
    return PREFIX + name.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
  }

  private Optional<Entry> inFile(CommandSpec command, String name) {
    Map<String, Entry> all = entries(command.root());
    return names(command, name).filter(all::containsKey).findFirst().map(all::get);
  }

  private Map<String, Entry> entries(CommandSpec root) {
    Map<String, Entry> read = entries;
    if (read == null) {
      read =
          UserDirectory.CONFIG
              .of(env, os, userHome)
              .map(directory -> ConfigFileReader.read(directory.resolve(FILE)))
              .orElse(Map.of());
      requireKnown(read, root);
      entries = read;
    }
    return read;
  }

  /** Returns the names of an option, by precedence. */
  private static Stream<String> names(CommandSpec command, String name) {
    CommandSpec each = command;
    String prefix = "";
    while (each.parent() != null) {
      prefix = each.name() + ".";
      each = each.parent();
    }
    return prefix.isEmpty() ? Stream.of(name) : Stream.of(prefix + name, name);
  }

  private void requireKnown(Map<String, Entry> entries, CommandSpec root) {
    if (knownKeys(root).containsAll(entries.keySet())) {
      return;
    }
    CommandSpec program = all.get();
    SortedSet<String> plain = plainKeys(program);
    SortedSet<String> known = knownKeys(program);
    entries.forEach(
        (key, entry) -> {
          if (!known.contains(key)) {
            throw new UsageException(
                entry.place()
                    + ": unknown option \""
                    + key
                    + "\""
                    + hint(
                        Suggestions.nearest(key, known).map(name -> '"' + name + '"'),
                        plain,
                        "after the name of a command, such as listen.json"));
          }
        });
  }

  private void requireKnownVariables(CommandSpec root) {
    if (variablesAreKnown) {
      return;
    }
    SortedSet<String> given = new TreeSet<>(env.keySet());
    given.removeIf(name -> !name.startsWith(PREFIX) || env.getOrDefault(name, "").isEmpty());
    given.removeAll(OF_LAUNCHERS);
    if (!given.isEmpty() && !variables(knownKeys(root)).containsAll(given)) {
      requireKnown(given, all.get());
    }
    variablesAreKnown = true;
  }

  private static void requireKnown(SortedSet<String> variables, CommandSpec program) {
    SortedSet<String> known = variables(knownKeys(program));
    SortedSet<String> unknown = new TreeSet<>(variables);
    unknown.removeAll(known);
    if (!unknown.isEmpty()) {
      int prefix = PREFIX.length();
      List<String> words = known.stream().map(each -> each.substring(prefix)).toList();
      throw new UsageException(
          "Unknown variable "
              + unknown.first()
              + hint(
                  Suggestions.nearest(unknown.first().substring(prefix), words).map(PREFIX::concat),
                  variables(plainKeys(program)),
                  "with the name of a command, such as P2PCHAT_LISTEN_JSON"));
    }
  }

  private static SortedSet<String> variables(SortedSet<String> keys) {
    return keys.stream()
        .map(OptionDefaults::variable)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Returns the keys that stand for an option of every command. */
  private static SortedSet<String> plainKeys(CommandSpec root) {
    SortedSet<String> plain = keys(root);
    for (CommandLine command : root.subcommands().values()) {
      plain.addAll(keys(command.getCommandSpec()));
    }
    return plain;
  }

  /** Returns the same keys, and those for one command. */
  private static SortedSet<String> knownKeys(CommandSpec root) {
    SortedSet<String> known = plainKeys(root);
    root.subcommands()
        .forEach(
            (name, command) ->
                keys(command.getCommandSpec()).forEach(key -> known.add(name + "." + key)));
    return known;
  }

  /**
   * Returns the words after an unknown name.
   *
   * @param nearest the accepted name that is most like it
   * @param plain the accepted names
   * @param other says which others are accepted
   */
  private static String hint(Optional<String> nearest, SortedSet<String> plain, String other) {
    return "; "
        + nearest
            .map(name -> "did you mean " + name + "?")
            .orElseGet(() -> "accepted are " + String.join(", ", plain) + ", and these " + other);
  }

  private static SortedSet<String> keys(CommandSpec command) {
    SortedSet<String> keys = new TreeSet<>();
    command.options().stream()
        .filter(option -> !hasNoDefault(option))
        .forEach(option -> keys.add(key(option)));
    command.subcommands().values().forEach(each -> keys.addAll(keys(each.getCommandSpec())));
    return keys;
  }

  private static boolean hasNoDefault(OptionSpec option) {
    return option.usageHelp()
        || option.versionHelp()
        || WITHOUT_DEFAULT.contains(option.longestName());
  }

  private static String key(OptionSpec option) {
    String name = option.longestName();
    int start = 0;
    while (name.charAt(start) == '-') {
      start++;
    }
    return name.substring(start);
  }

  private static String asPicocliTakesIt(OptionSpec option, String value) {
    Class<?> type = option.auxiliaryTypes()[0];
    if ((type == boolean.class || type == Boolean.class)
        && !value.equals("true")
        && !value.equals("false")) {
      throw new ParameterException(
          option.command().commandLine(),
          "Invalid value for option '"
              + option.longestName()
              + "': \""
              + value
              + "\"; accepted are true and false",
          option,
          value);
    }
    String items =
        option.splitRegex().isEmpty()
            ? value
            : Arrays.stream(value.split(option.splitRegex(), -1))
                .map(String::strip)
                .collect(Collectors.joining(","));
    return items.replace("$", "$$"); // Picocli would expand "${".
  }
}
