package io.p2pchat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.testing.FreePort;
import io.p2pchat.testing.peers.BarePeer;
import io.p2pchat.testing.peers.BareSession;
import io.p2pchat.testing.peers.ForeignPeer;
import io.p2pchat.testing.peers.OneReadPeer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT) // its tests mostly wait, each for processes of its own
class SendIT {
  @Test
  void aMessageArrivesWithItsWordsJoined() {
    try (CliProcess listen = CliProcess.start("listen", "--count", "1")) {
      int port = listen.awaitPort(listen.err);
      try (CliProcess send = send(port, "-t", "Ann", "@Bob:", "größer", "als  5")) {
        assertThat(send.awaitExit()).isZero();
        assertThat(send.out.awaitAll())
            .containsExactly("Message delivered to 127.0.0.1:" + port + ".");
        assertThat(send.errors()).isEmpty();
      }
      assertThat(listen.awaitExit()).isZero();
      listen.out.take(" (Ann): @Bob: größer als  5");
    }
  }

  @Test
  void optionsEndWhereTheTextBegins() {
    try (CliProcess listen = CliProcess.start("listen", "--count", "3")) {
      int port = listen.awaitPort(listen.err);
      List<List<String>> texts =
          List.of(
              List.of("-t", "Ann", "what", "does", "-v", "do", "-p", "7777"),
              List.of("-t", "Ann", "--timeout", "60", "--", "-v", "is", "--", "--help"),
              List.of("-t", "Ann", "--", "-", "-t", "Bob"));
      for (List<String> text : texts) {
        try (CliProcess send = send(port, text.toArray(String[]::new))) {
          assertThat(send.awaitExit()).isZero();
        }
      }
      assertThat(listen.awaitExit()).isZero();
      listen.out.take(" (Ann): what does -v do -p 7777");
      listen.out.take(" (Ann): -v is -- --help");
      listen.out.take(" (Ann): - -t Bob");
    }
  }

  @Test
  void optionsCanFollowTheSignForTheInput() {
    try (CliProcess listen = CliProcess.start("listen", "--count", "1")) {
      int port = listen.awaitPort(listen.err);
      try (CliProcess send = send(port, "-", "-t", "Ann", "--timeout", "60")) {
        send.type("from the input");
        send.endInput();
        assertThat(send.awaitExit()).isZero();
      }
      assertThat(listen.awaitExit()).isZero();
      listen.out.take(" (Ann): from the input");
    }
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no such shell")
  void whatIsNotUtf8IsSaidOnceAndEndsWithOne(@TempDir Path home) {
    try (CliProcess listen = CliProcess.start("listen", "--count", "5")) {
      int port = listen.awaitPort(listen.err);
      String to = "p2pchat send -t Ann 127.0.0.1:" + port;
      try (CliProcess send =
          CliProcess.startShell(home, "printf 'one\\ncaf\\351\\n\\377\\n' | " + to + " -")) {
        assertThat(send.awaitExit()).isEqualTo(1);
        assertThat(send.out.awaitAll())
            .containsExactly("3 messages delivered to 127.0.0.1:" + port + ".");
        assertThat(send.errors())
            .containsExactly(
                "Line 2 of the input is not UTF-8. Invalid bytes are sent as U+FFFD.",
                "Convert the input first, for example with 'iconv -f ISO-8859-1 -t UTF-8'.");
      }
      try (CliProcess send = CliProcess.startShell(home, to + " 'not lost: \uFFFD'")) {
        assertThat(send.awaitExit()).isZero();
        assertThat(send.errors()).isEmpty();
      }
      String text = " \"$(printf 'caf\\351')\"";
      boolean tells = OS.LINUX.isCurrentOs();
      if (tells) {
        try (CliProcess send = CliProcess.startShell(home, "LC_ALL=C " + to + " größer")) {
          assertThat(send.awaitExit()).isEqualTo(1);
          assertThat(send.errors())
              .containsExactly(
                  "Message not sent: Java reads the text in another encoding than UTF-8."
                      + " Set LC_ALL=C.UTF-8.");
        }
      }
      try (CliProcess send = CliProcess.startShell(home, to + text)) {
        assertThat(send.awaitExit()).isEqualTo(tells ? 1 : 0);
        assertThat(send.errors()).hasSize(tells ? 1 : 0);
      }
      assertThat(listen.awaitExit()).isZero();
      listen.out.take(" (Ann): caf\uFFFD");
      listen.out.take(" (Ann): \uFFFD");
      listen.out.take(" (Ann): not lost: \uFFFD");
      listen.out.take(" (Ann): caf\uFFFD");
    }
  }

  @Test
  void anInterruptedSendPrintsItsTotal() {
    try (BarePeer peer = BarePeer.open();
        CliProcess lines = send(peer.address().port(), "-")) {
      lines.type("one", "two");
      BareSession connection = peer.acceptAndWelcome("s".repeat(13), 0).connection();
      connection.read();
      connection.read();
      lines.terminate();
      assertThat(lines.awaitExit()).isEqualTo(143);
      assertThat(lines.out.awaitAll())
          .containsExactly("0 of 2 messages delivered to " + peer.address() + ".");
      assertThat(lines.errors()).containsExactly("2 messages perhaps not delivered: interrupted");
    }
  }

  @Test
  void aLineSeparatorInATextArrivesAsItIs() {
    try (CliProcess listen = CliProcess.start("listen", "--json", "--count", "1")) {
      int port = listen.awaitPort(listen.err);
      try (CliProcess send = send(port, "a \u2028 end")) {
        assertThat(send.awaitExit()).isZero();
      }
      assertThat(listen.awaitExit()).isZero();
      assertThat(listen.out.take("\"message\"")).contains("\"text\":\"a \\u2028 end\"");
    }
  }

  @Test
  void manyLinesOfStandardInputArriveInOrderThroughSmallHeaps() {
    String start = "a line of a length that makes all of them more than a heap holds, ".repeat(4);
    List<String> lines = IntStream.rangeClosed(1, 100_000).mapToObj(i -> start + i).toList();
    try (CliProcess listen = CliProcess.startWithSmallHeap("listen", "--count", "100000")) {
      int port = listen.awaitPort(listen.err);
      try (CliProcess send =
          CliProcess.startWithSmallHeap("send", "-t", "Ann", "127.0.0.1:" + port, "-")) {
        send.type(lines.toArray());
        send.endInput();
        assertThat(send.awaitExit()).isZero();
        assertThat(send.out.awaitAll())
            .containsExactly("100000 messages delivered to 127.0.0.1:" + port + ".");
        assertThat(send.errors()).isEmpty();
      }
      assertThat(listen.awaitExit()).isZero();
      assertThat(listen.out.awaitAll())
          .extracting(line -> line.replaceFirst(".* \\(Ann\\): ", ""))
          .isEqualTo(lines);
    }
  }

  @Test
  void whatAProgramOfThePlainFormatGetsIsWritten() throws IOException {
    try (ForeignPeer python = new OneReadPeer("Python");
        CliProcess text = send(python.port(), "hello");
        CliProcess lines = send(python.port(), "-")) {
      assertThat(text.awaitExit()).isZero();
      assertThat(text.out.awaitAll())
          .containsExactly("Message written to " + python.address() + ".");
      lines.type("one", "two");
      lines.endInput();
      assertThat(lines.awaitExit()).isZero();
      assertThat(lines.out.awaitAll())
          .containsExactly("2 messages written to " + python.address() + ".");
      assertThat(python.printed()).containsExactly("hello", "one", "two");
    }
  }

  @Test
  void aLineThatCannotBeSentIsNamedByItsNumber() {
    try (CliProcess listen = CliProcess.start("listen", "--count", "2")) {
      int port = listen.awaitPort(listen.err);
      try (CliProcess send = send(port, "-")) {
        send.type("first", "x".repeat(70_000), "third");
        send.endInput();
        assertThat(send.awaitExit()).isEqualTo(1);
        assertThat(send.out.awaitAll())
            .containsExactly("2 of 3 messages delivered to 127.0.0.1:" + port + ".");
        assertThat(send.errors())
            .singleElement()
            .asString()
            .startsWith("Line 2: Message not sent: ");
      }
      assertThat(listen.awaitExit()).isZero();
    }
  }

  @Test
  void whatTheOtherDidNotShowIsNotDelivered() {
    try (CliProcess listen = CliProcess.start("listen", "--count", "3")) {
      int port = listen.awaitPort(listen.err);
      try (CliProcess send = send(port, "-")) {
        send.type("one", "two", "three", "four", "five");
        send.endInput();
        assertThat(send.awaitExit()).isEqualTo(1);
        assertThat(send.out.awaitAll())
            .containsExactly("3 of 5 messages delivered to 127.0.0.1:" + port + ".");
        assertThat(send.errors()).hasSize(2);
      }
      assertThat(listen.awaitExit()).isZero();
      assertThat(listen.out.awaitAll()).hasSize(3);
    }
  }

  @Test
  void aPeerThatTakesNothingIsWaitedForNoLongerThanAsked() {
    try (BarePeer peer = BarePeer.open();
        CliProcess text = send(peer.address().port(), "--timeout", "4", "hello")) {
      peer.acceptAndWelcome("s".repeat(13), 0);
      assertThat(text.awaitExit()).isEqualTo(3);
      assertThat(text.out.awaitAll()).isEmpty();
      assertThat(text.err.awaitAll())
          .contains("Waiting for " + peer.address() + " to acknowledge the messages.");
      assertThat(text.errors())
          .containsExactly("Message perhaps not delivered: no acknowledgement within 4 s");
    }
  }

  @Test
  void whatAStoreKeepsIsNotCalledLost(@TempDir Path ann, @TempDir Path bob) {
    String port = "" + FreePort.next();
    String address = "127.0.0.1:" + port;
    try (CliProcess listen = CliProcess.startAt(bob, "listen", "--count", "1", "-p", port)) {
      listen.awaitPort(listen.err);
      try (CliProcess send = sendWithHistory(ann, address, "hello")) {
        assertThat(send.awaitExit()).isZero();
      }
      assertThat(listen.awaitExit()).isZero();
    }
    try (CliProcess text = sendWithHistory(ann, "--timeout", "1", address, "kept")) {
      assertThat(text.awaitExit()).isEqualTo(3);
      assertThat(text.out.awaitAll())
          .containsExactly("Message kept for delivery to " + address + ".");
      assertThat(text.errors()).isEmpty();
    }
    try (CliProcess lines = sendWithHistory(ann, "--timeout", "1", address, "-")) {
      lines.type("one", "two");
      lines.endInput();
      assertThat(lines.awaitExit()).isEqualTo(3);
      assertThat(lines.out.awaitAll())
          .containsExactly(
              "0 of 2 messages delivered to " + address + ".",
              "2 messages kept for delivery to " + address + ".");
      assertThat(lines.errors()).isEmpty();
    }
    try (CliProcess listen = CliProcess.startAt(bob, "listen", "--count", "4", "-p", port);
        CliProcess send = sendWithHistory(ann, address, "now")) {
      assertThat(send.awaitExit()).isZero();
      assertThat(listen.awaitExit()).isZero();
      List.of("kept", "one", "two", "now").forEach(text -> listen.out.take(" (Ann): " + text));
    }
  }

  private static CliProcess sendWithHistory(Path home, String... args) {
    String[] all =
        Stream.concat(Stream.of("send", "--history", "-t", "Ann"), Stream.of(args))
            .toArray(String[]::new);
    return CliProcess.startAt(home, all);
  }

  @Test
  void linesThatAPeerDoesNotTakeAreCounted() {
    try (BarePeer peer = BarePeer.open();
        CliProcess lines = send(peer.address().port(), "--timeout", "5", "-")) {
      lines.type("one", "two");
      BareSession connection = peer.acceptAndWelcome("s".repeat(13), 0).connection();
      connection.read();
      connection.say("ACK:1").roundTrip();
      lines.endInput();
      assertThat(lines.awaitExit()).isEqualTo(3);
      assertThat(lines.out.awaitAll())
          .containsExactly("1 of 2 messages delivered to " + peer.address() + ".");
      assertThat(lines.err.awaitAll())
          .contains("Waiting for " + peer.address() + " to acknowledge the messages.");
      assertThat(lines.errors())
          .containsExactly("1 message perhaps not delivered: no acknowledgement within 5 s");
    }
  }

  @Test
  void nobodyListeningEndsWithOne() {
    try (CliProcess send = send(FreePort.next(), "hello")) {
      assertThat(send.awaitExit()).isEqualTo(1);
      assertThat(send.out.awaitAll()).isEmpty();
      assertThat(send.errors())
          .singleElement()
          .asString()
          .startsWith("Message not sent: Could not reach 127.0.0.1:");
    }
  }

  @Test
  void wrongUsageEndsWithTwo() {
    List<List<String>> wrong =
        List.of(
            List.of("send", "1.2.3:7070", "hello"),
            List.of("send", "127.0.0.1", "hello"),
            List.of("send", "127.0.0.1:0", "hello"),
            List.of("send", "127.0.0.1:7070"),
            List.of("send", "--timeout", "0", "127.0.0.1:7070", "hello"),
            List.of("send"));
    for (List<String> args : wrong) {
      try (CliProcess process = CliProcess.start(args.toArray(String[]::new))) {
        assertThat(process.awaitExit()).isEqualTo(2);
        assertThat(process.out.awaitAll()).isEmpty();
        assertThat(process.err.awaitAllAtAnySpeed())
            .hasSize(2)
            .last()
            .isEqualTo("Try 'p2pchat send --help'.");
      }
    }
  }

  private static CliProcess send(int port, String... rest) {
    String[] args = new String[rest.length + 2];
    args[0] = "send";
    args[1] = "127.0.0.1:" + port;
    System.arraycopy(rest, 0, args, 2, rest.length);
    return CliProcess.start(args);
  }
}
