package io.p2pchat;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.net.Socket;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

/** The arrows between the rooms, as docs/ARCHITECTURE.md draws them; any other fails. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.p2pchat");

  private static String room(String name) {
    return "io.p2pchat.internal." + name;
  }

  @Test
  void eachRoomKnowsOnlyTheRoomsItMayKnow() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("api")
        .definedBy("io.p2pchat")
        .layer("frame")
        .definedBy(room("frame"))
        .layer("message")
        .definedBy(room("message"))
        .layer("session")
        .definedBy(room("session"))
        .layer("peers")
        .definedBy(room("peers"))
        .layer("event")
        .definedBy(room("event"))
        .layer("trust")
        .definedBy(room("trust"))
        .layer("transport")
        .definedBy(room("transport"))
        .layer("node")
        .definedBy(room("node"))
        .whereLayer("frame")
        .mayNotAccessAnyLayer()
        .whereLayer("message")
        .mayNotAccessAnyLayer()
        .whereLayer("session")
        .mayOnlyAccessLayers("api", "message")
        .whereLayer("peers")
        .mayOnlyAccessLayers("api", "message")
        .whereLayer("event")
        .mayOnlyAccessLayers("api")
        .whereLayer("trust")
        .mayOnlyAccessLayers("api")
        .whereLayer("transport")
        .mayOnlyAccessLayers("api", "frame", "message", "session", "event", "trust")
        .whereLayer("node")
        .mayOnlyBeAccessedByLayers("api")
        .check(CLASSES);
  }

  @Test
  void theApiKnowsTheInsideOnlyWhereItMakesANodeAndOpensAStore() {
    noClasses()
        .that()
        .resideInAPackage("io.p2pchat")
        .and()
        .areNotAssignableTo(PeerNodeBuilder.class)
        .and()
        .areNotAssignableTo(TrustStore.class)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.p2pchat.internal..")
        .check(CLASSES);
  }

  @Test
  void messagesSessionsAndPeersArePureJava() {
    classes()
        .that()
        .resideInAnyPackage(room("message"), room("session"), room("peers"))
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java.lang..",
            "java.util",
            "java.util.function",
            "java.util.concurrent",
            "java.util.random",
            "java.util.stream",
            "java.nio.charset",
            "java.time",
            "org.jspecify.annotations",
            "io.p2pchat",
            room("message"),
            room("session"),
            room("peers"))
        .check(CLASSES);
  }

  @Test
  void trustIsPureJavaThatReadsFilesButKnowsNoSockets() {
    classes()
        .that()
        .resideInAPackage(room("trust"))
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                    "java.lang..",
                    "java.io",
                    "java.math",
                    "java.nio..",
                    "java.security..",
                    "java.time..",
                    "java.util..",
                    "javax.net.ssl",
                    "org.jspecify.annotations",
                    "io.p2pchat",
                    room("trust"))
                // In signatures that the JDK gives; nothing is called on it.
                .or(equivalentTo(Socket.class)))
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
  void onlyFramesTransportAndNodeKnowNetty() {
    noClasses()
        .that()
        .resideOutsideOfPackages(room("frame"), room("transport"), room("node"))
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
