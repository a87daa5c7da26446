package io.p2pchat.cli.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where the keys of the user are kept if nothing else is said. */
public final class DataDirectory {
  private static final String ADVICE = "; name another with --data-dir";

  private DataDirectory() {}

  /** That of the user who runs this. */
  public static Optional<Path> ofUser() {
    return UserDirectory.DATA.ofUser();
  }

  /**
   * Checks what making it would fail at, in words for a person.
   *
   * @return the directory
   * @throws IOException if it cannot be made; the text says why, and what to do
   */
  public static Path requireUsable(Path directory) throws IOException {
    Path there = directory;
    while (there.getParent() != null && !Files.exists(there)) {
      there = there.getParent();
    }
    if (!Files.isDirectory(there)) {
      throw new IOException(cannotBeMade(directory, there + " is not a directory"));
    }
    if (!there.equals(directory) && !Files.isWritable(there)) {
      throw new IOException(cannotBeMade(directory, there + " is not writable"));
    }
    return directory;
  }

  /**
   * The same for the directory of the user, whose home is not made.
   *
   * @throws IOException if there is no home, or the directory cannot be made
   */
  public static Path requireUsableOfUser() throws IOException {
    Path directory =
        ofUser()
            .orElseThrow(
                () -> new IOException("there is no home directory to keep keys in" + ADVICE));
    Optional<Path> home = UserDirectory.home();
    if (home.isPresent() && directory.startsWith(home.get()) && !Files.exists(home.get())) {
      throw new IOException(
          cannotBeMade(directory, "the home directory " + home.get() + " does not exist"));
    }
    return requireUsable(directory);
  }

  private static String cannotBeMade(Path directory, String why) {
    return "the data directory " + directory + " cannot be made: " + why + ADVICE;
  }
}
