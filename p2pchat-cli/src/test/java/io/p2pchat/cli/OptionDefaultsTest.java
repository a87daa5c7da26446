package io.p2pchat.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.p2pchat.cli.config.OptionDefaults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

class OptionDefaultsTest {
  @TempDir private Path home;
  private final Map<String, String> env = new HashMap<>();
  private OptionDefaults configuration =
      new OptionDefaults(Map.of(), "Linux", "", OptionDefaultsTest::all);

  @Test
  void withoutAnythingTheDefaultsAreLeft() {
    Root root = parse();
    assertThat(root.team).isNull();
    assertThat(root.colour).isEqualTo("auto");
    assertThat(root.strict).isFalse();
  }

  @Test
  void theFileCountsForTheCommandsThatHaveTheOption() throws IOException {
    write("team=Ann\nstrict=true\ncount=3\nfar-away.count=4\ncolour=never");
    assertThat(parse().team).isEqualTo("Ann");
    assertThat(parse().colour).isEqualTo("never");
    Root root = parse("listen");
    assertThat(root.team).isEqualTo("Ann");
    assertThat(root.strict).isTrue();
    assertThat(root.listen.count).isEqualTo(3);
    assertThat(parse("far-away", "deep").farAway.deep.count).isEqualTo(4);
  }

  @Test
  void theMoreParticularNameCountsFirstAndTheEnvironmentBeforeTheFile() throws IOException {
    write("team=file");
    assertThat(parse("far-away").team).isEqualTo("file");
    write("team=file\nfar-away.team=file of far-away");
    assertThat(parse("far-away").team).isEqualTo("file of far-away");
    env.put("P2PCHAT_TEAM", "environment");
    assertThat(parse("far-away").team).isEqualTo("environment");
    env.put("P2PCHAT_FAR_AWAY_TEAM", "environment of far-away");
    assertThat(parse("far-away").team).isEqualTo("environment of far-away");
    assertThat(parse("far-away", "deep").team).isEqualTo("environment of far-away");
    assertThat(parse("listen").team).isEqualTo("environment");
  }

  @Test
  void theCommandLineGoesBeforeAllWhereverItsOptionsStand() {
    env.put("P2PCHAT_TEAM", "environment");
    env.put("P2PCHAT_LISTEN_TEAM", "environment of listen");
    assertThat(parse("-t", "X", "listen").team).isEqualTo("X");
    assertThat(parse("listen", "-t", "X").team).isEqualTo("X");
    assertThat(parse("far-away", "deep", "-t", "X").team).isEqualTo("X");
  }

  @Test
  void aFlagCanBeTurnedOffAndOnAgain() {
    env.put("P2PCHAT_STRICT", "true");
    assertThat(parse().strict).isTrue();
    assertThat(parse("--strict").strict).isTrue();
    assertThat(parse("--no-strict").strict).isFalse();
    assertThat(parse("listen", "--strict").strict).isTrue();
    assertThat(parse("listen", "--no-strict").strict).isFalse();
    env.put("P2PCHAT_STRICT", "false");
    assertThat(parse().strict).isFalse();
    assertThat(parse("listen", "--strict").strict).isTrue();
  }

  @Test
  void listsAreSeparatedByCommasAndReplacedByTheCommandLine() throws IOException {
    write("allow = a , b,c");
    assertThat(parse().allow).containsExactly("a", "b", "c");
    assertThat(parse("listen").allow).containsExactly("a", "b", "c");
    assertThat(parse("listen", "--allow", "d", "--allow", "e").allow).containsExactly("d", "e");
    assertThat(parse("--allow", "d").allow).containsExactly("d");
  }

  @Test
  void valuesAreTakenAsTheyAre() throws IOException {
    write("team=${sys:user.name} $$ $x \"q\" a,b");
    assertThat(parse().team).isEqualTo("${sys:user.name} $$ $x \"q\" a,b");
  }

  @Test
  void anEmptyVariableIsNone() {
    env.put("P2PCHAT_TEAM", "");
    assertThat(parse().team).isNull();
  }

  @Test
  void theOriginOfAValueIsKnown() throws IOException {
    write("\nteam=Ann");
    env.put("P2PCHAT_LISTEN_COUNT", "3");
    assertThat(parse("listen").listen.count).isEqualTo(3);
    assertThat(configuration.origin("--team")).hasValue(file() + ", line 2");
    assertThat(configuration.origin("--count")).hasValue("P2PCHAT_LISTEN_COUNT");
    assertThat(configuration.origin("--allow")).isEmpty();
  }

  @Test
  void anUnknownKeyIsNamedWithTheNearestOne() throws IOException {
    write("team=Ann\nstrikt=true");
    refuses(file() + ", line 2: unknown option \"strikt\"; did you mean \"strict\"?");
    write("listen.colour=never");
    refuses(
        file()
            + ", line 1: unknown option \"listen.colour\"; accepted are allow, colour, count, strict,"
            + " team, and these after the name of a command, such as listen.json");
    write("help=true");
    refuses(file() + ", line 1: unknown option \"help\"; accepted are");
  }

  @Test
  void anUnknownVariableIsNamedWithTheNearestOne() {
    env.put("P2PCHAT_JAVA_OPTS", "-Xmx64m"); // is of the launcher
    env.put("P2PCHAT_FAR_AWAY_COUNT", "1");
    env.put("P2PCHAT_EMPTY", "");
    env.put("OTHER_TEEM", "Ann");
    assertThat(parse().team).isNull();
    env.put("P2PCHAT_TEEM", "Ann");
    refuses("Unknown variable P2PCHAT_TEEM; did you mean P2PCHAT_TEAM?");
    env.remove("P2PCHAT_TEEM");
    env.put("P2PCHAT_LISTEN_COLOUR", "never");
    refuses(
        "Unknown variable P2PCHAT_LISTEN_COLOUR; accepted are P2PCHAT_ALLOW, P2PCHAT_COLOUR,"
            + " P2PCHAT_COUNT, P2PCHAT_STRICT, P2PCHAT_TEAM, and these with the name of a command,"
            + " such as P2PCHAT_LISTEN_JSON");
    assertThat(parse("--help").team).isNull();
    assertThat(parse("bare").team).isNull();
  }

  @Test
  void aProgramWithOneCommandAcceptsAndRefusesAsTheWholeOne() throws IOException {
    write("far-away.count=4");
    env.put("P2PCHAT_FAR_AWAY_COUNT", "1");
    assertThat(parseWithListenAlone().listen.count).isNull();
    env.put("P2PCHAT_FAR_AWAY_COLOUR", "never");
    refusesWithListenAlone(
        "Unknown variable P2PCHAT_FAR_AWAY_COLOUR; accepted are P2PCHAT_ALLOW, P2PCHAT_COLOUR,"
            + " P2PCHAT_COUNT, P2PCHAT_STRICT, P2PCHAT_TEAM, and these with the name of a command,"
            + " such as P2PCHAT_LISTEN_JSON");
    env.clear();
    write("far-away.cuont=4");
    refusesWithListenAlone(
        file() + ", line 1: unknown option \"far-away.cuont\"; did you mean \"far-away.count\"?");
  }

  @Test
  void onlyForNamesThatItDoesNotKnowIsTheWholeProgramAskedFor() throws IOException {
    write("team=Ann\nlisten.count=3\ncolour=never");
    env.put("P2PCHAT_STRICT", "true");
    env.put("P2PCHAT_LISTEN_TEAM", "Bob");
    configuration =
        new OptionDefaults(
            env,
            "Linux",
            home.toString(),
            () -> {
              throw new AssertionError("all names are known");
            });
    Root root = new Root();
    withListenAlone(root).setDefaultValueProvider(configuration::defaultValue).parseArgs("listen");
    assertThat(root.team).isEqualTo("Bob");
    assertThat(root.listen.count).isEqualTo(3);
  }

  @Test
  void nothingIsDeletedUnlessTheCommandLineSaysSo() throws IOException {
    env.put("P2PCHAT_DELETE", "true");
    refuses("Unknown variable P2PCHAT_DELETE; accepted are P2PCHAT_ALLOW, P2PCHAT_COLOUR,");
    env.clear();
    write("listen.all=true");
    refuses(file() + ", line 1: unknown option \"listen.all\"; ");
    write("");
    Listen typed = parse("listen", "--delete", "--all").listen;
    assertThat(typed.delete && typed.all).isTrue();
  }

  @Test
  void aFlagIsTrueOrFalse() throws IOException {
    write("strict=yes");
    refuses("Invalid value for option '--strict': \"yes\"; accepted are true and false");
  }

  @Test
  void aValueThatIsNotUsedIsNotLookedAt() throws IOException {
    write("count=many\nstrict=yes");
    assertThat(parse("--no-strict").strict).isFalse();
    assertThat(parse("listen", "--count", "2", "--strict").listen.count).isEqualTo(2);
  }

  @Test
  void whoAsksForHelpIsNotToldOfAWrongFile() throws IOException {
    write("nonsense");
    assertThat(parse("--help").team).isNull();
    assertThat(parse("--version").team).isNull();
    assertThat(parse("listen", "--help").team).isNull();
    assertThat(parse("--help", "listen").team).isNull();
    assertThat(parse("bare").team).isNull();
  }

  private Path file() {
    return home.resolve(".config/p2pchat/config.properties");
  }

  private void write(String text) throws IOException {
    Files.createDirectories(file().getParent());
    Files.writeString(file(), text);
  }

  private Root parse(String... args) {
    Root root = new Root();
    parse(whole(root), args);
    return root;
  }

  private Root parseWithListenAlone() {
    Root root = new Root();
    parse(withListenAlone(root), "listen");
    return root;
  }

  private void parse(CommandLine program, String... args) {
    configuration = new OptionDefaults(env, "Linux", home.toString(), OptionDefaultsTest::all);
    program.setDefaultValueProvider(configuration::defaultValue).parseArgs(args);
  }

  private static CommandSpec all() {
    return whole(new Root()).getCommandSpec();
  }

  private static CommandLine whole(Root root) {
    CommandLine bare = new CommandLine(new Bare());
    CommandLine all =
        withListenAlone(root)
            .addSubcommand(new CommandLine(root.farAway).addSubcommand(root.farAway.deep))
            .addSubcommand(bare);
    NodeOptions.withdrawFrom(bare, Set.of());
    return all;
  }

  private static CommandLine withListenAlone(Root root) {
    return new CommandLine(root).addSubcommand(root.listen);
  }

  private void refuses(String message) {
    refuses(message, this::parse);
  }

  private void refusesWithListenAlone(String message) {
    refuses(message, this::parseWithListenAlone);
  }

  private static void refuses(String message, ThrowingCallable parse) {
    assertThatThrownBy(parse)
        .isInstanceOf(ParameterException.class)
        .hasMessageStartingWith(message);
  }

  @Command(name = "p2pchat", mixinStandardHelpOptions = true)
  private static final class Root {
    private final Listen listen = new Listen();
    private final FarAway farAway = new FarAway();

    @Option(
        names = {"-t", "--team"},
        scope = ScopeType.INHERIT)
    private @Nullable String team;

    @Option(names = "--strict", scope = ScopeType.INHERIT, negatable = true, fallbackValue = "true")
    private boolean strict;

    @Option(names = "--allow", scope = ScopeType.INHERIT, split = ",")
    private List<String> allow = List.of();

    @Option(names = "--colour")
    private String colour = "auto";
  }

  @Command(name = "listen", mixinStandardHelpOptions = true)
  private static final class Listen {
    @Option(names = "--count")
    private @Nullable Integer count;

    @Option(names = "--delete")
    private boolean delete;

    @Option(names = "--all")
    private boolean all;
  }

  @Command(name = "far-away", mixinStandardHelpOptions = true)
  private static final class FarAway {
    private final Deep deep = new Deep();
  }

  @Command(name = "deep", mixinStandardHelpOptions = true)
  private static final class Deep {
    @Option(names = "--count")
    private @Nullable Integer count;
  }

  @Command(name = "bare")
  private static final class Bare {}
}
