package io.p2pchat.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;

/** Files by which the script and the nodes tell each other how far they are. */
record Marks(Path directory) {
  private static final int POLL_MILLIS = 20;

  /** From the script: all nodes listen, send now. */
  static final String START = "start";

  /** From the script: send nothing more. */
  static final String QUIET = "quiet";

  /** From the script: all nodes are done, end. */
  static final String END = "end";

  /** From a node that has nobody to send to; its name follows. */
  static final String LISTENS = "listens-";

  boolean isSet(String mark) {
    return Files.exists(directory.resolve(mark));
  }

  /** Waits for the script, which has limits of its own and kills a node that waits in vain. */
  void await(String mark) throws InterruptedException {
    while (!isSet(mark)) {
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
  }

  /** Sets a mark with a text in it; who sees the mark sees the text. */
  void set(String mark, String text) throws IOException {
    Path unfinished = Files.writeString(directory.resolve(mark + ".part"), text + "\n");
    Files.move(unfinished, directory.resolve(mark), StandardCopyOption.ATOMIC_MOVE);
  }
}
