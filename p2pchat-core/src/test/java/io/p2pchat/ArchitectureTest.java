package io.p2pchat;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.flatMapping;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.p2pchat.internal.peer.PeerContext;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The arrows between the rooms, as docs/ARCHITECTURE.md draws them; any other fails. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .importUrl(PeerNode.class.getProtectionDomain().getCodeSource().getLocation());

  private static final int MAX_PARAMETERS = 7;
  private static final int MAX_CLASSES = 25;
  private static final int MAX_CIRCLE = 4;

  private static final List<String> LEAVES =
      List.of("frame", "protocol", "session", "event", "security");
  private static final List<String> LEVELS = List.of("net.tls", "net.plain", "net.session");

  /** What each room may know, beside the API and itself. */
  private static Stream<Arguments> arrows() {
    List<String> net = with(LEAVES, "net");
    List<String> handshake = with(with(net, LEVELS), "net.handshake");
    return Stream.of(
        arguments("frame", List.of()),
        arguments("protocol", List.of()),
        arguments("session", List.of("protocol")),
        arguments("keep", List.of("protocol", "session", "store")),
        arguments("event", List.of()),
        arguments("store", List.of()),
        arguments("security", List.of("protocol")),
        arguments("registry", List.of("protocol", "session", "security")),
        arguments("discovery", List.of("event", "security")),
        arguments("net", LEAVES),
        arguments("net.tls", net),
        arguments("net.plain", net),
        arguments("net.session", net),
        arguments("net.handshake", with(net, LEVELS)),
        arguments("net.tcp", handshake),
        arguments("exchange", with(handshake, "discovery")),
        arguments("peer", with(handshake, "keep", "net.tcp", "registry", "discovery", "exchange")),
        arguments(
            "node",
            with(handshake, "keep", "net.tcp", "registry", "discovery", "exchange", "peer")));
  }

  @ParameterizedTest
  @MethodSource("arrows")
  void aRoomKnowsOnlyTheRoomsItMayKnow(String room, List<String> known) {
    String[] allowed =
        Stream.concat(
                Stream.of("io.p2pchat", "io.p2pchat.discovery", room(room)),
                known.stream().map(ArchitectureTest::room))
            .toArray(String[]::new);
    noClasses()
        .that()
        .resideInAPackage(room(room))
        .should()
        .dependOnClassesThat(resideInAPackage("io.p2pchat..").and(not(resideInAnyPackage(allowed))))
        .check(CLASSES);
  }

  @Test
  void noRoomsKnowEachOtherInACircle() {
    slices().matching("io.p2pchat.internal.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void noMoreThanAFewClassesUseEachOtherInACircle() {
    Map<String, Set<String>> reached = new TreeMap<>();
    Map<String, Set<String>> used =
        CLASSES.stream()
            .collect(
                groupingBy(
                    ArchitectureTest::topLevel,
                    flatMapping(
                        type ->
                            type.getDirectDependenciesFromSelf().stream()
                                .map(use -> topLevel(use.getTargetClass().getBaseComponentType())),
                        toSet())));
    used.keySet()
        .forEach(name -> reach(name, used, reached.computeIfAbsent(name, any -> new TreeSet<>())));
    assertThat(
            reached.keySet().stream()
                .map(name -> circle(name, reached))
                .filter(circle -> circle.size() > MAX_CIRCLE))
        .isEmpty();
  }

  private static Set<String> circle(String name, Map<String, Set<String>> reached) {
    return reached.getOrDefault(name, Set.of()).stream()
        .filter(other -> reached.getOrDefault(other, Set.of()).contains(name))
        .collect(toCollection(TreeSet::new));
  }

  private static void reach(String name, Map<String, Set<String>> used, Set<String> reached) {
    for (String next : used.getOrDefault(name, Set.of())) {
      if (used.containsKey(next) && reached.add(next)) {
        reach(next, used, reached);
      }
    }
  }

  @Test
  void noRoomIsTooFull() {
    Map<String, Set<String>> rooms =
        internal()
            .collect(
                groupingBy(
                    JavaClass::getPackageName, mapping(ArchitectureTest::topLevel, toSet())));
    rooms.values().removeIf(classes -> classes.size() <= MAX_CLASSES);
    assertThat(rooms).isEmpty();
  }

  @Test
  void noConstructorTakesTooMuch() {
    assertThat(
            internal()
                .filter(type -> !type.isEquivalentTo(PeerContext.class))
                .flatMap(type -> type.getConstructors().stream())
                .filter(made -> made.getRawParameterTypes().size() > MAX_PARAMETERS))
        .isEmpty();
  }

  private static Stream<JavaClass> internal() {
    return CLASSES.stream()
        .filter(type -> type.getPackageName().startsWith("io.p2pchat.internal."))
        .filter(type -> !type.getSimpleName().equals("package-info"));
  }

  private static String topLevel(JavaClass type) {
    return type.getName().replaceFirst("\\$.*", "");
  }

  private static String room(String name) {
    return "io.p2pchat.internal." + name;
  }

  private static List<String> with(List<String> rooms, String... more) {
    return with(rooms, List.of(more));
  }

  private static List<String> with(List<String> rooms, List<String> more) {
    return Stream.concat(rooms.stream(), more.stream()).toList();
  }

  @Test
  void sourcesOfDiscoveryKnowTheApiOnly() {
    noClasses()
        .that()
        .resideInAPackage("io.p2pchat.discovery")
        .should()
        .dependOnClassesThat(
            resideInAPackage("io.p2pchat..")
                .and(not(resideInAnyPackage("io.p2pchat", "io.p2pchat.discovery"))))
        .check(CLASSES);
  }

  @Test
  void theStoreInAFileKnowsTheApiAndPrivateFilesOnly() {
    noClasses()
        .that()
        .resideInAPackage("io.p2pchat.sqlite")
        .should()
        .dependOnClassesThat(
            resideInAPackage("io.p2pchat..")
                .and(
                    not(
                        resideInAnyPackage(
                            "io.p2pchat", "io.p2pchat.sqlite", "io.p2pchat.internal.security"))))
        .check(CLASSES);
  }

  /** It is optional: nothing else may fail without it. */
  @Test
  void onlyTheConnectionKnowsSqlite() {
    noClasses()
        .that()
        .doNotHaveSimpleName("SqliteConnection")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.sqlite..")
        .check(CLASSES);
  }

  /** It is optional: nothing else may fail without it. */
  @Test
  void onlyTheMemberOfAClusterKnowsJGroups() {
    noClasses()
        .that()
        .doNotHaveSimpleName("JGroupsMember")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.jgroups..")
        .check(CLASSES);
  }

  @Test
  void ofTheApiOnlyTheBuilderKnowsDiscovery() {
    noClasses()
        .that()
        .resideInAPackage("io.p2pchat")
        .and()
        .areNotAssignableTo(PeerNodeBuilder.class)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.p2pchat.discovery")
        .check(CLASSES);
  }

  @Test
  void theApiKnowsTheInsideOnlyWhereItMakesANodeOpensAStoreAndTellsReservedTextsAndTeamNames() {
    noClasses()
        .that()
        .resideInAPackage("io.p2pchat")
        .and()
        .areNotAssignableTo(PeerNodeBuilder.class)
        .and()
        .areNotAssignableTo(TrustStore.class)
        .and()
        .areNotAssignableTo(PeerNode.class)
        .and()
        .areNotAssignableTo(Peer.class)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.p2pchat.internal..")
        .check(CLASSES);
  }

  @Test
  void sessionsAndControlLinesArePureJava() {
    classes()
        .that()
        .resideInAnyPackage(room("protocol"), room("session"))
        .should()
        .onlyDependOnClassesThat(isPureJava())
        .check(CLASSES);
  }

  @Test
  void theRegistryOfPeersIsPureJava() {
    classes()
        .that()
        .resideInAPackage(room("registry"))
        .should()
        .onlyDependOnClassesThat(
            isPureJava()
                .or(resideInAPackage(room("registry")))
                .or(nameMatching(".*\\.internal\\.security\\.HostPrefix")))
        .check(CLASSES);
  }

  private static DescribedPredicate<JavaClass> isPureJava() {
    return resideInAnyPackage(
            "java.lang..",
            "java.util",
            "java.util.function",
            "java.util.concurrent",
            "java.util.concurrent.atomic",
            "java.util.random",
            "java.util.stream",
            "java.nio.charset",
            "java.time",
            "org.jspecify.annotations",
            "io.p2pchat",
            room("protocol"),
            room("session"))
        .or(equivalentTo(ByteOrder.class));
  }

  @Test
  void securityReadsFilesButKnowsNoSockets() {
    classes()
        .that()
        .resideInAPackage(room("security"))
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                    "java.lang..",
                    "java.io",
                    "java.math",
                    "java.nio..",
                    "java.security..",
                    "java.text",
                    "java.time..",
                    "java.util..",
                    "javax.net.ssl",
                    "org.slf4j",
                    "org.jspecify.annotations",
                    "io.p2pchat",
                    room("security"))
                // The rule for team names.
                .or(simpleName("TeamNameRule"))
                // In signatures that the JDK gives; nothing is called on it.
                .or(equivalentTo(Socket.class))
                // As a value.
                .or(equivalentTo(InetAddress.class)))
        .check(CLASSES);
  }

  /** Futures are values there: what completes them comes from outside. */
  @Test
  void sessionsHaveNoClockAndNoThread() {
    noClasses()
        .that()
        .resideInAPackage(room("session"))
        .should()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(Thread.class)
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(Executor.class)
        .check(CLASSES);
  }

  @Test
  void onlyTheFrameCodecTheNetworkDiscoveryAndWhatIsAboveKnowNetty() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            room("frame"), room("net.."), room("peer"), room("node"), "io.p2pchat.discovery")
        .and()
        .doNotHaveFullyQualifiedName(PeerAddress.class.getName())
        .and()
        .doNotHaveFullyQualifiedName(IpRange.class.getName())
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.netty..")
        .check(CLASSES);
  }
}
