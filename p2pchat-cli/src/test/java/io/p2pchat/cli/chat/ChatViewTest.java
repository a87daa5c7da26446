package io.p2pchat.cli.chat;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ChatViewTest {
  @Test
  void whoeverQuitsIsToldToHowManyExitIsSent() {
    assertThat(ChatView.exitProgress(0)).isEqualTo("Sending exit …");
    assertThat(ChatView.exitProgress(1)).isEqualTo("Sending exit to 1 connected peer …");
    assertThat(ChatView.exitProgress(2)).isEqualTo("Sending exit to 2 connected peers …");
  }
}
