package io.p2pchat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Conversation;
import io.p2pchat.Fingerprint;
import io.p2pchat.MessageStore;
import io.p2pchat.PeerAddress;
import io.p2pchat.StoreTransaction;
import io.p2pchat.StoredMessage;
import io.p2pchat.StoredMessage.State;
import io.p2pchat.cli.chat.PeerNames;
import io.p2pchat.cli.output.HistoryText;
import io.p2pchat.testing.stores.MemoryStore;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HistoryCommandTest {
  private static final Conversation ONE = key("83a99101".repeat(8));
  private static final Conversation OTHER = key("2000fe14".repeat(8));
  private static final Conversation LIKE_OTHER = key("2000fe14" + "684b5e80".repeat(7));
  private static final Conversation PLAIN = Conversation.of(new PeerAddress("192.0.2.7", 7203));

  private final MessageStore store = new MemoryStore(new MemoryStore.Disk());
  private final HistoryText text =
      new HistoryText(ZoneOffset.UTC, Map.of(), new PeerNames(List::of)::of);

  @BeforeEach
  void claim() {
    store.claim();
  }

  private static Conversation key(String digits) {
    return Conversation.of(Fingerprint.parse(digits));
  }

  private void add(Conversation with, State state, String team) {
    try (StoreTransaction transaction = store.begin()) {
      StoredMessage.Builder message = StoredMessage.builder(with, state, "hi", Instant.EPOCH);
      transaction.add((state.outgoing() ? message : message.teamName(team)).build());
      transaction.commit();
    }
  }

  private List<StoredMessage> find(String name) {
    return HistoryCommand.conversations(store, name, text);
  }

  private List<Conversation> conversations(String name) {
    return find(name).stream().map(StoredMessage::conversation).toList();
  }

  @Test
  void aNameWithDigitsOfTheKeyIsThatOfOnePeer() {
    add(ONE, State.TAKEN, "Bob");
    add(OTHER, State.TAKEN, "Bob");
    assertThat(conversations("bob")).hasSize(2);
    assertThat(conversations("Bob|83a99101")).containsExactly(ONE);
    assertThat(conversations("bob|2000fe14-2000fe14")).containsExactly(OTHER);
    assertThat(conversations("Carol|2000fe14")).isEmpty();
  }

  @Test
  void aProgramWithoutAKeyHasTheNameThatItGaveLast() {
    add(PLAIN, State.TAKEN, "Perl");
    add(PLAIN, State.TAKEN, "Python");
    add(PLAIN, State.WRITTEN, "");
    assertThat(conversations("python")).containsExactly(PLAIN);
    assertThat(conversations("Perl")).isEmpty();
  }

  @Test
  void ofSeveralPeersEachIsNamedByWhatCanBeTyped() {
    add(ONE, State.TAKEN, "Bob");
    add(OTHER, State.TAKEN, "Bob");
    add(LIKE_OTHER, State.TAKEN, "Bob");
    add(PLAIN, State.TAKEN, "Bob");
    String problem = HistoryCommand.notOne("Bob", find("Bob"));
    assertThat(problem)
        .startsWith("Several peers are called Bob. Use one of these: ")
        .doesNotContainPattern("[0-9a-f-]{18}");
    List<String> typed = List.of(problem.substring(problem.lastIndexOf(": ") + 2).split(", "));
    assertThat(typed)
        .containsExactlyInAnyOrder(
            "83a99101", "2000fe14-2000fe14", "2000fe14-684b5e80", "192.0.2.7:7203");
    assertThat(typed).allSatisfy(each -> assertThat(find(each)).hasSize(1));
    assertThat(HistoryCommand.notOne("Carol", find("Carol")))
        .isEqualTo("There are no messages with Carol.");
  }
}
