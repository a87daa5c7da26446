package io.p2pchat.cli.chat;

import io.p2pchat.cli.output.StdStreams;
import java.util.List;

/** A screen for scripts on pipes. Prompts are lines too. */
final class PipeScreen implements Screen {
  private final StdStreams streams;

  PipeScreen(StdStreams streams) {
    this.streams = streams;
  }

  @Override
  public String ask(Prompt prompt) throws EndOfInputException {
    streams.out().print(prompt.prompt().stripTrailing());
    return Screen.readLine(streams.in());
  }

  @Override
  public void show(List<String> lines) {
    streams.out().print(lines);
  }
}
