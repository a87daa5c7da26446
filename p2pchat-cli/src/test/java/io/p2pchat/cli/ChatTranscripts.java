package io.p2pchat.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Runs the program on pipes with fixed inputs and writes down its standard output and exit status.
 * It uses the JDK only, so {@code record.sh} can run it with the program of any commit.
 *
 * <p>In a transcript {@code One < text} is a line that the program One reads, {@code One > text}
 * one that it prints. Ports, keys and times are replaced by placeholders; round-trip times are left
 * out. Events are printed by a thread of their own, at any place between the other lines: in each
 * step they come last.
 */
final class ChatTranscripts {
  private static final long PATIENCE_SECONDS = 60;
  private static final int ATTEMPTS = 5;
  private static final String MENU = "Choose: ";
  private static final String LOCAL = "127.0.0.1";
  private static final Pattern LISTENING = Pattern.compile("Listening on port (\\d+) as ");
  private static final Pattern EVENT =
      Pattern.compile("127\\.0\\.0\\.1:\\S+ \\(.*|You left .*|If that is the key .*|  p2pchat .*");

  private final List<String> command;
  private final Map<String, Program> programs = new LinkedHashMap<>();
  private final StringBuilder transcript = new StringBuilder();
  private int nobody;
  private boolean delaysExpected;

  private ChatTranscripts(List<String> command) {
    this.command = command;
  }

  /** A fixed input. */
  private interface Scenario {
    void play(ChatTranscripts on) throws IOException;
  }

  /** The machine was too busy, or another program took the port that was free a moment ago. */
  private static final class RepeatException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private static final Map<String, Scenario> SCENARIOS =
      new LinkedHashMap<>(
          Map.of(
              "questions", ChatTranscripts::questions,
              "wrong-answers", ChatTranscripts::wrongAnswers,
              "three-peers", ChatTranscripts::threePeers,
              "plain-peers", ChatTranscripts::plainPeers,
              "unreachable-peer", ChatTranscripts::unreachablePeer,
              "end-of-input", ChatTranscripts::endOfInput,
              "all-at-once", ChatTranscripts::allAtOnce,
              "json", ChatTranscripts::json,
              "send", ChatTranscripts::send,
              "exit-status", ChatTranscripts::exitStatus));

  /** Writes transcripts, all or those named: of a JAR, made of a commit, into a directory. */
  public static void main(String[] args) throws IOException {
    List<String> program = List.of("java", "-XX:TieredStopAtLevel=1", "-jar", args[0]);
    List<String> named = List.of(args).subList(3, args.length);
    for (String name : named.isEmpty() ? names() : named) {
      String header = "Recorded by record.sh from the program of commit " + args[1] + "\n\n";
      Files.writeString(Path.of(args[2], name + ".txt"), header + play(name, program));
    }
  }

  static List<String> names() {
    return SCENARIOS.keySet().stream().sorted().toList();
  }

  /** The transcript of a program, which is started with that command. */
  static String play(String name, List<String> command) throws IOException {
    for (int i = 1; ; i++) {
      ChatTranscripts run = new ChatTranscripts(command);
      // Bound, but not listening: connections to it are refused.
      try (Socket refusing = new Socket()) {
        refusing.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        run.nobody = refusing.getLocalPort();
        Objects.requireNonNull(SCENARIOS.get(name)).play(run);
        return run.transcript.toString();
      } catch (RepeatException e) {
        if (i == ATTEMPTS) {
          throw e;
        }
      } finally {
        run.programs.values().forEach(Program::close);
      }
    }
  }

  // ---- the inputs

  private void questions() {
    Program ann = start("Ann", "--bind", LOCAL);
    int port = freePort();
    ann.port = port;
    step(ann, "", "a|b", "x".repeat(65), "a\tb", "\033[31m", " Ann ")
        .until(ann, "Port to listen on:", 1)
        .step(ann, "0", "65536", "-1", "abc", "", "80 80", " " + port + " ")
        .until(ann, MENU, 1)
        .step(ann, "0")
        .ends(ann);
  }

  private void wrongAnswers() {
    Program ann = listening("Ann");
    for (String choice : new String[] {"7", "", " ", "00", "x", "/help", "//", "\033[A"}) {
      step(ann, choice).until(ann, MENU, 1);
    }
    for (String host : new String[] {"999.1.1.1", "1", "1.2.3", "", "::g", "a b", "\033[31m"}) {
      step(ann, "1", host, "3", "M", host).until(ann, MENU, 2);
    }
    for (String port : new String[] {"0", "65536", "-1", "abc", "", "80 80"}) {
      step(ann, "1", LOCAL, port, "3", "m", "localhost", port).until(ann, MENU, 2);
    }
    for (String way : new String[] {"x", "", "AM", "1"}) {
      step(ann, "3", way).until(ann, MENU, 1);
    }
    step(ann, "3", "A", "3", "a").until(ann, MENU, 2);
    step(ann, "1", LOCAL, nobody, "hello").until(ann, MENU, 1);
    step(ann, "1", LOCAL, nobody, "").until(ann, MENU, 1);
    step(ann, "3", "M", LOCAL, nobody).until(ann, MENU, 1);
    step(ann, "1", LOCAL, ann.port, "hello").until(ann, MENU, 1);
    step(ann, "3", "M", LOCAL, ann.port).until(ann, MENU, 1);
    step(ann, "2").until(ann, MENU, 1);
    step(ann, "0", "2").ends(ann);
  }

  private void threePeers() {
    Program one = asked("One");
    Program two = listening("Two");
    Program three = listening("Three");
    step(one, "1", LOCAL, two.port, "hello, Two")
        .until(one, "is new", 1)
        .until(one, MENU, 1)
        .until(two, ": hello, Two", 1);
    list(one).list(two);
    step(two, "3", "A").until(two, MENU, 1).until(one, "(Two) connected.", 1);
    list(one).list(two);
    step(three, "3", "m", LOCAL, one.port)
        .until(three, "is new", 1)
        .until(three, MENU, 1)
        .until(one, "(Three) connected manually.", 1);
    list(one).list(three);
    step(two, "1", LOCAL, one.port, "grüß dich, 你好 \033[2J")
        .until(two, MENU, 1)
        .until(one, ": grüß dich", 1);
    step(one, "1", LOCAL, three.port, "  two  words  ")
        .until(one, MENU, 1)
        .until(three, ": two  words", 1);
    step(three, "1", LOCAL, one.port, "exit")
        .until(three, "You left", 1)
        .until(three, MENU, 1)
        .until(one, "(Three) left.", 1);
    list(one).list(three);
    step(one, "3", "a").until(one, MENU, 1);
    step(one, "0").until(two, "(One) left.", 1).ends(one);
    list(two);
    step(two, "0").ends(two);
    step(three, "0").ends(three);
  }

  private void plainPeers() throws IOException {
    Program one = listening("One");
    String head = "LISTENING_PORT:7070|TEAM_NAME:Old|";
    write(one, head + "hello\n").until(one, ": hello", 1);
    write(one, head + "manual connection message\n").until(one, "connected manually.", 1);
    write(one, head + "a\033]0;title\007b\u009b2J\u2066e\\n\0f\n").until(one, "title", 1);
    write(one, "just some text").until(one, ": just some text", 1);
    write(one, "LISTENING_PORT:7070|TEAM_NAME:\033[31mRed|hi\n").until(one, "Red", 1);
    list(one);
    write(one, head + "exit\n").until(one, "left.", 1);
    write(one, "LISTENING_PORT:7071|TEAM_NAME:O\u202ene|hey\n").until(one, ": hey", 1);
    list(one);
    step(one, "0").ends(one);
  }

  private void unreachablePeer() {
    Program one = listening("One");
    Program two = listening("Two");
    step(two, "3", "M", LOCAL, one.port)
        .until(two, "is new", 1)
        .until(two, MENU, 1)
        .until(one, "(Two) connected manually.", 1);
    endStep();
    two.kill();
    until(one, "cannot be reached.", 1);
    delaysExpected = true;
    step(one, "1", LOCAL, two.port, "are you there?").until(one, MENU, 1);
    list(one);
    step(one, "0").ends(one);
  }

  private void endOfInput() {
    List<String> node = List.of("-t", "Ann", "-p", "0", "--bind", LOCAL);
    endsAfter("Choice", node);
    endsAfter("Host", node, "1");
    endsAfter("HostPort", node, "1", LOCAL);
    endsAfter("Message", node, "1", LOCAL, nobody);
    endsAfter("Way", node, "3");
    endsAfter("Peer", node, "3", "M");
    endsAfter("PeerPort", node, "3", "M", LOCAL);
    List<String> asked = List.of("--bind", LOCAL);
    endsAfter("Team", asked);
    endsAfter("Port", asked, "Ann");
    programs.values().forEach(Program::awaitExit);
    programs.values().forEach(this::ends);
  }

  private void endsAfter(String name, List<String> args, Object... lines) {
    Program program = start(name, args.toArray(String[]::new));
    type(program, lines);
    program.input.close();
  }

  private void allAtOnce() {
    Program two = listening("Two", "listen");
    Program one = start("One", "--bind", LOCAL);
    int port = freePort();
    one.port = port;
    step(one, " One ", " " + port + " ", "1", " 127.0.0.1 ", two.port, "hello", "2", "3", "A")
        .type(one, "3", "m", LOCAL, two.port, "1", LOCAL, two.port, "exit", "2", "0");
    one.input.close();
    until(two, "(One) left.", 1).ends(one);
    stop(two);
  }

  private void json() throws IOException {
    Program two = listening("Two", "listen", "--json");
    Program one = asked("One");
    step(one, "1", LOCAL, two.port, "a \"quoted\" text \\ end")
        .until(one, "is new", 1)
        .until(one, MENU, 1)
        .until(two, "\"message\"", 1);
    step(one, "3", "M", LOCAL, two.port).until(one, MENU, 1).until(two, "\"peer-connected\"", 1);
    step(one, "1", LOCAL, two.port, "exit")
        .until(one, "You left", 1)
        .until(one, MENU, 1)
        .until(two, "\"peer-left\"", 1);
    write(two, "LISTENING_PORT:7070|TEAM_NAME:Old|hello\n").until(two, "hello", 1);
    write(two, "just some text").until(two, "just some text", 1);
    step(one, "0").ends(one);
    stop(two);
  }

  private void send() {
    Program two = listening("Two", "listen");
    String to = LOCAL + ":" + two.port;
    Program one = start("One", "send", "-t", "One", "--bind", LOCAL, to, "hello", "there");
    until(two, "(One) left.", 1).ends(one);
    Program lines = start("Lines", "send", "-t", "Lines", "--bind", LOCAL, to, "-");
    step(lines, "first", "second", "third");
    lines.input.close();
    until(two, "(Lines) left.", 1).ends(lines);
    ends(start("Failing", "send", "--bind", LOCAL, LOCAL + ":" + nobody, "hello"));
    stop(two);
  }

  private void exitStatus() {
    Program one = listening("One");
    ends(start("InUse", "-t", "Two", "--bind", LOCAL, "-p", "" + one.port));
    ends(start("Team", "-t", "a|b"));
    ends(start("Port", "-p", "65536"));
    ends(start("Option", "--no-such-option"));
    ends(start("Count", "listen", "--count", "0"));
    ends(start("Timeout", "listen", "--bind", LOCAL, "--timeout", "1"));
    ends(start("Address", "send", "nowhere:0", "hello"));
    ends(start("Key", "trust", "remove", "Two", "127.0.0.1:7070"));
    step(one, "0").ends(one);
  }

  // ---- what they are made of

  private Program start(String name, String... args) {
    Program program = new Program(name, List.of(args));
    programs.put(name, program);
    return program;
  }

  /** Starts the chat and answers its questions. */
  private Program asked(String name) {
    Program program = start(name, "--bind", LOCAL);
    int port = freePort();
    program.port = port;
    step(program, name, port).until(program, MENU, 1);
    awaitGreeting(port);
    return program;
  }

  /** Starts a chat or, with arguments, another command that needs to ask nothing. */
  private Program listening(String name, String... args) {
    List<String> all = new ArrayList<>(List.of(args));
    all.addAll(List.of("-t", name, "-p", "0", "--bind", LOCAL));
    Program program = start(name, all.toArray(String[]::new));
    program.awaitPort();
    if (args.length == 0) {
      until(program, MENU, 1);
    }
    endStep();
    return program;
  }

  /** Writes to a node as a program of the plain format does. */
  private ChatTranscripts write(Program to, String bytes) throws IOException {
    endStep();
    transcript
        .append("Socket to ")
        .append(to.name)
        .append(": ")
        .append(escaped(bytes))
        .append('\n');
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), to.port)) {
      socket.getOutputStream().write(bytes.getBytes(UTF_8));
    }
    return this;
  }

  /** Ends the step before, and types lines. */
  private ChatTranscripts step(Program program, Object... lines) {
    endStep();
    return type(program, lines);
  }

  private ChatTranscripts type(Program program, Object... lines) {
    for (Object line : lines) {
      String typed = withPlaceholders(escaped(line.toString()));
      transcript.append((program.name + " < " + typed).stripTrailing()).append('\n');
      program.input.print(line + "\n");
    }
    program.input.flush();
    return this;
  }

  private ChatTranscripts list(Program program) {
    return step(program, "2").until(program, MENU, 1);
  }

  /** Waits until the program has printed this as often since the step began. */
  private ChatTranscripts until(Program program, String part, int times) {
    program.await(part, times);
    return this;
  }

  private ChatTranscripts ends(Program program) {
    int status = program.awaitExit();
    endStep();
    transcript.append(program.name).append(" ends with ").append(status).append('\n');
    return this;
  }

  private void stop(Program program) {
    endStep();
    program.process.toHandle().destroy();
    ends(program);
  }

  private void endStep() {
    for (Program program : programs.values()) {
      String printed = withPlaceholders(program.take());
      if (printed.contains("; the result") && !delaysExpected) {
        throw new RepeatException(); // Its patience ended, which depends on the machine.
      }
      List<String> lines =
          printed.isEmpty()
              ? List.of()
              : List.of(printed.substring(0, printed.length() - 1).split("\n", -1));
      lines.stream().filter(line -> !isEvent(line)).forEach(line -> append(program, line));
      lines.stream().filter(ChatTranscripts::isEvent).forEach(line -> append(program, line));
    }
  }

  private static boolean isEvent(String line) {
    return EVENT.matcher(line).matches();
  }

  private void append(Program program, String line) {
    transcript.append(program.name).append(" > ").append(line).append('\n');
  }

  private String withPlaceholders(String text) {
    String result = text.replaceAll("\\b" + nobody + "\\b", "{nobody}");
    for (Program program : programs.values()) {
      if (program.port > 0) {
        result = result.replaceAll("\\b" + program.port + "\\b", "{" + program.name + "}");
      }
    }
    return result
        .replaceAll("Listening on port \\d+ as", "Listening on port {port} as")
        .replaceAll("127\\.0\\.0\\.1:\\d{5}\\b", "127.0.0.1:{port}")
        .replaceAll("\"port\":\\d{5}\\b", "\"port\":{port}")
        .replaceAll("[0-9a-f]{8}(-[0-9a-f]{8}){7}", "{key}")
        .replaceAll("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z", "{time}")
        .replaceAll(", [0-9.]+ ms", "");
  }

  private static String escaped(String text) {
    StringBuilder line = new StringBuilder();
    text.chars()
        .forEach(c -> line.append(c < ' ' || c == 127 ? "\\u%04x".formatted(c) : "" + (char) c));
    return line.toString();
  }

  private static int freePort() {
    // Below those that systems choose for others.
    try (ServerSocket socket = new ServerSocket(20_000 + new Random().nextInt(12_000))) {
      return socket.getLocalPort();
    } catch (BindException e) {
      return freePort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for a first greeting: a process that has just begun may be slow to greet. */
  private static void awaitGreeting(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
      if (socket.getInputStream().read() < 0) {
        throw new IOException("the connection ended without a greeting");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The program in a process of its own, which is a user of its own too. */
  private final class Program {
    final String name;
    final Process process;
    final PrintStream input;
    private final Path home;
    private final StringBuilder untaken = new StringBuilder();
    private final Path errors;
    private boolean ended;
    int port;

    Program(String name, List<String> args) {
      this.name = name;
      List<String> line = new ArrayList<>(command);
      line.addAll(args);
      ProcessBuilder builder = new ProcessBuilder(line);
      try {
        home = Files.createTempDirectory("p2pchat-transcript");
        errors = home.resolve("errors");
        Map<String, String> env = builder.environment();
        env.keySet().removeIf(variable -> variable.startsWith("P2PCHAT_"));
        env.put("P2PCHAT_DISCOVERY", "false"); // it announces nothing on the real network
        env.put("LC_ALL", "C.UTF-8");
        env.put("XDG_DATA_HOME", home.toString());
        env.put("XDG_CONFIG_HOME", home.resolve("config").toString());
        env.put("APPDATA", home.toString());
        process = builder.redirectError(Redirect.to(errors.toFile())).start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      input = new PrintStream(process.getOutputStream(), false, UTF_8);
      Thread reader = new Thread(() -> readAll(process.getInputStream()), "transcript");
      reader.setDaemon(true);
      reader.start();
    }

    private void readAll(InputStream stream) {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      try (stream) {
        for (int b = stream.read(); b >= 0; b = stream.read()) {
          line.write(b);
          if (b == '\n') {
            add(line.toString(UTF_8), false);
            line.reset();
          }
        }
      } catch (IOException e) {
        // Killing a process closes its streams.
      } finally {
        add(line.size() == 0 ? "" : line.toString(UTF_8) + "(without a line end)\n", true);
      }
    }

    private synchronized void add(String line, boolean end) {
      untaken.append(line);
      ended = ended || end;
      notifyAll();
    }

    synchronized String take() {
      String taken = untaken.toString();
      untaken.setLength(0);
      return taken;
    }

    synchronized void await(String part, int times) {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
      while (untaken.toString().split(Pattern.quote(part), -1).length <= times) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (left <= 0 || ended) {
          if (ended && errors().contains("in use")) {
            throw new RepeatException();
          }
          throw new AssertionError(
              name + " did not print: " + part + "\n" + transcript + untaken + "\n" + errors());
        }
        try {
          wait(left);
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      }
    }

    /** A chat says its port on standard output, and other commands on standard error. */
    void awaitPort() {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
      Matcher listening = LISTENING.matcher(untaken() + errors());
      while (!listening.find()) {
        if (System.nanoTime() - deadline > 0 || !process.isAlive()) {
          throw new AssertionError(name + " does not listen\n" + errors());
        }
        Thread.onSpinWait();
        listening = LISTENING.matcher(untaken() + errors());
      }
      port = Integer.parseInt(listening.group(1));
      awaitGreeting(port);
    }

    private synchronized String untaken() {
      return untaken.toString();
    }

    private String errors() {
      try {
        return Files.readString(errors, UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    int awaitExit() {
      try {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
          throw new AssertionError(name + " did not end\n" + transcript + untaken());
        }
        synchronized (this) {
          while (!ended) {
            wait();
          }
        }
        return process.exitValue();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    void kill() {
      process.destroyForcibly().onExit().join();
    }

    void close() {
      kill();
      try (Stream<Path> files = Files.walk(home)) {
        files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
