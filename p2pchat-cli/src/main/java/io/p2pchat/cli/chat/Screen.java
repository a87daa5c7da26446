package io.p2pchat.cli.chat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A terminal or a pipe. Any thread may show lines, also during {@link #ask}. */
interface Screen extends AutoCloseable {
  /**
   * Waits for a line.
   *
   * @return the line, unchanged
   * @throws EndOfInputException at the end of input
   * @throws CancelledException after Ctrl-C
   */
  String ask(Prompt question) throws EndOfInputException, CancelledException;

  /** Returns whether the last answer was pasted, as far as the screen knows. */
  default boolean isPasted() {
    return false;
  }

  /** Returns whether an answer that the chat shows again is erased when it was typed. */
  default boolean erasesRepeated() {
    return false;
  }

  /**
   * Starts a chat.
   *
   * @param completion the candidates for Tab
   * @param history the file of the input history
   */
  default void join(InputCompletion completion, Path history) {}

  /** Shows lines above the current input, and may break them. They must be escaped. */
  void show(List<String> lines);

  /** Returns the number of colors. */
  default int colors() {
    return 0;
  }

  /** Restores the terminal during input. May wait for the terminal. */
  default void restore() {}

  @Override
  default void close() {}

  /**
   * Reads a line.
   *
   * @throws EndOfInputException at the end of input, or after an error
   */
  static String readLine(BufferedReader in) throws EndOfInputException {
    try {
      String line = in.readLine();
      if (line != null) {
        return line;
      }
    } catch (IOException e) {
      // The terminal or the pipe is gone, which is the end of input.
    }
    throw new EndOfInputException();
  }
}
