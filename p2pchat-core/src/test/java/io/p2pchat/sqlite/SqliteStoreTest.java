package io.p2pchat.sqlite;

import static io.p2pchat.testing.Eventually.result;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.p2pchat.Conversation;
import io.p2pchat.Fingerprint;
import io.p2pchat.HistoryQuery;
import io.p2pchat.MessageStore;
import io.p2pchat.PeerAddress;
import io.p2pchat.StoreException;
import io.p2pchat.StoreException.Reason;
import io.p2pchat.StoreState;
import io.p2pchat.StoreTransaction;
import io.p2pchat.StoredMessage;
import io.p2pchat.StoredMessage.State;
import io.p2pchat.testing.stores.MessageStoreContract;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;

class SqliteStoreTest extends MessageStoreContract {
  private static final Conversation PEER = Conversation.of(PLAIN);
  private static final int PAGE = 2048;

  /** What precedes a page in the log. */
  private static final int FRAME_HEADER = 24;

  // The characters that have a meaning in the address of a database.
  @TempDir(factory = OddName.class)
  Path directory;

  private Instant now = NOW;

  static final class OddName implements TempDirFactory {
    @Override
    public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext context)
        throws IOException {
      return Files.createTempDirectory("p2p chat%20#?ü&x=");
    }
  }

  @Override
  protected MessageStore open() {
    return SqliteStore.open(directory.resolve("history"));
  }

  private Path file(String name) {
    return directory.resolve("history").resolve(name);
  }

  private static long add(MessageStore store, State state, String text, Instant time) {
    return change(store, tx -> tx.add(StoredMessage.builder(PEER, state, text, time).build()));
  }

  private static List<String> all(MessageStore store) {
    return texts(store.messages(HistoryQuery.first(HistoryQuery.MOST)));
  }

  private static void work(MessageStore store) {
    while (store.idle()) {
      // More to do.
    }
  }

  @Test
  void onlyItsOwnerCanAccessTheFiles() throws IOException {
    try (MessageStore store = open()) {
      store.claim();
      add(store, State.TAKEN, "hello", NOW);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file("."))))
          .isEqualTo("rwx------");
      for (String name : List.of("messages.db", "messages.db-wal", "messages.db-shm")) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file(name))))
            .as(name)
            .isEqualTo("rw-------");
      }
    }
  }

  /** The time of a commit rises with its pages. */
  @Test
  void aCommitWritesFewPages() throws IOException {
    try (MessageStore store = open()) {
      store.claim();
      long[] last = new long[2];
      int sent =
          pages(
              i -> {
                change(
                    store,
                    tx -> {
                      tx.end(last[0], State.DELIVERED, "");
                      last[0] = tx.add(kept(BOB, i, "text").build());
                      return 0;
                    });
              });
      int received =
          pages(
              i -> {
                change(
                    store,
                    tx -> {
                      tx.taken(last[1]);
                      last[1] = tx.receive(incoming(ANN, i, "text").build());
                      return 0;
                    });
              });
      assertThat(sent).as("message, its two indexes, the sums of its peer").isEqualTo(4);
      assertThat(received).as("these, and the number received").isEqualTo(5);
    }
  }

  /** Returns how many pages most of some commits write. */
  private int pages(IntConsumer commit) throws IOException {
    List<Long> bytes = new ArrayList<>();
    for (int i = 1; i <= 9; i++) {
      long before = Files.size(file("messages.db-wal"));
      commit.accept(i);
      bytes.add(Files.size(file("messages.db-wal")) - before);
    }
    Collections.sort(bytes);
    return (int) (bytes.get(bytes.size() / 2) / (PAGE + FRAME_HEADER));
  }

  @Test
  void aFileThatOthersCanReadIsRefused() throws IOException {
    try (MessageStore store = open()) {
      store.claim();
    }
    Files.setPosixFilePermissions(
        file("messages.db"), PosixFilePermissions.fromString("rw-r--r--"));
    try (MessageStore store = open()) {
      assertThatExceptionOfType(StoreException.class)
          .isThrownBy(store::claim)
          .withMessageContaining("messages.db: it is open to other users")
          .withMessageContaining("chmod 600");
    }
  }

  @Test
  void aDirectoryThatOthersCanWriteIsNotRead() throws IOException {
    try (MessageStore store = open()) {
      store.claim();
    }
    Files.setPosixFilePermissions(file("."), PosixFilePermissions.fromString("rwxrwxrwx"));
    try (MessageStore store = open()) {
      assertThatExceptionOfType(StoreException.class)
          .isThrownBy(() -> all(store))
          .withMessageContaining("history: it is open to other users")
          .withMessageContaining("chmod 700");
    }
  }

  @Test
  void librariesThatKilledProgramsHaveLeftAreRemoved() throws IOException {
    String name = "sqlite-3.54.1.0-0b5ff2a4-7c4c-4d43-9d62-0f3f1c7a1e9%d-libsqlitejdbc.so";
    Path old = Files.createFile(directory.resolve(name.formatted(1)));
    Path lock = Files.createFile(directory.resolve(name.formatted(1) + ".lck"));
    Path fresh = Files.createFile(directory.resolve(name.formatted(2)));
    Path backup = Files.createFile(directory.resolve("sqlite-backup.db"));
    Path notes = Files.createFile(directory.resolve("sqlite-my-own-libsqlitejdbc.so"));
    Path other = Files.createFile(directory.resolve("messages.db"));
    FileTime before = FileTime.from(Instant.now().minus(Duration.ofHours(1)));
    for (Path file : List.of(old, lock, other, backup, notes)) {
      Files.setLastModifiedTime(file, before);
    }
    SqliteConnection.removeLeftOvers(directory);
    assertThat(directory)
        .isDirectoryNotContaining(old::equals)
        .isDirectoryNotContaining(lock::equals);
    assertThat(List.of(fresh, other, backup, notes)).allMatch(Files::exists);
  }

  /** As after a network card is unplugged, or when the file is copied to another computer. */
  @Test
  void anAddressIsReadWithoutItsZoneIfTheInterfaceIsGone() throws Exception {
    PeerAddress linkLocal = new PeerAddress("fe80::1", 9);
    Conversation plain = Conversation.of(linkLocal);
    try (MessageStore store = open()) {
      store.claim();
      change(
          store,
          tx ->
              tx.add(kept(BOB, 1, "kept").address(linkLocal).sentTo(linkLocal).build())
                  + tx.receive(incoming(ANN, 1, "untaken").address(linkLocal).build())
                  + tx.add(StoredMessage.builder(plain, State.TAKEN, "plain", NOW).build()));
    }
    try (SqliteConnection connection = SqliteConnection.forWriting(file("messages.db"))) {
      connection.execute(
          "UPDATE message SET address = '[fe80::1%gone]:9', sent_to = '[fe80::1%gone]:9'");
      connection.execute("UPDATE peer SET address = '[fe80::1%gone]:9' WHERE address IS NOT NULL");
    }
    try (MessageStore store = open()) {
      StoredMessage kept = store.claim().kept().get(0);
      assertThat(kept.address()).contains(linkLocal);
      assertThat(kept.sentTo()).contains(linkLocal);
      assertThat(all(store)).containsExactly("kept", "untaken", "plain");
      assertThat(texts(store.untaken(Conversation.of(ANN), 0, 10))).containsExactly("untaken");
      assertThat(store.conversations(10))
          .extracting(StoredMessage::conversation)
          .containsExactly(plain, Conversation.of(ANN), Conversation.of(BOB));
    }
  }

  @Test
  void aDatabaseOfVersionOneIsMigrated() throws Exception {
    try (MessageStore store = open()) {
      store.claim(); // Creates the directory.
    }
    Files.delete(file("messages.db"));
    Files.createFile(
        file("messages.db"),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    String url = "jdbc:sqlite:" + file("messages.db").toUri();
    try (Connection raw = DriverManager.getConnection(url);
        Statement statement = raw.createStatement()) {
      statement.executeUpdate("PRAGMA page_size = 4096"); // As then.
      statement.executeUpdate("PRAGMA auto_vacuum = INCREMENTAL");
      statement.executeUpdate("VACUUM");
    }
    try (SqliteConnection old = SqliteConnection.forWriting(file("messages.db"))) {
      SqliteSchema.migrate(old, 1);
      assertThat(old.number("PRAGMA page_size")).isEqualTo(4096);
      old.execute("INSERT INTO peer (id, address) VALUES (1, '192.0.2.7:7001')");
      old.execute("INSERT INTO peer (id, key) VALUES (2, x'" + "ab".repeat(32) + "')");
      old.execute("INSERT INTO outbox (id, name) VALUES (1, 'old')");
      old.execute(
          "INSERT INTO message (row, peer, state, text, time) VALUES (5, 1, 5, 'from before', "
              + NOW.toEpochMilli()
              + ")");
      old.execute(
          "INSERT INTO message (row, peer, state, text, time, outbox, number)"
              + " VALUES (6, 2, 0, 'kept before', 1, 1, 3)");
    }
    try (MessageStore store = open()) {
      assertThat(found(store, "before")).as("before the migration").hasSize(2);
      StoreState state = store.claim();
      assertThat(texts(state.kept())).containsExactly("kept before");
      assertThat(state.lastRow()).isEqualTo(6);
      work(store);
      assertThat(found(store, "before")).containsExactly("from before", "kept before");
      assertThat(add(store, State.TAKEN, "new", NOW)).isEqualTo(7);
    }
    try (SqliteConnection now = SqliteConnection.forReading(file("messages.db"))) {
      assertThat(SqliteSchema.version(now)).isEqualTo(SqliteSchema.VERSION);
      assertThat(now.number("SELECT bytes FROM peer WHERE id = 1"))
          .as("what its messages take")
          .isEqualTo(2 * 200 + "from before".length() + "new".length());
    }
  }

  private static List<String> found(MessageStore store, String words) {
    return texts(store.messages(HistoryQuery.last(9).words(words)));
  }

  @Test
  void aDatabaseOfALaterVersionIsLeftAlone() throws Exception {
    try (MessageStore store = open()) {
      store.claim();
      add(store, State.TAKEN, "hello", NOW);
    }
    try (SqliteConnection later = SqliteConnection.forWriting(file("messages.db"))) {
      later.execute("PRAGMA user_version = 99");
    }
    try (MessageStore store = open()) {
      assertThatExceptionOfType(StoreException.class)
          .isThrownBy(store::claim)
          .withMessageContaining("messages.db: a later version of p2pchat has written this file")
          .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.TOO_NEW));
      assertThatExceptionOfType(StoreException.class).isThrownBy(() -> all(store));
    }
  }

  @Test
  void aDamagedFileIsSetAsideWhenTheStoreIsClaimed() throws IOException {
    Files.createDirectory(
        directory.resolve("history"),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Files.createFile(
        file("messages.db"),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file("messages.db"), "This is no database, and long enough to be seen.");
    for (int i = 0; i < 2; i++) {
      try (MessageStore store = open()) {
        StoreState state = store.claim();
        if (i == 0) {
          assertThat(state.notice().orElseThrow())
              .contains("messages.db: this file is damaged")
              .contains("not delivered are lost")
              .contains("messages.db.corrupt-");
          add(store, State.TAKEN, "new", NOW);
        }
        assertThat(all(store)).containsExactly("new");
      }
    }
    assertThat(aside()).hasSize(1);
    assertThat(Files.readString(aside().get(0))).startsWith("This is no database");
  }

  private List<Path> aside() throws IOException {
    try (Stream<Path> files = Files.list(file("."))) {
      return files.filter(path -> path.toString().contains(".db.corrupt-")).toList();
    }
  }

  @Test
  void aFileThatIsDamagedMeanwhileIsSetAsideAtTheNextTransaction() throws IOException {
    try (MessageStore store = open()) {
      store.claim();
      for (int i = 0; i < 2_000; i++) {
        add(store, State.TAKEN, "text " + "x".repeat(200), NOW);
      }
    }
    try (MessageStore store = open()) {
      store.claim();
      overwrite(1, Integer.MAX_VALUE);
      assertThatExceptionOfType(StoreException.class)
          .isThrownBy(() -> change(store, this::deleteAll))
          .withMessageContaining("messages.db: this file is damaged")
          .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.CORRUPT));
      change(store, tx -> 0);
    }
    try (MessageStore store = open()) {
      store.claim();
      assertThat(add(store, State.TAKEN, "new", NOW)).as("rows are not used again").isEqualTo(2001);
      assertThat(all(store)).containsExactly("new");
      assertThat(aside()).hasSizeGreaterThanOrEqualTo(1);
      change(store, this::deleteAll);
      assertThat(aside()).as("all means these too").isEmpty();
    }
  }

  @Test
  void aDamageThatTheClaimFindsLaterIsSetAsideToo() throws Exception {
    long page;
    try (MessageStore store = open()) {
      store.claim();
      change(store, tx -> tx.add(kept(BOB, 1, "kept").build()));
    }
    try (SqliteConnection connection = SqliteConnection.forReading(file("messages.db"))) {
      page = connection.number("SELECT rootpage FROM sqlite_master WHERE name = 'message_kept'");
    }
    overwrite((int) page - 1, (int) page);
    try (MessageStore store = open()) {
      StoreState state = store.claim();
      assertThat(state.notice().orElseThrow()).contains("not delivered are lost");
      assertThat(state.kept()).isEmpty();
      assertThat(aside()).hasSize(1);
    }
  }

  @Test
  void aDamageThatIsFoundWhenAFailedFileIsOpenedAnewIsSetAside() throws IOException {
    try (MessageStore store = open()) {
      store.claim();
      add(store, State.TAKEN, "old", NOW);
    }
    try (MessageStore store = open()) {
      store.claim();
      assertThatExceptionOfType(StoreException.class)
          .isThrownBy(() -> change(store, SqliteStoreTest::fail))
          .satisfies(e -> assertThat(e.reason()).isNotEqualTo(Reason.CORRUPT));
      overwrite(0, Integer.MAX_VALUE);
      assertThatExceptionOfType(StoreException.class)
          .isThrownBy(() -> add(store, State.TAKEN, "lost", NOW))
          .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.CORRUPT));
      add(store, State.TAKEN, "new", NOW);
      assertThat(all(store)).containsExactly("new");
      assertThat(aside().stream().filter(path -> !path.toString().matches(".*-(wal|shm)")))
          .hasSize(1);
    }
  }

  private static long fail(StoreTransaction tx) {
    return ((SqliteWriter) tx)
        .run(
            () -> {
              throw new SQLException("[SQLITE_IOERR] Some kind of disk I/O error occurred");
            });
  }

  @Test
  void aDamageThatAReaderFindsIsSetAsideAtTheNextTransaction() throws IOException {
    try (MessageStore store = open()) {
      store.claim();
      for (int i = 0; i < 900; i++) {
        add(store, State.TAKEN, i == 400 ? "xyzzy" : "text " + "x".repeat(200), NOW);
      }
    }
    int page =
        new String(Files.readAllBytes(file("messages.db")), ISO_8859_1).indexOf("xyzzy") / PAGE;
    try (MessageStore store = open()) {
      store.claim();
      overwrite(page, page + 1);
      assertThatExceptionOfType(StoreException.class)
          .isThrownBy(() -> all(store))
          .withMessageContaining("set aside when it is next written");
      assertThatExceptionOfType(StoreException.class)
          .as("the node hears of it")
          .isThrownBy(() -> add(store, State.TAKEN, "new", NOW))
          .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.CORRUPT));
      add(store, State.TAKEN, "new", NOW);
      assertThat(all(store)).containsExactly("new");
      assertThat(aside()).hasSizeGreaterThanOrEqualTo(1);
    }
  }

  /** Loads the store where the driver is not on the class path. */
  private static final class WithoutDriver extends ClassLoader {
    WithoutDriver() {
      super(SqliteStoreTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.startsWith("org.sqlite.")) {
        throw new ClassNotFoundException(name);
      }
      if (!name.startsWith("io.p2pchat.sqlite.")) {
        return super.loadClass(name, resolve);
      }
      Class<?> loaded = findLoadedClass(name);
      return loaded == null ? define(name) : loaded;
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      try (InputStream file =
          Objects.requireNonNull(getResourceAsStream(name.replace('.', '/') + ".class"))) {
        byte[] code = file.readAllBytes();
        return defineClass(name, code, 0, code.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }

  @Test
  void aMissingDriverIsNamed() throws Exception {
    Class<?> type = new WithoutDriver().loadClass(SqliteStore.class.getName());
    Path history = directory.resolve("history");
    try (MessageStore store =
        (MessageStore) type.getMethod("open", Path.class).invoke(null, history)) {
      for (int i = 0; i < 2; i++) {
        assertThatExceptionOfType(StoreException.class)
            .isThrownBy(store::claim)
            .withMessageContaining("org.xerial:sqlite-jdbc")
            .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.LIBRARY));
      }
      assertThatExceptionOfType(StoreException.class)
          .isThrownBy(() -> all(store))
          .withMessageContaining("org.xerial:sqlite-jdbc");
    }
  }

  /** An application that shares the store can search for long. */
  @Test
  void aReadOfTheApplicationDoesNotHoldUpTheOwner() throws Exception {
    try (MessageStore store = open()) {
      store.claim();
      change(store, tx -> tx.receive(incoming(ANN, 1, "untaken").build()));
      Field reader = SqliteStore.class.getDeclaredField("reader");
      reader.setAccessible(true);
      synchronized (reader.get(store)) { // as during a search
        CompletableFuture<List<StoredMessage>> read =
            CompletableFuture.supplyAsync(() -> store.untaken(Conversation.of(ANN), 0, 10));
        assertThat(texts(result(read))).containsExactly("untaken");
      }
    }
  }

  @Test
  void eachErrorOfSqliteSaysWhatToDo() {
    Path name = Path.of("messages.db");
    Map<Integer, String> texts =
        Map.of(
            3, "you have no permission",
            5, "Close that program",
            8, "read-only",
            10, "Check the disk",
            11, "set aside",
            13, "Make room",
            14, "choose another directory",
            26, "set aside",
            1, "it cannot be used: reason");
    texts.forEach(
        (code, text) ->
            assertThat(StoreErrors.of(name, new SQLException("reason", null, 0x100 | code)))
                .hasMessageStartingWith("messages.db: ")
                .hasMessageContaining(text));
  }

  private long deleteAll(StoreTransaction transaction) {
    transaction.delete(PEER);
    transaction.deleteAll();
    return 0;
  }

  /** Spoils the pages from one up to another, by their place in the file. */
  private void overwrite(int from, int to) throws IOException {
    byte[] content = Files.readAllBytes(file("messages.db"));
    for (int i = from * PAGE; i < Math.min(content.length, (long) to * PAGE); i++) {
      content[i] = (byte) 0xa5;
    }
    Files.write(file("messages.db"), content, StandardOpenOption.WRITE);
  }

  @Test
  void nothingOfADeletedMessageStaysOnTheDisk() throws IOException {
    try (MessageStore store = open()) {
      store.claim();
      add(store, State.TAKEN, "indexed xyzzysecret one", NOW);
      change(store, tx -> tx.receive(incoming(ANN, 1, "another's text").build()));
      work(store);
      add(store, State.TAKEN, "not indexed xyzzysecret two", NOW);
      assertThat(onDisk("xyzzysecret")).isTrue();
      change(
          store,
          tx -> {
            tx.delete(PEER);
            return 0;
          });
      assertThat(onDisk("xyzzysecret")).isFalse();
      assertThat(onDisk("192.0.2.7")).isFalse();
      assertThat(all(store)).containsExactly("another's text");
    }
  }

  private boolean onDisk(String text) throws IOException {
    try (Stream<Path> files = Files.list(file("."))) {
      for (Path path : files.filter(p -> p.getFileName().toString().contains(".db")).toList()) {
        if (new String(Files.readAllBytes(path), ISO_8859_1).contains(text)) {
          return true;
        }
      }
      return false;
    }
  }

  @Test
  void aReaderDelaysTheEmptyingOfTheLogOnly() throws Exception {
    try (MessageStore store = open();
        SqliteConnection reader = reading()) {
      store.claim();
      add(store, State.TAKEN, "xyzzysecret", NOW);
      reader.execute("BEGIN");
      reader.number("SELECT count(*) FROM message");
      change(store, this::deleteAll);
      assertThat(all(store)).isEmpty();
      reader.execute("ROLLBACK");
      work(store);
      assertThat(onDisk("xyzzysecret")).isFalse();
    }
  }

  private SqliteConnection reading() throws Exception {
    try (MessageStore store = open()) {
      store.claim();
    }
    return SqliteConnection.forReading(file("messages.db"));
  }

  @Test
  void alsoALargeConversationIsDeletedFromTheIndex() throws IOException {
    try (MessageStore store = open()) {
      store.claim();
      change(
          store,
          tx -> {
            for (int i = 1; i <= 1_500; i++) {
              tx.receive(incoming(ANN, i, "xyzzysecret " + i).build());
            }
            return tx.add(StoredMessage.builder(PEER, State.TAKEN, "stays", NOW).build());
          });
      work(store);
      change(
          store,
          tx -> {
            tx.delete(Conversation.of(ANN));
            return 0;
          });
      assertThat(found(store, "xyzzysecret")).isEmpty();
      assertThat(found(store, "stays")).hasSize(1);
      work(store);
      assertThat(found(store, "stays")).hasSize(1);
      assertThat(onDisk("xyzzysecret")).isFalse();
    }
  }

  private MessageStore timed(SqliteStore.Builder builder) {
    InstantSource clock = () -> now;
    MessageStore store = builder.clock(clock).open();
    store.claim();
    return store;
  }

  private SqliteStore.Builder builder() {
    return SqliteStore.builder(directory.resolve("history"));
  }

  @Test
  void oldMessagesAreRemovedButNeverUndeliveredOnes() {
    try (MessageStore store = timed(builder())) {
      Instant old = NOW.minus(Duration.ofDays(91));
      for (int i = 0; i < 1_200; i++) {
        add(store, State.TAKEN, "old", old);
      }
      change(
          store,
          tx -> {
            tx.add(kept(BOB, 1, "kept").build());
            return tx.add(
                StoredMessage.builder(Conversation.of(ANN), State.UNTAKEN, "untaken", old).build());
          });
      add(store, State.FAILED, "failed", old);
      add(store, State.TAKEN, "recent", NOW.minus(Duration.ofDays(89)));
      work(store);
      assertThat(all(store)).containsExactly("kept", "untaken", "recent");
      assertThat(found(store, "old")).isEmpty();
    }
  }

  @Test
  void manyUndeliveredMessagesDoNotKeepOthersFromBeingRemoved() {
    try (MessageStore store = timed(builder())) {
      Instant old = NOW.minus(Duration.ofDays(91));
      change(
          store,
          tx -> {
            for (int i = 1; i <= 1_200; i++) {
              tx.add(StoredMessage.builder(PEER, State.UNTAKEN, "untaken", old).build());
            }
            return 0;
          });
      add(store, State.TAKEN, "old", old);
      work(store);
      assertThat(found(store, "old")).isEmpty();
    }
  }

  @Test
  void withoutARetentionNothingIsRemoved() {
    try (MessageStore store = timed(builder().retainForever())) {
      add(store, State.TAKEN, "old", Instant.EPOCH);
      work(store);
      assertThat(all(store)).containsExactly("old");
    }
  }

  @Test
  void theOldestAreRemovedFromAFileThatIsTooLarge() throws IOException {
    long most = 1 << 20;
    try (MessageStore store = timed(builder().maxBytes(most))) {
      change(store, tx -> tx.add(kept(BOB, 1, "kept").build()));
      for (int i = 0; i < 20; i++) {
        addMany(store, i, 1_000);
      }
      work(store);
      List<StoredMessage> left = store.messages(HistoryQuery.first(HistoryQuery.MOST));
      assertThat(left.get(0).text()).isEqualTo("kept");
      assertThat(left.get(1).row()).isGreaterThan(10_000);
      assertThat(texts(store.messages(HistoryQuery.last(1))).get(0)).startsWith("19 ");
    }
    assertThat(Files.size(file("messages.db"))).isLessThanOrEqualTo(most + 65_536);
  }

  @Test
  void theFileIsBoundedAlsoWhenItIsNeverIdle() throws IOException {
    long most = 1 << 20;
    try (MessageStore store = timed(builder().maxBytes(most))) {
      for (int i = 0; i < 40; i++) {
        addMany(store, i, 1_000);
      }
    }
    assertThat(Files.size(file("messages.db"))).isLessThanOrEqualTo(2 * most);
  }

  @Test
  void theConversationThatTakesMostLosesItsOldest() {
    Conversation friend = Conversation.of(BOB);
    try (MessageStore store = timed(builder().maxBytes(1 << 20))) {
      change(store, tx -> add(tx, friend, 100));
      for (int i = 0; i < 20; i++) {
        addMany(store, i, 1_000);
      }
      work(store);
      assertThat(store.messages(HistoryQuery.first(HistoryQuery.MOST).with(friend))).hasSize(100);
      assertThat(texts(store.messages(HistoryQuery.last(1))).get(0)).startsWith("19 ");
    }
  }

  @Test
  void strangersWithManyNamesTakeAtMostHalf() {
    Conversation friend = Conversation.of(BOB);
    try (MessageStore store = timed(builder().maxBytes(1 << 20))) {
      change(
          store,
          tx ->
              tx.add(StoredMessage.builder(friend, State.DELIVERED, "to Bob", NOW).build())
                  + add(tx, friend, 900));
      for (int i = 1; i <= 500; i++) {
        Conversation stranger = Conversation.of(new PeerAddress("192.0.2.8", i));
        change(store, tx -> add(tx, stranger, 40));
      }
      work(store);
      assertThat(store.messages(HistoryQuery.first(HistoryQuery.MOST).with(friend))).hasSize(901);
      assertThat(store.conversations(1_000)).hasSizeLessThan(501);
    }
  }

  private static long add(StoreTransaction transaction, Conversation with, int count) {
    for (int i = 1; i <= count; i++) {
      transaction.add(taken(with, "text " + i));
    }
    return 0;
  }

  @Test
  void whatIsKnownOfTheOutboxesOfStrangersLeavesRoomForMessages() {
    try (MessageStore store = timed(builder().maxBytes(1 << 20))) {
      for (int i = 0; i < 20; i++) {
        String outbox = "theirsoutboxtheirsoutbox" + (char) ('a' + i);
        change(
            store,
            tx -> {
              for (int j = 0; j < 1_000; j++) {
                Fingerprint key = Fingerprint.parse("%08x%056x".formatted(j, 0));
                tx.taken(tx.receive(incoming(key, 1, "").number(outbox, 1).build()));
              }
              return 0;
            });
      }
      change(store, tx -> add(tx, PEER, 100));
      work(store);
      assertThat(store.messages(HistoryQuery.first(HistoryQuery.MOST).with(PEER))).hasSize(100);
    }
  }

  /** As strangers send them while the listener takes nothing. */
  @Test
  void untakenMessagesLeaveRoomForTheHistory() {
    try (MessageStore store = timed(builder().maxBytes(1 << 20))) {
      change(store, tx -> add(tx, PEER, 500));
      for (int i = 1; i <= 20; i++) {
        int first = i * 1_000;
        change(
            store,
            tx -> {
              for (int j = 0; j < 1_000; j++) {
                tx.receive(incoming(ANN, first + j, "text " + "x".repeat(200)).build());
              }
              return 0;
            });
      }
      work(store);
      assertThat(store.messages(HistoryQuery.first(HistoryQuery.MOST).with(PEER))).hasSize(500);
      for (int i = 0; i < 20; i++) {
        addMany(store, i, 1_000);
      }
      work(store);
      assertThat(texts(store.messages(HistoryQuery.first(1).with(PEER))).get(0))
          .as("a quarter of the file is for it")
          .startsWith("19 ");
    }
  }

  private static void addMany(MessageStore store, int round, int count) {
    change(
        store,
        tx -> {
          for (int i = 0; i < count; i++) {
            tx.add(StoredMessage.builder(PEER, State.TAKEN, round + " text " + i, NOW).build());
          }
          return 0;
        });
  }

  @Test
  void retentionHasBounds() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder().retainFor(Duration.ofMinutes(59)))
        .withMessageContaining("retainForever");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder().maxBytes(4096))
        .withMessageContaining("retainForever");
  }

  @Test
  void aCopyOfARunningStoreHasAllThatWasCommitted() throws IOException {
    Path copy = directory.resolve("copy");
    Files.createDirectory(
        copy, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    try (MessageStore store = open()) {
      store.claim();
      change(store, tx -> tx.add(kept(BOB, 1, "kept").build()));
      change(store, tx -> tx.receive(incoming(ANN, 7, "got").build()));
      for (String name : List.of("messages.db", "messages.db-wal")) {
        Files.copy(file(name), copy.resolve(name), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
    try (MessageStore store = SqliteStore.open(copy)) {
      StoreState state = store.claim();
      assertThat(texts(state.kept())).containsExactly("kept");
      assertThat(change(store, tx -> tx.receive(incoming(ANN, 7, "got").build()))).isZero();
    }
  }

  @Test
  void theStartReadsNoSettledMessages() throws SQLException {
    try (MessageStore store = open()) {
      store.claim();
      add(store, State.TAKEN, "hello", NOW);
      try (SqliteConnection connection = SqliteConnection.forReading(file("messages.db"));
          ResultSet plan =
              connection.prepare("EXPLAIN QUERY PLAN " + SqliteRows.SELECT_KEPT).executeQuery()) {
        assertThat(plan.next()).isTrue();
        assertThat(plan.getString("detail")).contains("USING INDEX message_kept");
      }
    }
  }
}
