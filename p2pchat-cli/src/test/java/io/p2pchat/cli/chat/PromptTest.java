package io.p2pchat.cli.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.cli.chat.Prompt.Kind;
import org.junit.jupiter.api.Test;

class PromptTest {
  private static boolean isRepeated(Kind kind, String answer) {
    return new Prompt("", kind).isRepeated(answer);
  }

  @Test
  void onlyMessagesAreShownAgain() {
    assertThat(isRepeated(Kind.CHOICE, "1")).isFalse();
    assertThat(isRepeated(Kind.CHOICE, "/peers")).isFalse();
    assertThat(isRepeated(Kind.CHOICE, " /msg Bob hi")).isTrue();
    assertThat(isRepeated(Kind.TALK, "hi")).isTrue();
    assertThat(isRepeated(Kind.TALK, "  ")).isFalse();
    assertThat(isRepeated(Kind.TALK, "/to")).isFalse();
    assertThat(isRepeated(Kind.TALK, "//usr")).isTrue();
    assertThat(isRepeated(Kind.TALK, "/all hi")).isTrue();
    assertThat(isRepeated(Kind.MESSAGE, "hi")).isTrue();
    assertThat(isRepeated(Kind.PEER, "Bob")).isFalse();
  }
}
