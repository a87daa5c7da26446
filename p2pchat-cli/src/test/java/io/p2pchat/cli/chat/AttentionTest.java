package io.p2pchat.cli.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.cli.chat.TerminalSupport.Notification;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AttentionTest {
  private long now;
  private final Attention bell = new Attention(NotifyMode.BELL, Notification.NONE, true, () -> now);

  private void pass(Duration time) {
    now += time.toNanos();
  }

  @Test
  void theBellRingsOnceInFiveSeconds() {
    bell.message("Bob", "one");
    assertThat(bell.controls()).isEqualTo("\007");
    bell.message("Bob", "two");
    pass(Duration.ofMillis(4999));
    bell.message("Bob", "three");
    assertThat(bell.controls()).isEmpty();
    pass(Duration.ofMillis(1));
    bell.message("Bob", "four");
    assertThat(bell.controls()).isEqualTo("\007");
    assertThat(bell.controls()).isEmpty();
  }

  @Test
  void nothingRingsWhileTheUserTypesUnlessTheFocusIsElsewhere() {
    bell.read();
    pass(Duration.ofSeconds(9));
    bell.message("Bob", "one");
    assertThat(bell.controls()).isEmpty();
    pass(Duration.ofSeconds(1));
    bell.message("Bob", "two");
    assertThat(bell.controls()).isEqualTo("\007");
    bell.read();
    bell.leave();
    pass(Duration.ofSeconds(5));
    bell.message("Bob", "three");
    assertThat(bell.controls()).isEqualTo("\007");
  }

  @Test
  void nothingCallsAUserWhoLooks() {
    bell.come();
    assertThat(bell.message("Bob", "hi")).isEmpty();
    assertThat(bell.controls()).isEmpty();
  }

  @Test
  void theTitleCountsAndTheRuleIsAboveTheFirst() {
    assertThat(bell.begin()).isEqualTo("\033]2;p2pchat\007");
    bell.leave();
    assertThat(bell.message("Bob", "one")).containsExactly("── new ──");
    assertThat(bell.message("Bob", "two")).isEmpty();
    assertThat(bell.controls()).endsWith("\033]2;(2) p2pchat\007");
    assertThat(bell.come()).isEqualTo(2);
    assertThat(bell.rule(2)).isEqualTo("── 2 new ──");
    assertThat(bell.title()).isEqualTo("\033]2;p2pchat\007");
    bell.leave();
    assertThat(bell.message("Bob", "three")).containsExactly("── new ──");
    for (int i = 0; i < 65_000; i++) {
      bell.message("Bob", "more");
    }
    assertThat(bell.controls()).endsWith("\033]2;(999+) p2pchat\007").hasSizeLessThan(100);
    assertThat(bell.read()).isEqualTo("\033]2;p2pchat\007");
    assertThat(bell.read()).isEmpty();
  }

  @Test
  void aTerminalThatDoesNotReportItsFocusHasNoRule() {
    assertThat(bell.message("Bob", "one")).isEmpty();
  }

  @Test
  void textOfPeersCannotLeaveANotification() {
    for (Notification each : Notification.values()) {
      Attention osc = new Attention(NotifyMode.OSC, each, true, () -> now);
      osc.message("B\u001bb", "\u0007\u001b\\\u009c\n4;1" + "x".repeat(1000));
      String text =
          osc.controls().replaceFirst("^(\033Ptmux;\033)?(\033](9|777;notify;p2pchat);)?", "");
      assertThat(text).matches("(p2pchat: [^\\p{Cntrl}\u0080-\u009f]{1,120})?\007(\033\\\\\007)?");
    }
  }

  @Test
  void theNotificationIsThatOfTheTerminal() {
    assertThat(of("TERM", "xterm-256color")).isEqualTo(Notification.NONE);
    assertThat(of("TERM_PROGRAM", "iTerm.app")).isEqualTo(Notification.OSC_9);
    assertThat(of("TERM", "xterm-kitty")).isEqualTo(Notification.OSC_9);
    assertThat(of("TERM", "foot")).isEqualTo(Notification.OSC_777);
    assertThat(of("TMUX", "/tmp/tmux-0/default,1,0")).isEqualTo(Notification.OSC_9_IN_TMUX);
    assertThat(Notification.of(Map.of("TMUX", "x", "VTE_VERSION", "7600")))
        .isEqualTo(Notification.OSC_777_IN_TMUX);
  }

  private static Notification of(String variable, String value) {
    return Notification.of(Map.of(variable, value));
  }
}
