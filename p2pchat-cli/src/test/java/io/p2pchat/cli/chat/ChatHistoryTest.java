package io.p2pchat.cli.chat;

import static io.p2pchat.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.p2pchat.Conversation;
import io.p2pchat.Fingerprint;
import io.p2pchat.HistoryQuery;
import io.p2pchat.KnownPeer;
import io.p2pchat.MessageStore;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNode;
import io.p2pchat.Security;
import io.p2pchat.StoreTransaction;
import io.p2pchat.StoredMessage;
import io.p2pchat.StoredMessage.State;
import io.p2pchat.cli.chat.ChatHistory.Reads;
import io.p2pchat.cli.output.LineWrap;
import io.p2pchat.testing.stores.MemoryStore;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ChatHistoryTest {
  private static final Fingerprint KEY = Fingerprint.parse("0123abcd".repeat(8));
  private static final PeerAddress ADDRESS = new PeerAddress("192.0.2.7", 7001);
  private static final Reads AT_ONCE = new Reads(Runnable::run, Duration.ofMinutes(1));

  private final MessageStore store = new MemoryStore(new MemoryStore.Disk());
  private final List<String> shown = new CopyOnWriteArrayList<>();
  private final OutputQueue output = new OutputQueue(shown::addAll);
  private final Unread unread = new Unread();
  private final ChatFormat format =
      new ChatFormat(
          false,
          true,
          new PeerNames(() -> List.of(KnownPeer.of("Bob", ADDRESS, KEY, Instant.EPOCH))));
  private final PeerNode node =
      PeerNode.builder()
          .teamName("Ann")
          .bindAddress("127.0.0.1")
          .security(Security.plaintext())
          .listener(event -> {})
          .start();
  private final Set<Peer> ignored = new HashSet<>();
  private final ChatHistory history = history(Optional.of(store), node, AT_ONCE);
  private final Recipient bob = Recipient.of(format.names().known().get(0));

  private ChatHistory history(Optional<MessageStore> from, PeerNode of, Reads reads) {
    return new ChatHistory(from, of, output, format, unread, ignored::contains, reads);
  }

  @BeforeEach
  void fill() {
    store.claim();
  }

  @AfterEach
  void close() {
    node.close();
    output.close();
  }

  private static Instant at(String time) {
    return LocalDateTime.parse(time).atZone(ZoneId.systemDefault()).toInstant();
  }

  private void add(StoredMessage.Builder message) {
    try (StoreTransaction transaction = store.begin()) {
      transaction.add(message.build());
      transaction.commit();
    }
  }

  private static StoredMessage.Builder message(State state, String text, String time) {
    return StoredMessage.builder(Conversation.of(KEY), state, text, at(time))
        .teamName(state.outgoing() ? null : "Bob")
        .address(ADDRESS);
  }

  private List<String> lines() {
    output.flush();
    return shown;
  }

  @Test
  void messagesLookAsWhenTheyCameWithARuleBeforeEachDay() throws Exception {
    add(message(State.TAKEN, "lunch?", "2026-03-01T12:00"));
    add(message(State.DELIVERED, "yes", "2026-03-01T12:01"));
    add(message(State.TAKEN, "late", "2026-03-02T08:00").claimedTime(at("2026-03-01T23:59")));
    add(message(State.WRITTEN, "w", "2026-03-02T08:01"));
    add(message(State.KEPT, "kept", "2026-03-02T08:02").number("outbox", 1));
    add(message(State.FAILED, "failed", "2026-03-02T08:03").failure("Bob \u001b refused"));
    history.show(Optional.of(bob), 20);
    assertThat(lines())
        .hasSize(9)
        .startsWith(
            "── Sunday, 1 March 2026 ──",
            "12:00 🔒 192.0.2.7:7001 (Bob): lunch?",
            "12:01 ✓✓ you → 192.0.2.7:7001 (Bob): yes",
            "── Monday, 2 March 2026 ──",
            "08:00 🔒 192.0.2.7:7001 (Bob): late (sent\u00a01 March, 23:59)",
            "08:01 ✓  you → 192.0.2.7:7001 (Bob): w",
            "08:02 …  you → 192.0.2.7:7001 (Bob): kept (kept until Bob is back)",
            "08:03 ✗  you → 192.0.2.7:7001 (Bob): failed (Bob \\u001b refused)")
        .last()
        .asString()
        .as("what follows is of today")
        .startsWith("── ");
  }

  /** A whole key is longer than a line of a small terminal can be broken. */
  @Test
  void theReasonOfAFailureShowsNoWholeKey() throws Exception {
    String reason =
        "127.0.0.1:7001 was team \"Bob\" with the key %s (since 2026-11-27T21:02:06Z),"
            + " and now team \"Bob\" answers there with the key %s; nothing was sent";
    add(message(State.FAILED, "hi", "2026-03-02T08:03").failure(reason.formatted(KEY, KEY)));
    history.show(Optional.of(bob), 20);
    assertThat(lines().get(1))
        .endsWith(
            " hi (127.0.0.1:7001 was team \"Bob\" with the key 0123abcd-0123abcd,"
                + " and now team \"Bob\" answers there with the key 0123abcd-0123abcd;"
                + " nothing was sent)");
  }

  @Test
  void aLongMessageIsBrokenAtWordsOnASmallTerminal() throws Exception {
    add(message(State.TAKEN, "word ".repeat(40).strip(), "2026-03-01T12:00"));
    history.show(Optional.of(bob), 20);
    List<String> wrapped = LineWrap.of(lines().get(1), 80);
    assertThat(wrapped)
        .hasSizeGreaterThan(2)
        .allMatch(line -> line.length() <= 80 && line.endsWith("word"));
    assertThat(wrapped.stream().skip(1).collect(Collectors.toList()))
        .allMatch(line -> line.startsWith(" ".repeat(11) + "word"));
  }

  @Test
  void anOpenedConversationShowsItsLastMessagesAndIsRead() {
    for (int i = 1; i <= 12; i++) {
      add(message(State.TAKEN, "text " + i, "2026-03-01T12:00"));
    }
    unread.add(Conversation.of(KEY), 3);
    history.opened(bob);
    assertThat(lines()).hasSize(12).element(1).asString().endsWith(": text 3");
    assertThat(unread.all()).isZero();
  }

  @Test
  void whatTheHistoryOfAllShowsIsRead() throws Exception {
    for (int i = 1; i <= 5; i++) {
      add(message(State.TAKEN, "text " + i, "2026-03-01T12:00"));
    }
    add(message(State.DELIVERED, "mine", "2026-03-01T12:01"));
    unread.add(Conversation.of(KEY), 4);
    history.search("text");
    assertThat(unread.all()).isEqualTo(4);
    history.show(Optional.empty(), 3);
    assertThat(unread.all()).isEqualTo(2);
    history.show(Optional.empty(), 20);
    assertThat(unread.all()).isZero();
  }

  /** The store may learn later than the sender that a message was delivered. */
  @Test
  void whatIsSentToAPeerThatIsOnlineDoesNotWaitForItsReturn() throws Exception {
    try (PeerNode ann = encrypting("Ann");
        PeerNode here = encrypting("Bob")) {
      ann.send(here.addresses().get(0), "hello").join();
      add(
          StoredMessage.builder(
                  Conversation.of(here.fingerprint().orElseThrow()),
                  State.KEPT,
                  "hello",
                  at("2026-03-01T12:00"))
              .address(here.addresses().get(0))
              .number("outbox", 1));
      history(Optional.of(store), ann, AT_ONCE).show(Optional.empty(), 20);
      assertThat(lines()).element(1).asString().contains(" …  you → ").endsWith(": hello");
    }
  }

  @Test
  void whoHasLeftIsListedWhileMessagesWait() {
    for (int i = 1; i <= 150; i++) {
      keep(KEY, "text " + i, i);
    }
    receive("what comes later does not end the wait");
    keep(Fingerprint.parse("89abcdef".repeat(8)), "to a key that is not known", 1);
    add(
        StoredMessage.builder(
            Conversation.of(ADDRESS), State.WRITTEN, "hi", at("2026-03-01T13:00")));
    PeerTable table =
        new PeerTable(
            format, new PeerNumbers(List::of), unread, history::waiting, ignored::contains);
    assertThat(table.of(node))
        .containsExactly(
            "Peers:",
            "  1  Bob           192.0.2.7:7001  known  🔒 offline, 150 waiting",
            "  2  unknown_team  192.0.2.7:7001  known  🔒 offline, 1 waiting");
  }

  /** A page of the kept messages of all costs the store as much as all of them. */
  @Test
  void keptMessagesAreCountedByConversation() {
    for (int i = 1; i <= 2_001; i++) {
      keep(KEY, "text", i);
    }
    List<HistoryQuery> queries = new ArrayList<>();
    MessageStore watched =
        storeThat(
            arguments -> {
              if (arguments[0] instanceof HistoryQuery query) {
                queries.add(query);
                return store.messages(query);
              }
              return store.conversations((int) arguments[0]);
            });
    assertThat(history(Optional.of(watched), node, AT_ONCE).waiting())
        .singleElement()
        .returns(2_001, Peer::unacknowledged);
    assertThat(queries)
        .hasSize(3)
        .allMatch(query -> query.conversation().equals(Optional.of(Conversation.of(KEY))));
  }

  private static MessageStore storeThat(Function<Object[], Object> answers) {
    return (MessageStore)
        Proxy.newProxyInstance(
            MessageStore.class.getClassLoader(),
            new Class<?>[] {MessageStore.class},
            (proxy, method, arguments) -> answers.apply(arguments));
  }

  @Test
  void aDiskThatDoesNotAnswerDoesNotHoldUpTheInput() throws Exception {
    add(message(State.TAKEN, "lunch?", "2026-03-01T12:00"));
    List<Runnable> hanging = new ArrayList<>();
    ChatHistory slow = history(Optional.of(store), node, new Reads(hanging::add, Duration.ZERO));
    slow.show(Optional.of(bob), 20);
    slow.search("nothing");
    slow.opened(bob);
    PeerTable table =
        new PeerTable(format, new PeerNumbers(List::of), unread, slow::waiting, ignored::contains);
    assertThat(table.of(node)).containsExactly("Peers:", "  none");
    assertThat(table.of(node)).containsExactly("Peers:", "  none");
    assertThat(hanging).as("/peers reads once at a time").hasSize(4);
    assertThat(lines())
        .containsExactly(
            "Reading the history …",
            "Reading the history …",
            "Reading the history …",
            "The history has not answered within a second. The list may lack peers that have left.",
            "The history is still being read. The list may lack peers that have left.");
    hanging.forEach(Runnable::run);
    assertThat(lines())
        .filteredOn(line -> line.endsWith("lunch?") || line.equals("No messages."))
        .hasSize(3);
    table.of(node);
    assertThat(hanging).hasSize(5);
  }

  @Test
  void aThousandReadsWaitForOneThreadAndWithALimit() throws Exception {
    Reads reads = Reads.onOneThread();
    Semaphore disk = new Semaphore(0);
    reads.thread().execute(disk::acquireUninterruptibly);
    ChatHistory slow = history(Optional.of(store), node, reads);
    for (int i = 0; i < 1_000; i++) {
      slow.search("nothing");
    }
    PeerTable table =
        new PeerTable(format, new PeerNumbers(List::of), unread, slow::waiting, ignored::contains);
    table.of(node);
    disk.release();
    List<String> expected = new ArrayList<>(Collections.nCopies(100, "No messages."));
    expected.addAll(Collections.nCopies(900, "The history is still being read."));
    expected.add("The history is still being read. The list may lack peers that have left.");
    eventually(
        () ->
            assertThat(lines())
                .filteredOn(line -> !line.equals("Reading the history …"))
                .containsExactlyInAnyOrderElementsOf(expected));
  }

  @Test
  void whatNobodyExpectsIsSaid() throws Exception {
    MessageStore broken =
        storeThat(
            arguments -> {
              throw new IllegalStateException("no idea");
            });
    ChatHistory of = history(Optional.of(broken), node, AT_ONCE);
    of.search("nothing");
    assertThat(of.waiting()).isEmpty();
    assertThat(lines())
        .containsExactly(
            "Failed: No idea.",
            "The history cannot be read. The list may lack peers that have left.");
  }

  private void keep(Fingerprint key, String text, int number) {
    add(
        StoredMessage.builder(Conversation.of(key), State.KEPT, text, at("2026-03-01T12:00"))
            .address(ADDRESS)
            .number("outbox", number));
  }

  @Test
  void messagesOfIgnoredPeersAreCountedAndNotShown() throws Exception {
    receive("one");
    receive("two");
    keep(KEY, "mine", 1);
    ignored.add(format.names().known().get(0));
    history.show(Optional.of(bob), 20);
    assertThat(lines())
        .anyMatch(line -> line.endsWith("mine (kept until Bob is back)"))
        .contains("(2 messages of ignored peers are hidden)")
        .noneMatch(line -> line.contains(": one") || line.contains(": two"));
  }

  private void receive(String text) {
    add(
        StoredMessage.builder(Conversation.of(KEY), State.UNTAKEN, text, at("2026-03-01T12:00"))
            .teamName("Bob")
            .address(ADDRESS));
  }

  private static PeerNode encrypting(String team) {
    return PeerNode.builder()
        .teamName(team)
        .bindAddress("127.0.0.1")
        .security(Security.opportunistic())
        .listener(event -> {})
        .start();
  }

  @Test
  void whatWasSentWithoutEncryptionHasTheNameOfThePeerIfItIsKnown() throws Exception {
    PeerAddress python = new PeerAddress("192.0.2.8", 7001);
    PeerAddress nobody = new PeerAddress("192.0.2.9", 7001);
    plain(python, State.WRITTEN, "hi, Python", null);
    plain(python, State.TAKEN, "hi", "Python");
    plain(nobody, State.WRITTEN, "who are you?", null);
    plain(nobody, State.FAILED, "are you there?", null);
    history.show(Optional.empty(), 20);
    assertThat(lines().subList(1, 5))
        .containsExactly(
            "12:00 ✓  you → 192.0.2.8:7001 (Python): hi, Python",
            "12:00 ⚠  192.0.2.8:7001 (Python, plain): hi",
            "12:00 ✓  you → 192.0.2.9:7001: who are you?",
            "12:00 ✗  you → 192.0.2.9:7001: are you there?");
  }

  private void plain(PeerAddress peer, State state, String text, @Nullable String team) {
    add(
        StoredMessage.builder(Conversation.of(peer), state, text, at("2026-03-01T12:00"))
            .address(peer)
            .teamName(team));
  }

  @Test
  void whatWasSentWithoutEncryptionHasTheNameOfThisChat() throws Exception {
    try (PeerNode python =
        PeerNode.builder()
            .teamName("Python")
            .bindAddress("127.0.0.1")
            .security(Security.plaintext())
            .listener(event -> {})
            .start()) {
      PeerAddress address = python.addresses().get(0);
      node.send(address, "hello").join();
      plain(address, State.WRITTEN, "hello", null);
      history.show(Optional.empty(), 20);
      assertThat(lines()).element(1).asString().endsWith(address + " (Python): hello");
    }
  }

  @Test
  void aPeerWithoutMessagesHasNone() throws Exception {
    history.opened(bob);
    assertThat(lines()).isEmpty();
    history.show(Optional.of(bob), 5);
    assertThat(lines()).containsExactly("No messages.");
  }

  @Test
  void aPeerWithANewKeyHasTheMessagesOfTheKeyBefore() throws Exception {
    Fingerprint before = Fingerprint.parse("89abcdef".repeat(8));
    add(
        StoredMessage.builder(Conversation.of(before), State.TAKEN, "hi", at("2026-03-01T12:00"))
            .teamName("bob")
            .address(ADDRESS));
    add(
        StoredMessage.builder(
                Conversation.of(before), State.DELIVERED, "yo", at("2026-03-01T12:01"))
            .address(ADDRESS));
    plain(ADDRESS, State.TAKEN, "no key", "Bob");
    history.show(Optional.of(bob), 20);
    assertThat(lines().subList(0, 4))
        .containsExactly(
            "No messages with this key. Those of another key with this name:",
            "── Sunday, 1 March 2026 ──",
            "12:00 🔒 192.0.2.7:7001 (bob|89abcdef): hi",
            "12:01 ✓✓ you → 89abcdef: yo");
    shown.clear();
    receive("here I am");
    history.show(Optional.of(bob), 20);
    assertThat(lines()).noneMatch(line -> line.contains(": hi"));
  }

  @Test
  void aMessageToAKnownPeerIsKept() {
    assertThat(history.keptFor(bob)).contains("Bob");
    assertThat(history.keptFor(Recipient.at(ADDRESS))).contains("Bob");
    assertThat(history.keptFor(Recipient.at(new PeerAddress("192.0.2.8", 7001)))).isEmpty();
    ChatHistory none = history(Optional.empty(), node, AT_ONCE);
    assertThat(none.keptFor(bob)).isEmpty();
  }

  @Test
  void whatCannotBeShownIsSaid() {
    assertThatThrownBy(() -> history.search(" *** "))
        .isInstanceOf(WrongAnswerException.class)
        .hasMessage("A word to search for has letters or digits.");
    ChatHistory none = history(Optional.empty(), node, AT_ONCE);
    assertThatThrownBy(() -> none.show(Optional.empty(), 5))
        .isInstanceOf(WrongAnswerException.class)
        .hasMessage("This chat has no history; start it without --no-history.");
  }

  @Test
  void aNumberIsACountOnlyWhereItCanBeOne() throws Exception {
    assertThat(ChatHistory.Request.of("", false)).isEqualTo(new ChatHistory.Request("", 20));
    assertThat(ChatHistory.Request.of("7", false)).isEqualTo(new ChatHistory.Request("7", 20));
    assertThat(ChatHistory.Request.of("7", true)).isEqualTo(new ChatHistory.Request("", 7));
    assertThat(ChatHistory.Request.of("Bob 7", false)).isEqualTo(new ChatHistory.Request("Bob", 7));
    assertThatThrownBy(() -> ChatHistory.Request.of("Bob 0", false))
        .hasMessage("Not a number of messages: 0; accepted are 1 to 1000.");
  }
}
