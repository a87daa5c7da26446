package io.p2pchat.cli.chat;

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
  void close();
}
