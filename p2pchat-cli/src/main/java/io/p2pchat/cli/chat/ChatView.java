package io.p2pchat.cli.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.p2pchat.PeerEvent;
import io.p2pchat.PeerNode;
import io.p2pchat.cli.output.EventText;
import io.p2pchat.cli.output.ResultText;
import io.p2pchat.cli.output.StdStreams;
import io.p2pchat.cli.output.TrustNotices;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** The chat on a screen, from the first question to the end. */
public final class ChatView implements AutoCloseable {
  private static final long MOMENT_MILLIS = 500;
  private static final Duration PIPE_PATIENCE = Duration.ofSeconds(6);
  private static final int TERMINATED = 128 + 15;

  private final Screen screen;
  private final ChatFormat format;
  private final ChatOutput output;
  private final PeerNumbers met = new PeerNumbers();
  private final PrintStream errors = System.err;
  private final CompletableFuture<Void> closed = new CompletableFuture<>();

  private ChatView(Screen screen, ChatFormat format, ChatOutput output) {
    this.screen = screen;
    this.format = format;
    this.output = output;
  }

  /**
   * Opens the terminal of this process or, where it has none, its standard streams.
   *
   * @param colors whether a terminal is to have colours
   */
  public static ChatView open(StdStreams streams, ColorMode colors) {
    if (!TerminalSupport.isInteractive()) {
      ChatOutput output = new DelayedResults(streams.out(), PIPE_PATIENCE);
      return new ChatView(new PipeScreen(streams), ChatFormat.forScripts(), output);
    }
    Screen screen = TerminalSupport.isDumb() ? plain(streams.in()) : editor(streams.in());
    boolean colored = colors.areOn(screen.colors());
    return onTerminal(screen, new ChatFormat(colored, TerminalSupport.showsSigns()));
  }

  private static ChatView onTerminal(Screen screen, ChatFormat format) {
    OutputQueue output = new OutputQueue(screen::show);
    ChatView view = new ChatView(screen, format, output);
    // What is logged would go into the line that is being typed.
    System.setErr(LogLines.to(output::log));
    return view;
  }

  /**
   * Opens a terminal of its own, which is typed at and shows on these streams.
   *
   * @throws IOException if the system has none to give
   */
  public static ChatView openOn(InputStream in, OutputStream out) throws IOException {
    return onTerminal(LineEditor.openOn(in, out), new ChatFormat(true, true));
  }

  private static Screen editor(BufferedReader in) {
    try {
      return LineEditor.open();
    } catch (IOException e) {
      return plain(in);
    }
  }

  private static Screen plain(BufferedReader in) {
    return new PlainScreen(
        in, new PrintStream(new FileOutputStream(FileDescriptor.out), false, UTF_8));
  }

  /**
   * Asks until the answer is accepted, and says each time why it is not.
   *
   * @param reader throws {@link IllegalArgumentException} at a wrong answer; its text says why
   * @throws EndOfInputException if nobody types any more
   */
  public <T> T ask(String question, Function<String, T> reader) throws EndOfInputException {
    while (true) {
      try {
        return reader.apply(
            screen.ask(new Prompt(format.bold(question) + " ", Prompt.Kind.OTHER)).strip());
      } catch (IllegalArgumentException e) {
        screen.show(List.of(ChatFormat.safe(ResultText.reason(e))));
      } catch (CancelledException e) {
        // The question stays.
      }
    }
  }

  /** Shows an event; waits while there is too much to be shown. */
  public void show(PeerEvent event, TrustNotices news) {
    EventText.subject(event).ifPresent(met::meet);
    List<String> lines = new ArrayList<>(format.event(event));
    lines.addAll(format.news(event, news.of(event)));
    if (!lines.isEmpty()) {
      output.add(lines);
    }
  }

  /**
   * Chats until the person quits.
   *
   * @param dataDir where to remember what was typed
   */
  public void run(PeerNode node, TrustNotices news, Path dataDir) {
    if (format.isForPeople()) {
      screen.join(new InputCompletion(node, met), InputHistory.file(dataDir, node.teamName()));
    }
    new ChatLoop(node, screen, output, format, news, met).run();
    if (format.isForPeople()) {
      sayWhoIsWaitedFor(node.connectedPeers().size());
    }
  }

  /** Ending says exit to those who are connected, which takes a second where they do not answer. */
  private void sayWhoIsWaitedFor(int peers) {
    CompletableFuture.delayedExecutor(MOMENT_MILLIS, TimeUnit.MILLISECONDS)
        .execute(
            () -> {
              if (!closed.isDone()) {
                String whom = peers == 1 ? "1 connected peer" : peers + " connected peers";
                output.offer(
                    now -> List.of(format.notice(Instant.now(), "Saying exit to " + whom + " …")));
              }
            });
  }

  /**
   * Leaves the terminal as it was found, for when a signal ends the process. A terminal that takes
   * nothing any more is not waited for, also not by JLine at the end of the process.
   */
  public void restore() {
    Thread writer = new Thread(screen::restore, "p2pchat-restore");
    writer.setDaemon(true);
    writer.start();
    try {
      writer.join(MOMENT_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (writer.isAlive()) {
      Runtime.getRuntime().halt(TERMINATED);
    }
  }

  @Override
  public void close() {
    closed.complete(null);
    System.setErr(errors);
    output.close();
    screen.close();
  }
}
