package io.p2pchat.cli.chat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The terminal of a person. Lines may be shown by any thread, also while one asks. */
interface Screen extends AutoCloseable {
  /**
   * Waits for a line.
   *
   * @return what was typed, as it is
   * @throws EndOfInputException if nobody types any more
   * @throws CancelledException if the person thought better of it
   */
  String ask(Prompt question) throws EndOfInputException, CancelledException;

  /**
   * Begins a chat.
   *
   * @param completion what Tab completes
   * @param history where to remember what was typed
   */
  default void join(InputCompletion completion, Path history) {}

  /** Shows lines that are safe as they are, above what is being typed. */
  void show(List<String> lines);

  /** How many colours there are. */
  default int colors() {
    return 0;
  }

  /** Leaves the terminal as it was found, while somebody types; may wait for it. */
  default void restore() {}

  @Override
  default void close() {}

  /**
   * Reads a line.
   *
   * @throws EndOfInputException at the end, and where the input went away
   */
  static String readLine(BufferedReader in) throws EndOfInputException {
    try {
      String line = in.readLine();
      if (line != null) {
        return line;
      }
    } catch (IOException e) {
      // A terminal or a pipe that went away has no more to say.
    }
    throw new EndOfInputException();
  }
}
