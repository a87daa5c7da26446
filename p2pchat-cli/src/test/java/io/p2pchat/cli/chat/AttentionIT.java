package io.p2pchat.cli.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.p2pchat.PeerNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** How the chat on a terminal tells of messages while the user looks elsewhere. */
@Execution(ExecutionMode.CONCURRENT) // its tests mostly wait, each for processes of its own
class AttentionIT extends ChatOnTerminal {
  private static final String BELL = "\007";

  /** What was written but for the titles. */
  private static String withoutTitles(Tmux chat) {
    return chat.written().replaceAll("\033]2;[^\007]*\007", "");
  }

  @Test
  void aRuleAndTheTitleTellHowManyMessagesAreNew() {
    try (Tmux ann = start()) {
      PeerNode bob = meet(ann, "Bob");
      ann.type("half a line");
      focus(ann, true);
      await().untilAsserted(() -> assertThat(ann.variable("pane_title")).isEqualTo("p2pchat"));
      say(bob, ann, "read at once");
      ann.awaitScreen(screen -> assertThat(screen).contains("read at once"));
      assertThat(ann.variable("pane_title")).isEqualTo("p2pchat");
      focus(ann, false);
      // Until the loss of focus has been read, messages are not new.
      await()
          .untilAsserted(
              () -> {
                say(bob, ann, "missed");
                assertThat(ann.all()).contains("── new ──");
              });
      say(bob, ann, "long ".repeat(60));
      ann.awaitScreen(screen -> assertThat(screen).contains("long long").endsWith("half a line"));
      long missed = newMessages(ann);
      await()
          .untilAsserted(
              () -> assertThat(ann.variable("pane_title")).isEqualTo("(" + missed + ") p2pchat"));
      focus(ann, true);
      String rule = "read at once\n── " + missed + " new ──\n";
      ann.awaitScreen(screen -> assertThat(screen).contains(rule).endsWith("Ann> half a line"));
      assertThat(ann.screen()).doesNotContain("── new ──").containsPattern("\\): missed\n");
      assertThat(ann.variable("pane_title")).isEqualTo("p2pchat");
    }
  }

  private static long newMessages(Tmux chat) {
    return chat.all().split("── new ──", 2)[1].lines().filter(line -> line.contains("): ")).count();
  }

  @Test
  void theBellRingsUnlessItIsOff() {
    try (Tmux ann = start()) {
      meet(ann, "Bob");
      await().untilAsserted(() -> assertThat(withoutTitles(ann)).contains(BELL));
      quit(ann);
    }
    try (Tmux ann = start("--notify=off")) {
      meet(ann, "Carol");
      quit(ann);
      await().untilAsserted(() -> assertThat(ann.written()).contains("ended with"));
      assertThat(withoutTitles(ann)).doesNotContain(BELL);
    }
  }

  @Test
  void aNotificationHasTheTextThroughTmuxToo() {
    try (Tmux ann = start("--notify=osc")) {
      PeerNode bob = meet(ann, "Bob");
      await()
          .untilAsserted(
              () ->
                  assertThat(ann.written())
                      .contains("\033Ptmux;\033\033]9;p2pchat: Bob: hello\007\033\\"));
      assertThat(bob.activePeers()).hasSize(1);
    }
    try (Tmux ann = startWith(List.of("TMUX=", "TERM=foot", "LC_ALL=C.UTF-8"), "--notify", "osc")) {
      meet(ann, "Carol");
      await()
          .untilAsserted(
              () ->
                  assertThat(ann.written())
                      .contains("\033]777;notify;p2pchat;p2pchat: Carol: hello\007"));
    }
  }

  @Test
  void focusAndTitleAreRestoredAtTheEnd() {
    String entered = "\033[22;2t\033]2;p2pchat\007\033[?1004h";
    String left = "\033[?1004l\033]2;\007\033[23;2t";
    try (Tmux ann = start()) {
      await().untilAsserted(() -> assertThat(ann.written()).contains(entered));
      quit(ann);
      await().untilAsserted(() -> assertThat(ann.written()).contains(left));
    }
  }

  @Test
  void focusAndTitleAreRestoredByASignal() throws IOException {
    String entered = "\033[22;2t\033]2;p2pchat\007\033[?1004h";
    String left = "\033[?1004l\033]2;\007\033[23;2t";
    try (Tmux shell = Tmux.startShell(directory)) {
      shell.awaitPrompt("shell$");
      shell.enter("chat -t Ann -p 0 --bind 127.0.0.1 & echo $! > '" + directory + "/pid'; fg");
      shell.awaitPrompt("Ann>");
      shell.keys("C-z");
      shell.awaitPrompt("shell$");
      await().untilAsserted(() -> assertThat(shell.written()).contains(left));
      shell.enter("fg");
      shell.awaitPrompt("Ann>");
      await()
          .untilAsserted(
              () ->
                  assertThat(shell.written().lastIndexOf(entered))
                      .isGreaterThan(shell.written().lastIndexOf(left)));
      long pid = Long.parseLong(Files.readString(directory.resolve("pid")).strip());
      ProcessHandle.of(pid).orElseThrow().destroy();
      shell.awaitPrompt("shell$");
      await()
          .untilAsserted(
              () ->
                  assertThat(shell.written().lastIndexOf(left))
                      .isGreaterThan(shell.written().lastIndexOf(entered)));
    }
  }
}
