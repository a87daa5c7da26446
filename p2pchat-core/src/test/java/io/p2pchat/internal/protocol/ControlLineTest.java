package io.p2pchat.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.p2pchat.TrustException.Reason;
import io.p2pchat.internal.protocol.ControlLineParser.MalformedLine;
import io.p2pchat.internal.protocol.ControlLineParser.UnknownLine;
import io.p2pchat.testing.RandomText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ControlLineTest {
  private static final int RUNS = 5_000;
  private static final String NODE = "abcdefghijklmnopqrstuvwxyz";
  private static final String SESSION = "234567abcdefg";
  private static final NodeInfo FROM = new NodeInfo(NODE, 65_536, 7001, "Netech", false);
  private static final NodeInfo BRIEF =
      new NodeInfo(NODE, 65_536, 7001, "Netech", Set.of(NodeInfo.Feature.BRIEF));
  private static final NodeInfo TEMPORARY =
      new NodeInfo(NODE, 65_536, 7001, "Netech", Set.of(NodeInfo.Feature.TEMPORARY_KEY));

  private static final NodeInfo EXCHANGES =
      new NodeInfo(NODE, 65_536, 7001, "Netech", Set.of(NodeInfo.Feature.EXCHANGES));

  private static final NodeInfo STORES =
      new NodeInfo(NODE, 65_536, 7001, "Netech", true).keeping(true, false);

  private static final NodeInfo STORES_AND_TAKES_NONE = STORES.keeping(true, true);
  private static final String OUTBOX = "234567abcdefghijklmnopqrst";
  private static final List<String> MOST_IDS = Collections.nCopies(Outbox.MOST, OUTBOX);

  private static Arguments row(ControlLine line, String form) {
    return Arguments.of(
        line, form.replace("<id>", NODE).replace("<sid>", SESSION).replace('/', '|'));
  }

  static Stream<Arguments> table() {
    String hello = "HELLO:1/NODE:<id>/LIMIT:65536/LISTENING_PORT:7001/TEAM_NAME:Netech";
    String welcome =
        "WELCOME:1/NODE:<id>/SESSION:<sid>/RECEIVED:7"
            + "/LIMIT:65536/LISTENING_PORT:7001/TEAM_NAME:Netech";
    return Stream.of(
        row(new Greeting(1, Greeting.Tls.NO, NODE), "GREETING:1/TLS:no/NODE:<id>"),
        row(new Greeting(1, Greeting.Tls.OFFERED, NODE), "GREETING:1/TLS:offered/NODE:<id>"),
        row(new Greeting(2, Greeting.Tls.REQUIRED, NODE), "GREETING:2/TLS:required/NODE:<id>"),
        row(new Hello(1, FROM, null, 0), hello),
        row(new Hello(1, FROM, SESSION, 0), hello + "/SESSION:<sid>/RECEIVED:0"),
        row(new Hello(1, FROM, SESSION, 42), hello + "/SESSION:<sid>/RECEIVED:42"),
        row(new Hello(1, TEMPORARY, null, 0), hello + "/KEY:temporary"),
        row(new Hello(1, BRIEF, null, 0), hello + "/BRIEF:1"),
        row(new Hello(1, TEMPORARY, SESSION, 4), hello + "/KEY:temporary/SESSION:<sid>/RECEIVED:4"),
        row(new Welcome(1, TEMPORARY, SESSION, 7, 3), welcome + "/KEY:temporary/ENDED:3"),
        row(new Welcome(1, FROM, SESSION, 7, Welcome.NONE), welcome),
        row(new Welcome(1, FROM, SESSION, 7, 0), welcome + "/ENDED:0"),
        row(new Welcome(1, FROM, SESSION, 7, 3), welcome + "/ENDED:3"),
        row(new Hello(1, EXCHANGES, null, 0), hello + "/PEERS:1"),
        row(new Hello(1, EXCHANGES, null, 0, true), hello + "/PEERS:1/VISIT:1"),
        row(new Welcome(1, EXCHANGES, SESSION, 7, Welcome.NONE), welcome + "/PEERS:1"),
        row(new Peers(""), "PEERS:"),
        row(new Peers("a;,;b"), "PEERS:a;,;b"),
        row(new Hello(1, STORES, null, 0), hello + "/EXACT:1/STORE:1"),
        row(
            new Welcome(1, STORES_AND_TAKES_NONE, SESSION, 7, Welcome.NONE),
            welcome + "/EXACT:1/STORE:1/TAKES:none"),
        row(new Hello(1, FROM.keeping(false, true), null, 0), hello + "/TAKES:none"),
        row(new Outbox(List.of(NODE)), "OUTBOX:<id>"),
        row(new Outbox(MOST_IDS), "OUTBOX:" + String.join(",", MOST_IDS)),
        row(new Stored(List.of(new Stored.Entry(NODE, 0))), "STORED:<id>:0"),
        row(
            new Stored(
                List.of(
                    new Stored.Entry(NODE, ControlFields.MAX_COUNT), new Stored.Entry(OUTBOX, 7))),
            "STORED:<id>:999999999999999999," + OUTBOX + ":7"),
        row(new Next(NODE, 1, Next.NOW), "NEXT:<id>:1"),
        row(new Next(NODE, ControlFields.MAX_COUNT, 0), "NEXT:<id>:999999999999999999/TIME:0"),
        row(new Next(NODE, 8, Next.LATEST), "NEXT:<id>:8/TIME:253402300799999"),
        row(new Ack(0), "ACK:0"),
        row(new Ack(ControlFields.MAX_COUNT), "ACK:999999999999999999"),
        row(new Ping("a:b c"), "PING:a:b c"),
        row(new Pong(""), "PONG:"),
        row(new Bye(Bye.Reason.CLOSING), "BYE:closing"),
        row(new Bye(Bye.Reason.REFUSED), "BYE:closing|REASON:refused"),
        row(new Bye(Bye.Reason.PROTOCOL), "BYE:protocol"),
        row(new Bye(Bye.Reason.TRUST), "BYE:trust"),
        row(new Bye(Bye.Reason.TRUST, Reason.KEY), "BYE:trust/REASON:key"),
        row(new Bye(Bye.Reason.TRUST, Reason.FULL), "BYE:trust/REASON:full"),
        row(new Bye(Bye.Reason.TRUST, Reason.STORAGE), "BYE:trust/REASON:storage"),
        row(new Bye(Bye.Reason.BUSY), "BYE:busy"),
        row(new Bye(Bye.Reason.DUPLICATE), "BYE:duplicate"));
  }

  @ParameterizedTest
  @MethodSource("table")
  void eachLineHasExactlyItsFormAndIsParsedBack(ControlLine line, String form) {
    assertThat(line.format()).isEqualTo(form);
    assertThat(ControlLineParser.parse(form)).isEqualTo(line);
  }

  @ParameterizedTest
  @MethodSource("table")
  void fieldsThatAreNotKnownAreIgnored(ControlLine line, String form) {
    String more = form.replaceFirst("(\\||$)", "|COLOUR:red$1") + "|SHAPE||:|LATER:a:b";
    assertThat(ControlLineParser.parse(more)).isEqualTo(line);
  }

  @ParameterizedTest
  @MethodSource("table")
  void theOrderOfTheFieldsAfterTheFirstIsIrrelevant(ControlLine line, String form) {
    List<String> fields = Stream.of(form.split("\\|")).toList();
    Random random = new Random(1);
    for (int i = 0; i < 20; i++) {
      List<String> rest = new ArrayList<>(fields.subList(1, fields.size()));
      Collections.shuffle(rest, random);
      rest.add(0, fields.get(0));
      assertThat(ControlLineParser.parse(String.join("|", rest))).isEqualTo(line);
    }
  }

  @Test
  void theFirstKeyNamesTheLineAndOfAKeyThatComesTwiceTheFirstCounts() {
    assertThat(ControlLineParser.parse("ACK:1|BYE:closing|ACK:2")).isEqualTo(new Ack(1));
    assertThat(ControlLineParser.parse("BYE:closing|ACK:1")).isEqualTo(new Bye(Bye.Reason.CLOSING));
    assertThat(ControlLineParser.parse("BYE:closing|REASON:later"))
        .isEqualTo(new Bye(Bye.Reason.CLOSING));
    assertThat(ControlLineParser.parse("BYE:busy|REASON:refused"))
        .isEqualTo(new Bye(Bye.Reason.BUSY));
    assertThat(ControlLineParser.parse("NODE:x|ACK:1")).isEqualTo(new UnknownLine("NODE"));
  }

  @Test
  void receivedWithoutASessionIsIgnored() {
    Hello hello = new Hello(1, FROM, null, 0);
    assertThat(ControlLineParser.parse(hello.format() + "|RECEIVED:9")).isEqualTo(hello);
  }

  @Test
  void aReasonThatIsNotKnownEndsTheConnectionOnly() {
    for (String line : List.of("BYE:tired", "BYE:", "BYE", "BYE:Closing")) {
      assertThat(ControlLineParser.parse(line)).isEqualTo(new Bye(Bye.Reason.BUSY));
    }
  }

  @Test
  void whyANodeIsNotTrustedMayBeUnknown() {
    for (String detail : List.of("", "|REASON:later", "|REASON:", "|REASON", "|REASON:Key")) {
      assertThat(ControlLineParser.parse("BYE:trust" + detail))
          .isEqualTo(new Bye(Bye.Reason.TRUST, Reason.UNKNOWN));
    }
    assertThat(ControlLineParser.parse("BYE:busy|REASON:full")).isEqualTo(new Bye(Bye.Reason.BUSY));
  }

  /** Otherwise a peer could have itself accepted in the place of another. */
  @Test
  void reasonsOfThisNodeOnlyAreNotRead() {
    assertThat(ControlLineParser.parse("BYE:trust|REASON:address_changed_hands"))
        .isEqualTo(new Bye(Bye.Reason.TRUST, Reason.UNKNOWN));
    assertThat(new Bye(Bye.Reason.TRUST, Reason.ADDRESS_CHANGED_HANDS).format())
        .isEqualTo("BYE:trust");
  }

  @Test
  void keyOfAnUnknownKindIsNotTemporary() {
    Hello hello = new Hello(1, FROM, null, 0);
    for (String field : List.of("|KEY:later", "|KEY:", "|KEY")) {
      assertThat(ControlLineParser.parse(hello.format() + field)).isEqualTo(hello);
    }
  }

  /** A later version of stores includes the first. Kept texts are exact ones. */
  @Test
  void aStoreIsOneOfAnyVersionAndOnlyWithExactTexts() {
    String hello = new Hello(1, STORES, null, 0).format();
    assertThat(stores(hello)).isTrue();
    assertThat(stores(hello.replace("STORE:1", "STORE:2"))).isTrue();
    assertThat(stores(hello.replace("STORE:1", "STORE:0"))).isFalse();
    assertThat(stores(hello.replace("|EXACT:1", ""))).isFalse();
    assertThat(stores(hello + "|KEY:temporary")).isFalse();
    assertMalformed(hello.replace("STORE:1", "STORE:x"), "STORE");
  }

  private static boolean stores(String hello) {
    return ((Hello) ControlLineParser.parse(hello)).from().stores();
  }

  @Test
  void whoTakesSomethingOfAnUnknownKindTakesAll() {
    Hello hello = new Hello(1, FROM, null, 0);
    for (String field : List.of("|TAKES:some", "|TAKES:", "|TAKES", "|TAKES:None")) {
      assertThat(ControlLineParser.parse(hello.format() + field)).isEqualTo(hello);
    }
  }

  @Test
  void inPlainNobodySaysWhatIsKept() {
    assertThat(STORES_AND_TAKES_NONE.inPlain())
        .isEqualTo(new NodeInfo(NODE, 65_536, 7001, "Netech", true));
    assertThat(FROM.inPlain()).isSameAs(FROM);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "OUTBOX",
        "OUTBOX:",
        "OUTBOX:,",
        "OUTBOX:234567abcdefghijklmnopqrst,",
        "OUTBOX:,234567abcdefghijklmnopqrst",
        "OUTBOX:234567abcdefghijklmnopqrs",
        "OUTBOX:234567abcdefghijklmnopqrstu",
        "OUTBOX:234567Abcdefghijklmnopqrst",
        "OUTBOX:234567abcdefghijklmnopqrst:1",
        "OUTBOX:234567abcdefghijklmnopqrst;234567abcdefghijklmnopqrst",
        "STORED",
        "STORED:",
        "STORED:1",
        "STORED:234567abcdefghijklmnopqrst",
        "STORED:234567abcdefghijklmnopqrst:",
        "STORED:234567abcdefghijklmnopqrst:-1",
        "STORED:234567abcdefghijklmnopqrst:1000000000000000000",
        "STORED:234567abcdefghijklmnopqrst:1,",
        "STORED:234567abcdefghijklmnopqrst:1:2",
        "NEXT",
        "NEXT:",
        "NEXT:234567abcdefghijklmnopqrst",
        "NEXT:234567abcdefghijklmnopqrst:",
        "NEXT:234567abcdefghijklmnopqrst:0",
        "NEXT:234567abcdefghijklmnopqrst:+1",
        "NEXT:234567abcdefghijklmnopqrst:1,2",
        "NEXT:34567abcdefghijklmnopqrst:1",
        "NEXT:234567abcdefghijklmnopqrst:1|TIME:",
        "NEXT:234567abcdefghijklmnopqrst:1|TIME:-1",
        "NEXT:234567abcdefghijklmnopqrst:1|TIME:253402300800000"
      })
  void aLineAboutWhatIsKeptWithAWrongFieldIsMalformed(String line) {
    assertThat(ControlLineParser.parse(line)).isInstanceOf(MalformedLine.class);
  }

  @Test
  void aLineNamesNoMoreThan64Outboxes() {
    String ids = String.join(",", MOST_IDS) + "," + OUTBOX;
    assertMalformed("OUTBOX:" + ids, "the number of outboxes");
    assertMalformed("STORED:" + ids.replace(OUTBOX, OUTBOX + ":1"), "the number of outboxes");
    assertMalformed("OUTBOX:" + ",".repeat(60_000), "the");
  }

  @Test
  void manyOutboxesAreDividedToLinesThatTheReaderTakes() {
    Random random = new Random(8);
    for (int limit : new int[] {NodeInfo.MIN_LIMIT, 1000, 65_536}) {
      for (int count : new int[] {0, 1, 11, 64, 65, 1000}) {
        List<String> ids =
            random.ints(count).mapToObj(i -> RandomIds.node(random.nextLong(), i)).toList();
        List<Outbox> lines = Outbox.of(ids, limit);
        assertThat(lines.stream().flatMap(line -> line.ids().stream())).isEqualTo(ids);
        assertThat(lines).allMatch(line -> line.format().length() < limit);
        List<Stored.Entry> entries =
            ids.stream().map(id -> new Stored.Entry(id, ControlFields.MAX_COUNT)).toList();
        List<Stored> answers = Stored.of(entries, limit);
        assertThat(answers.stream().flatMap(line -> line.entries().stream())).isEqualTo(entries);
        assertThat(answers).allMatch(line -> line.format().length() < limit);
        lines.forEach(ControlLineTest::assertSurvives);
        answers.forEach(ControlLineTest::assertSurvives);
      }
    }
    assertThat(Outbox.of(MOST_IDS, 65_536)).hasSize(1);
  }

  @Test
  void onlySomeReasonsEndTheSession() {
    assertThat(Bye.Reason.values())
        .filteredOn(reason -> new Bye(reason).endsSession())
        .containsExactly(
            Bye.Reason.CLOSING, Bye.Reason.REFUSED, Bye.Reason.PROTOCOL, Bye.Reason.TRUST);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "'' ''",
        "| ''",
        ": ''",
        "hello hello",
        "FUTURE:1|NODE:x FUTURE",
        "ack:1 ack",
        "\u2003ACK:1 \u2003ACK",
        "LISTENING_PORT:1|TEAM_NAME:T|x LISTENING_PORT"
      })
  void aLineWithAnotherFirstKeyIsUnknown(String line, String key) {
    assertThat(ControlLineParser.parse(line)).isEqualTo(new UnknownLine(key));
  }

  static Stream<Arguments> lacking() {
    return Stream.of(
        Arguments.of(new Greeting(1, Greeting.Tls.NO, NODE), List.of("TLS", "NODE")),
        Arguments.of(
            new Hello(1, FROM, SESSION, 1),
            List.of("NODE", "LIMIT", "LISTENING_PORT", "TEAM_NAME", "RECEIVED")),
        Arguments.of(
            new Welcome(1, FROM, SESSION, 1, 1),
            List.of("NODE", "SESSION", "RECEIVED", "LIMIT", "LISTENING_PORT", "TEAM_NAME")));
  }

  @ParameterizedTest
  @MethodSource("lacking")
  void aLineThatLacksAFieldIsMalformedAndNamesIt(ControlLine line, List<String> fields) {
    for (String field : fields) {
      String lacking = line.format().replaceFirst("\\|" + field + ":[^|]*", "");
      assertMalformed(lacking, "no " + field);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GREETING:",
        "GREETING:0",
        "GREETING:-1",
        "GREETING:1 ",
        "GREETING:2147483648",
        "TLS:",
        "TLS:NO",
        "TLS:maybe",
        "NODE:",
        "NODE:abcdefghijklmnopqrstuvwxy",
        "NODE:abcdefghijklmnopqrstuvwxyza",
        "NODE:Abcdefghijklmnopqrstuvwxyz",
        "NODE:1bcdefghijklmnopqrstuvwxyz",
        "NODE:ébcdefghijklmnopqrstuvwxyz"
      })
  void aGreetingWithAWrongFieldIsMalformed(String field) {
    assertWrongField(new Greeting(1, Greeting.Tls.NO, NODE), field);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HELLO:x",
        "NODE:x",
        "LIMIT:0",
        "LIMIT:-5",
        "LIMIT:2147483648",
        "LISTENING_PORT:0",
        "LISTENING_PORT:65536",
        "LISTENING_PORT:٣",
        "TEAM_NAME:",
        "TEAM_NAME: \u2003",
        "TEAM_NAME:a\u0007b",
        "TEAM_NAME:a\rb",
        "SESSION:",
        "SESSION:234567abcdef",
        "SESSION:234567ABCDEFG",
        "RECEIVED:-1",
        "RECEIVED:1000000000000000000",
        "RECEIVED:99999999999999999999999"
      })
  void aHelloWithAWrongFieldIsMalformed(String field) {
    assertWrongField(new Hello(1, FROM, SESSION, 1), field);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"WELCOME:0", "NODE:x", "SESSION:x", "RECEIVED:x", "LIMIT:", "ENDED:-1", "ENDED:x"})
  void aWelcomeWithAWrongFieldIsMalformed(String field) {
    assertWrongField(new Welcome(1, FROM, SESSION, 1, 1), field);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ACK", "ACK:", "ACK:-1", "ACK:+1", "ACK: 1", "ACK:1e3", "ACK:0x1"})
  void anAckOfNoCountIsMalformed(String line) {
    assertMalformed(line, "ACK");
  }

  @Test
  void aTokenWithAControlCharacterIsMalformed() {
    assertMalformed("PING:a\rb", "PING");
    assertMalformed("PONG:a\u0085", "PONG");
  }

  private static void assertWrongField(ControlLine line, String field) {
    String name = field.substring(0, field.indexOf(':'));
    assertMalformed(line.format().replaceFirst("(?<![A-Z])" + name + ":[^|]*", field), name);
  }

  private static void assertMalformed(String line, String problem) {
    assertThat(ControlLineParser.parse(line)).isInstanceOf(MalformedLine.class);
    String told = ((MalformedLine) ControlLineParser.parse(line)).problem();
    assertThat(told.substring(told.indexOf(": ") + 2)).startsWith(problem);
  }

  @Test
  void whatMayNotBeSentIsRefusedWithTheFieldThatIsWrong() {
    assertRefused(() -> new Greeting(0, Greeting.Tls.NO, NODE), "GREETING");
    assertRefused(() -> new Greeting(1, Greeting.Tls.NO, "x"), "NODE");
    assertRefused(() -> new NodeInfo(NODE, NodeInfo.MIN_LIMIT - 1, 1, "T", false), "LIMIT");
    assertRefused(
        () -> new NodeInfo(NODE, NodeInfo.MIN_LIMIT, 65_536, "T", false), "LISTENING_PORT");
    assertRefused(() -> new NodeInfo(NODE, NodeInfo.MIN_LIMIT, 1, "a|b", false), "TEAM_NAME");
    assertRefused(() -> new Hello(0, FROM, null, 0), "HELLO");
    assertRefused(() -> new Hello(1, FROM, null, 1), "RECEIVED");
    assertRefused(() -> new Hello(1, FROM, "x", 1), "SESSION");
    assertRefused(() -> new Welcome(0, FROM, SESSION, 0, 0), "WELCOME");
    assertRefused(() -> new Welcome(1, FROM, SESSION, -1, 0), "RECEIVED");
    assertRefused(() -> new Welcome(1, FROM, SESSION, 0, -2), "ENDED");
    assertRefused(() -> FROM.keeping(true, false), "STORE");
    assertRefused(() -> new Outbox(List.of()), "the number of outboxes");
    assertRefused(() -> new Stored(List.of()), "the number of outboxes");
    assertRefused(() -> new Stored.Entry(OUTBOX, -1), "the number");
    assertRefused(() -> new Next("x", 1, Next.NOW), "the outbox");
    assertRefused(() -> new Next(OUTBOX, 0, Next.NOW), "the number");
    assertRefused(() -> new Next(OUTBOX, 1, Next.LATEST + 1), "TIME");
    assertRefused(() -> new Ack(-1), "ACK");
    assertRefused(() -> new Ack(Long.MAX_VALUE), "ACK");
    assertRefused(() -> new Ping("a|b"), "PING");
    assertRefused(() -> new Pong("a\nb"), "PONG");
  }

  private static void assertRefused(Runnable building, String field) {
    assertThatIllegalArgumentException()
        .isThrownBy(building::run)
        .withMessageStartingWith(field + " ");
  }

  @Test
  void teamsWithOddCharactersSurviveTheWire() {
    List<String> teams =
        List.of(
            "a:b",
            "TEAM_NAME:x",
            "SESSION:y",
            "a  b",
            "日本",
            "👩‍👩‍👧".repeat(12),
            "é\u2028\u202e\ufeff");
    for (String team : teams) {
      assertSurvives(new NodeInfo(NODE, NodeInfo.MIN_LIMIT, 1, team, false));
    }
    assertThat(new NodeInfo(NODE, NodeInfo.MIN_LIMIT, 1, " T\t", false).team()).isEqualTo("T");
  }

  @Test
  void randomLinesSurviveTheWire() {
    Random random = new Random(2);
    RandomText texts = new RandomText(3);
    for (int i = 0; i < RUNS; i++) {
      String team = texts.next(12).replaceAll("[|\\p{Cntrl}\u0080-\u009f]", "").strip();
      if (TeamNameRule.problem(team) == null) {
        String node = RandomIds.node(random.nextLong(), random.nextLong());
        int limit = random.nextInt(NodeInfo.MIN_LIMIT, Integer.MAX_VALUE);
        assertSurvives(new NodeInfo(node, limit, texts.port(), team, random.nextBoolean()));
      }
    }
  }

  private static void assertSurvives(NodeInfo from) {
    assertSurvives(new Hello(1, from, null, 0));
    assertSurvives(new Hello(1, from, SESSION, 5));
    assertSurvives(new Welcome(1, from, SESSION, 5, 6));
  }

  private static void assertSurvives(ControlLine line) {
    byte[] wire = line.format().getBytes(StandardCharsets.UTF_8);
    assertThat(wire).doesNotContain('\n', '\r');
    assertThat(ControlLineParser.parse(new String(wire, StandardCharsets.UTF_8))).isEqualTo(line);
  }

  @Test
  void noInputThrowsAndWhatIsUnderstoodCanBeSent() {
    Random random = new Random(4);
    RandomText texts = new RandomText(5);
    List<String> forms = table().map(row -> (String) row.get()[1]).toList();
    int understood = 0;
    for (int i = 0; i < RUNS; i++) {
      String form = forms.get(random.nextInt(forms.size()));
      int cut = random.nextInt(form.length() + 1);
      int from = Math.min(form.length(), cut + random.nextInt(3));
      String line = form.substring(0, cut) + texts.next(3) + form.substring(from);
      if (ControlLineParser.parse(line) instanceof ControlLine control) {
        understood++;
        assertSurvives(control);
      }
      assertThat(ControlLineParser.parse(texts.next(20))).isInstanceOf(UnknownLine.class);
    }
    assertThat(understood).isBetween(RUNS / 10, RUNS * 9 / 10);
  }

  @Test
  void idsHaveTheirLengthAndAlphabet() {
    assertThat(RandomIds.node(0, 0)).isEqualTo("a".repeat(26));
    assertThat(RandomIds.node(0, 0x1f)).isEqualTo("a".repeat(25) + "7");
    assertThat(RandomIds.node(1, 0)).isEqualTo("a".repeat(13) + "q" + "a".repeat(12));
    assertThat(RandomIds.node(-1, -1)).isEqualTo("h" + "7".repeat(25));
    assertThat(RandomIds.session(0)).isEqualTo("a".repeat(13));
    assertThat(RandomIds.session(-1)).isEqualTo("p" + "7".repeat(12));
    Random random = new Random(6);
    for (int i = 0; i < RUNS; i++) {
      assertThat(RandomIds.node(random.nextLong(), random.nextLong())).matches("[a-z2-7]{26}");
      assertThat(RandomIds.session(random.nextLong())).matches("[a-z2-7]{13}");
    }
  }

  @Test
  void idsDependOnAllTheirBits() {
    Random random = new Random(7);
    long high = random.nextLong();
    long low = random.nextLong();
    Set<String> nodes = new HashSet<>(List.of(RandomIds.node(high, low)));
    Set<String> sessions = new HashSet<>(List.of(RandomIds.session(low)));
    for (long bit = 1; bit != 0; bit <<= 1) {
      nodes.add(RandomIds.node(high ^ bit, low));
      nodes.add(RandomIds.node(high, low ^ bit));
      sessions.add(RandomIds.session(low ^ bit));
    }
    assertThat(nodes).hasSize(129);
    assertThat(sessions).hasSize(65);
  }
}
