package io.p2pchat.cli.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.p2pchat.PeerNode;
import io.p2pchat.Security;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PeerPromptTest {
  private final OutputQueue output = new OutputQueue(lines -> {});
  private final PeerNode node =
      PeerNode.builder()
          .teamName("Ann")
          .bindAddress("127.0.0.1")
          .security(Security.plaintext())
          .listener(event -> {})
          .start();

  @AfterEach
  void close() {
    node.close();
    output.close();
  }

  @Test
  void anEmptyLineIsNoMessageOfAPerson() throws Exception {
    ChatFormat people = new ChatFormat(false, true, new PeerNames(List::of));
    for (String empty : List.of("", "  ")) {
      assertThatThrownBy(() -> prompt(people, empty).message())
          .isInstanceOf(WrongAnswerException.class)
          .hasMessage("Not sent: the message is empty.");
    }
    assertThat(prompt(people, " x ").message()).isEqualTo(" x ");
    assertThat(prompt(ChatFormat.forScripts(), " ").message()).isEmpty();
  }

  @Test
  void anUnknownNameIsNotAskedForItsPort() {
    ChatFormat people = new ChatFormat(false, true, new PeerNames(List::of));
    assertThatThrownBy(() -> prompt(people, "").peer("Bpb"))
        .isInstanceOf(WrongAnswerException.class)
        .hasMessage("Nobody here is called Bpb. /peers lists who is here.");
    assertThatThrownBy(() -> prompt(people, "").peers("192.0.2.1"))
        .isInstanceOf(WrongAnswerException.class)
        .hasMessage("The address 192.0.2.1 needs a port: HOST:PORT.");
  }

  private PeerPrompt prompt(ChatFormat format, String answer) {
    PeerNumbers numbers = new PeerNumbers(List::of);
    PeerResolver resolver = new PeerResolver(node, numbers, format.names());
    Screen screen =
        new Screen() {
          @Override
          public String ask(Prompt question) {
            return answer;
          }

          @Override
          public void show(List<String> lines) {}
        };
    return new PeerPrompt(resolver, numbers, node, screen, output, format);
  }
}
