package io.p2pchat.cli.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.p2pchat.KnownPeer;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNode;
import io.p2pchat.Security;
import io.p2pchat.cli.output.Events;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PeerPromptTest {
  private final List<String> shown = new CopyOnWriteArrayList<>();
  private final List<String> asked = new ArrayList<>();
  private final OutputQueue output = new OutputQueue(shown::addAll);
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

  @Test
  void whichOfSeveralIsAskedUntilItIsClear() throws Exception {
    ChatFormat people = people();
    PeerPrompt prompt = prompt(people, "3", "Bob", "nonsense", "2");
    assertThat(prompt.peer("Bob").peer().flatMap(Peer::fingerprint)).contains(Events.OTHER_KEY);
    output.flush();
    assertThat(shown)
        .containsExactly(
            "Several peers have this name:",
            "  1  10.0.0.1:1 (Bob), 🔒 offline, 2 waiting",
            "  2  10.0.0.1:2 (Bob|89abcdef), 🔒 offline",
            "\"3\" is none of these numbers.",
            "\"Bob\" is none of these numbers.",
            "\"nonsense\" is none of these numbers.");
    assertThat(asked).hasSize(4).containsOnly("Number (Enter cancels): ");
    assertThatThrownBy(() -> prompt(people, "").peer("Bob")).isInstanceOf(CancelledException.class);
  }

  @Test
  void onlyWhatLooksLikeAHostIsAskedForItsPort() throws Exception {
    for (String host : List.of("localhost", "192.0.2.1", "2001:db8::1", "pc.local", "pc7")) {
      assertThat(recipient(people(), host, "7001").address())
          .isEqualTo(new PeerAddress(host, 7001));
    }
    assertThatThrownBy(() -> recipient(people(), "Bbo"))
        .isInstanceOf(WrongAnswerException.class)
        .hasMessage(
            "Nobody here is called Bbo. /peers lists who is here. For a host, type HOST:PORT.");
    assertThat(recipient(people(), "Bbo:7001").address()).isEqualTo(new PeerAddress("Bbo", 7001));
    assertThat(recipient(ChatFormat.forScripts(), "Bbo", "7001").address())
        .isEqualTo(new PeerAddress("Bbo", 7001));
  }

  private Recipient recipient(ChatFormat format, String... answers) throws Exception {
    return prompt(format, answers).recipient("Recipient IP", "Recipient port:", Optional.empty());
  }

  /** Returns the format of a person who knows two Bobs. */
  private static ChatFormat people() {
    List<KnownPeer> known =
        List.of(
            KnownPeer.of("Bob", new PeerAddress("10.0.0.1", 1), Events.KEY, Instant.EPOCH),
            KnownPeer.of(
                "Bob",
                new PeerAddress("10.0.0.1", 2),
                Events.OTHER_KEY,
                Instant.EPOCH.plusSeconds(1)));
    return new ChatFormat(false, true, new PeerNames(() -> known));
  }

  private PeerPrompt prompt(ChatFormat format, String... answers) {
    PeerNumbers numbers = new PeerNumbers(List::of);
    PeerResolver resolver = new PeerResolver(node, numbers, format.names());
    Iterator<String> next = List.of(answers).iterator();
    Screen screen =
        new Screen() {
          @Override
          public String ask(Prompt question) {
            asked.add(question.prompt());
            return next.next();
          }

          @Override
          public void show(List<String> lines) {}
        };
    List<Peer> waiting =
        List.of(
            Peer.builder(new PeerAddress("10.0.0.1", 1))
                .teamName("Bob")
                .fingerprint(Events.KEY)
                .state(Peer.State.UNREACHABLE)
                .unacknowledged(2)
                .build());
    return new PeerPrompt(resolver, numbers, node, screen, output, format, () -> waiting);
  }
}
