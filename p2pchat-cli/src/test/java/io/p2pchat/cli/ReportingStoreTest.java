package io.p2pchat.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.p2pchat.Conversation;
import io.p2pchat.MessageStore;
import io.p2pchat.StoreException;
import io.p2pchat.StoreException.Reason;
import io.p2pchat.StoreTransaction;
import io.p2pchat.StoredMessage;
import io.p2pchat.StoredMessage.State;
import io.p2pchat.cli.ReportingStore.Reports;
import io.p2pchat.testing.stores.MemoryStore;
import io.p2pchat.testing.stores.MessageStoreContract;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportingStoreTest extends MessageStoreContract {
  private final StoreException full = new StoreException(Reason.FULL, "It is full.", null);

  private final MemoryStore.Disk disk = new MemoryStore.Disk();
  private final List<String> told = new ArrayList<>();

  @TempDir Path directory;

  @Override
  protected MessageStore open() {
    return reporting(new MemoryStore(disk));
  }

  private MessageStore reporting(MessageStore store) {
    Reports reports =
        new Reports() {
          @Override
          public void warn(String text) {
            told.add("! " + text);
          }

          @Override
          public void tell(String text) {
            told.add(text);
          }
        };
    return new ReportingStore(store, reports, () -> NOW);
  }

  private static void add(MessageStore store, Instant time) {
    try (StoreTransaction transaction = store.begin()) {
      transaction.add(
          StoredMessage.builder(Conversation.of(PLAIN), State.TAKEN, "text", time).build());
      transaction.commit();
    }
  }

  @Test
  void aFailureIsToldOnceAndItsEndToo() {
    MessageStore store = open();
    store.claim();
    disk.fail(full);
    assertThatThrownBy(() -> add(store, NOW)).isSameAs(full);
    assertThatThrownBy(() -> add(store, NOW)).isSameAs(full);
    assertThat(told).containsExactly("! Messages are not stored. It is full.");
    disk.fail(null);
    add(store, NOW);
    add(store, NOW);
    assertThat(told).hasSize(2).last().isEqualTo("Messages are stored again.");
  }

  @Test
  void aFailureOfAnotherKindIsToldToo() {
    MessageStore store = open();
    store.claim();
    disk.fail(full);
    assertThatThrownBy(() -> add(store, NOW)).isSameAs(full);
    disk.fail(new StoreException(Reason.CORRUPT, "It is damaged.", null));
    assertThatThrownBy(() -> add(store, NOW)).isInstanceOf(StoreException.class);
    assertThat(told).hasSize(2).last().isEqualTo("! Messages are not stored. It is damaged.");
    disk.fail(null);
    add(store, NOW);
    assertThat(told).hasSize(3).last().isEqualTo("Messages are stored again.");
  }

  @Test
  void aDiskThatDoesNotAnswerIsToldUntilItDoes() {
    MessageStore store = open();
    store.hangs(true);
    assertThat(told)
        .singleElement()
        .asString()
        .startsWith("! Messages are not stored. The disk with the history has not answered");
    store.hangs(false);
    assertThat(told).hasSize(2).last().isEqualTo("Messages are stored again.");
  }

  @Test
  void aFailureOfADiskThatHasNotAnsweredIsToldToo() {
    MessageStore store = open();
    store.claim();
    store.hangs(true);
    disk.fail(full);
    assertThatThrownBy(() -> add(store, NOW)).isSameAs(full);
    store.hangs(false);
    store.hangs(true);
    store.hangs(false);
    assertThat(told).hasSize(2).last().isEqualTo("! Messages are not stored. It is full.");
    disk.fail(null);
    add(store, NOW);
    assertThat(told).hasSize(3).last().isEqualTo("Messages are stored again.");
  }

  @Test
  void aLibraryThatCannotBeLoadedIsToldWithWhereItsOptionGoes() {
    MessageStore store = open();
    disk.fail(new StoreException(Reason.LIBRARY, "Use -D.", null));
    assertThatThrownBy(store::claim).isInstanceOf(StoreException.class);
    assertThat(told)
        .containsExactly(
            "! Messages are not stored. Use -D. For p2pchat, put this option into the variable"
                + " P2PCHAT_JAVA_OPTS.");
  }

  @Test
  void aStoreOfAnotherProgramIsToldUntilItIsFree() {
    MemoryStore other = new MemoryStore(disk);
    other.claim();
    MessageStore store = open();
    assertThatThrownBy(store::claim).isInstanceOf(StoreException.class);
    assertThat(told).singleElement().asString().startsWith("! Messages are not stored. ");
    other.close();
    store.claim();
    assertThat(told).hasSize(2).last().isEqualTo("Messages are stored again.");
  }

  @Test
  void aClockThatIsBehindIsTold() {
    MessageStore store = open();
    store.claim();
    add(store, NOW.plus(Duration.ofMinutes(1)));
    store.close();
    store.claim();
    assertThat(told).isEmpty();
    add(store, NOW.plus(Duration.ofDays(30)));
    store.close();
    store.claim();
    assertThat(told)
        .singleElement()
        .asString()
        .startsWith("! The clock of this computer is behind");
  }

  @Test
  void aDamagedFileThatWasSetAsideIsTold() throws Exception {
    Path history = directory.resolve("history");
    Files.createDirectory(
        history,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Files.writeString(history.resolve("messages.db"), "no database".repeat(1000));
    Files.setPosixFilePermissions(
        history.resolve("messages.db"), PosixFilePermissions.fromString("rw-------"));
    try (MessageStore store = reporting(HistoryStore.open(directory))) {
      store.claim();
      assertThat(told)
          .singleElement()
          .asString()
          .startsWith(
              "! " + history.toRealPath().resolve("messages.db") + ": this file is damaged.")
          .contains("The damaged file is now ");
    }
  }
}
