package io.p2pchat.cli.chat;

import io.p2pchat.cli.output.StdStreams;
import java.io.IOException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Asks, and reads one answer a line. */
public final class LinePrompt {
  private final StdStreams streams;

  public LinePrompt(StdStreams streams) {
    this.streams = streams;
  }

  /** Asks once and returns the answer without surrounding white space. */
  public String ask(String question) throws EndOfInputException {
    streams.out().print(question);
    String answer = readLine();
    if (answer == null) {
      throw new EndOfInputException();
    }
    return answer.strip();
  }

  /** Asks once; {@code reader} throws {@link IllegalArgumentException} at a wrong answer. */
  public <T> T ask(String question, Function<String, T> reader)
      throws EndOfInputException, WrongAnswerException {
    String answer = ask(question);
    try {
      return reader.apply(answer);
    } catch (IllegalArgumentException e) {
      throw new WrongAnswerException(String.valueOf(e.getMessage()));
    }
  }

  /** Asks until the answer is accepted, and says each time why it is not. */
  public <T> T askUntilAccepted(String question, Function<String, T> reader)
      throws EndOfInputException {
    while (true) {
      try {
        return ask(question, reader);
      } catch (WrongAnswerException e) {
        streams.out().print(String.valueOf(e.getMessage()));
      }
    }
  }

  private @Nullable String readLine() {
    try {
      return streams.in().readLine();
    } catch (IOException e) {
      return null; // A terminal that went away has no more to say.
    }
  }
}
