package io.p2pchat.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members in processes of their own, on loopback. */
class ClusterDiscoveryTest {
  private static final String CONFIGURATION =
      Path.of("src", "main", "resources", "cluster.xml").toAbsolutePath().toString();

  @TempDir Path directory;

  private Program join(String name) throws IOException {
    List<String> options = List.of("-Dcluster.directory=" + directory.resolve("members"));
    Program member = Program.startOnClassPath(ClusterDiscovery.class, options, name, CONFIGURATION);
    await(name + " joins", member);
    return member;
  }

  /** Reads until this line. */
  private static void await(String line, Program member) throws IOException {
    String next = member.nextLine();
    while (next != null && !next.contains(line)) {
      next = member.nextLine();
    }
    assertThat(next).contains(line);
  }

  @Test
  void threeMembersFindEachOtherAndTalk() throws Exception {
    try (Program ann = join("Ann");
        Program bob = join("Bob")) {
      await("Members: [Bob]", ann);
      await("Members: [Ann]", bob);
      try (Program carol = join("Carol")) {
        await("Members: [Bob, Carol]", ann);
        await("Members: [Ann, Carol]", bob);
        await("Members: [Ann, Bob]", carol);

        bob.type("hello");
        await("Bob: hello", ann);
        await("Bob: hello", carol);

        carol.type("exit");
        await("Carol: exit", ann);
        await("Carol: exit", bob);

        carol.endInput();
        assertThat(carol.exitStatus()).isZero();
      }
      await("Members: [Bob]", ann);
      await("Members: [Ann]", bob);
    }
  }

  @Test
  void printsWhatItsCommentSays() throws IOException {
    assertThat(SourceFile.of(ClusterDiscovery.class).expected())
        .containsExactly("Ann joins", "Members: [Bob]", "Members: [Bob, Carol]", "Bob: hello");
  }

  /** As modules, which leave JGroups out unless it is asked for. */
  @Test
  void withoutJGroupsTheNodeSaysWhatToAddAndGoesOn() throws Exception {
    try (Program ann = Program.startExample(ClusterDiscovery.class, "Ann", CONFIGURATION)) {
      await("Add org.jgroups:jgroups 5.5", ann);
      ann.endInput();
      assertThat(ann.exitStatus()).isZero();
    }
  }
}
