package io.p2pchat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Conversation;
import io.p2pchat.Fingerprint;
import io.p2pchat.MessageStore;
import io.p2pchat.PeerAddress;
import io.p2pchat.StoreTransaction;
import io.p2pchat.StoredMessage;
import io.p2pchat.StoredMessage.State;
import io.p2pchat.TrustStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryIT {
  private static final Conversation BOB = Conversation.of(Fingerprint.parse("0123abcd".repeat(8)));
  private static final Conversation OLD = Conversation.of(new PeerAddress("192.0.2.7", 7001));

  @TempDir Path dataDir;

  @BeforeEach
  void fill() {
    Instant now = Instant.now();
    try (MessageStore store = HistoryStore.open(dataDir)) {
      store.claim();
      try (StoreTransaction transaction = store.begin()) {
        transaction.add(
            StoredMessage.builder(BOB, State.TAKEN, "lunch?", now.minusSeconds(7200))
                .teamName("Bob")
                .build());
        transaction.add(
            StoredMessage.builder(BOB, State.KEPT, "yes \u001b[1m\nsoon", now)
                .number("outbox", 1)
                .teamName("Bob")
                .build());
        transaction.add(StoredMessage.builder(OLD, State.TAKEN, "plain lunch", now).build());
        transaction.commit();
      }
    }
  }

  private List<String> history(String... args) {
    try (CliProcess process = process(args)) {
      assertThat(process.awaitExit()).isZero();
      assertThat(process.err.awaitAll()).isEmpty();
      return process.out.awaitAll();
    }
  }

  private CliProcess process(String... args) {
    String[] all = new String[args.length + 3];
    all[0] = "history";
    all[1] = "--data-dir";
    all[2] = dataDir.toString();
    System.arraycopy(args, 0, all, 3, args.length);
    return CliProcess.start(all);
  }

  @Test
  void messagesAreShownWithTheirDateInOrder() {
    assertThat(history())
        .satisfiesExactly(
            line -> assertThat(line).matches("20\\d\\d-\\d\\d-\\d\\d \\d\\d:\\d\\d  Bob: lunch\\?"),
            line -> assertThat(line).contains("to Bob: yes \\u001b[1m").contains("(kept, not"),
            line -> assertThat(line).endsWith("192.0.2.7:7001: plain lunch"));
    assertThat(history("bob")).hasSize(2);
    assertThat(history("0123abcd-0123abcd")).hasSize(2);
    assertThat(history("--since", "1h", "--search", "LUN")).hasSize(1);
    assertThat(history("--json", "192.0.2.7:7001"))
        .singleElement()
        .asString()
        .contains("\"direction\":\"in\"")
        .contains("\"text\":\"plain lunch\"")
        .contains("\"address\":\"192.0.2.7:7001\"");
    assertThat(history("export")).hasSize(3).allMatch(line -> line.startsWith("{\"row\":"));
  }

  @Test
  void aDeletedConversationIsGone() {
    assertThat(history("--delete", "Bob")).containsExactly("Deleted the messages of Bob.");
    assertThat(history()).hasSize(1);
    assertThat(history("--delete", "--all")).containsExactly("Deleted the messages of all peers.");
    assertThat(history()).isEmpty();
  }

  @Test
  void theDefaultOfJsonNeitherTurnsTheOptionOffNorHindersADeletion() {
    Map<String, String> json = Map.of("P2PCHAT_JSON", "true");
    String data = dataDir.toString();
    for (String option : List.of("--json", "--no-json")) {
      try (CliProcess process =
          CliProcess.startWith(json, dataDir, "history", "--data-dir", data, option, "Bob")) {
        assertThat(process.awaitExit()).isZero();
        assertThat(process.out.awaitAll())
            .hasSize(2)
            .allMatch(line -> line.startsWith("{") == option.equals("--json"));
      }
    }
    try (CliProcess process =
        CliProcess.startWith(json, dataDir, "history", "--data-dir", data, "--delete", "Bob")) {
      assertThat(process.awaitExit()).isZero();
      assertThat(process.out.awaitAll()).containsExactly("Deleted the messages of Bob.");
    }
    try (CliProcess process = process("--delete", "--json", "Bob")) {
      assertThat(process.awaitExit()).isEqualTo(2);
      assertThat(process.err.toString()).contains("Use --delete with PEER or --all only.");
    }
  }

  @Test
  void whatCannotBeDoneIsSaid() {
    try (CliProcess process = process("Carol")) {
      assertThat(process.awaitExit()).isEqualTo(1);
      assertThat(process.err.awaitAll()).containsExactly("There are no messages with Carol.");
    }
    try (CliProcess process = process("--delete")) {
      assertThat(process.awaitExit()).isEqualTo(2);
    }
    try (CliProcess process = process("--since", "yesterday")) {
      assertThat(process.awaitExit()).isEqualTo(2);
      assertThat(process.err.toString()).contains("not a time: \"yesterday\"");
    }
    try (MessageStore store = HistoryStore.open(dataDir)) {
      store.claim();
      assertThat(history()).as("beside a running chat").hasSize(3);
      try (CliProcess process = process("--delete", "--all")) {
        assertThat(process.awaitExit()).isEqualTo(1);
        assertThat(process.err.toString()).contains("in use by another p2pchat");
      }
    }
  }

  @Test
  void aKnownPeerIsNamedWhereItsMessagesHaveNoName() {
    Fingerprint key = Fingerprint.parse("4567abcd".repeat(8));
    TrustStore.open(dataDir).accept("Carol", new PeerAddress("192.0.2.9", 7001), key);
    try (MessageStore store = HistoryStore.open(dataDir)) {
      store.claim();
      try (StoreTransaction transaction = store.begin()) {
        transaction.add(
            StoredMessage.builder(Conversation.of(key), State.KEPT, "to a key", Instant.now())
                .number("outbox", 2)
                .build());
        transaction.commit();
      }
    }
    assertThat(history("carol")).singleElement().asString().contains("  to Carol: to a key (kept,");
    assertThat(history("--json", "Carol"))
        .singleElement()
        .asString()
        .contains("\"team\":\"Carol\"");
  }

  /** Anybody can call himself Bob, or "to Bob". */
  @Test
  void whatOthersSayIsNotShownAsWhatAKnownPeerHasSaid() {
    Fingerprint bob = BOB.key().orElseThrow();
    TrustStore.open(dataDir).accept("Bob", new PeerAddress("192.0.2.9", 7001), bob);
    Conversation other = Conversation.of(Fingerprint.parse("4567abcd".repeat(8)));
    try (MessageStore store = HistoryStore.open(dataDir)) {
      store.claim();
      try (StoreTransaction transaction = store.begin()) {
        forge(transaction, other, "to Bob");
        forge(transaction, other, "Bob");
        forge(transaction, OLD, "Bob");
        transaction.commit();
      }
    }
    assertThat(history("--search", "forged"))
        .satisfiesExactly(
            line -> assertThat(line).endsWith("  \"to Bob\": forged"),
            line -> assertThat(line).endsWith("  Bob|4567abcd: forged"),
            line -> assertThat(line).endsWith("  192.0.2.7:7001 (Bob, plain): forged"));
    assertThat(history("Bob|4567abcd")).hasSize(2);
  }

  private static void forge(StoreTransaction transaction, Conversation with, String team) {
    transaction.add(
        StoredMessage.builder(with, State.TAKEN, "forged", Instant.now()).teamName(team).build());
  }

  @Test
  void badInputNamesWhatIsWrong() {
    wrong(
        "Invalid value for option '--search': \"*\" has no letters and no digits", "--search", "*");
    wrong(
        "Invalid value for option '--since': not a time: \"2026-02-30\"", "--since", "2026-02-30");
    wrong("Use --all only with --delete", "--all");
    wrong("Use --delete with PEER or --all only", "--delete", "--since", "7d", "Bob");
    wrong("Usage: p2pchat history --delete PEER, or --delete --all", "--delete", "--all", "Bob");
    wrong("Unmatched argument", "Bob", "Carol");
  }

  private void wrong(String message, String... args) {
    try (CliProcess process = process(args)) {
      assertThat(process.awaitExit()).isEqualTo(2);
      assertThat(process.err.toString()).contains(message);
      assertThat(process.out.awaitAll()).isEmpty();
    }
  }

  @Test
  void withoutAHistoryThereAreNoMessages() throws IOException {
    dataDir = Files.createDirectory(dataDir.resolve("empty"));
    assertThat(history()).isEmpty();
    assertThat(history("export")).isEmpty();
    try (CliProcess process = process("Bob")) {
      assertThat(process.awaitExit()).isEqualTo(1);
      assertThat(process.err.awaitAll()).containsExactly("There are no messages with Bob.");
    }
    assertThat(dataDir).isEmptyDirectory();
  }
}
