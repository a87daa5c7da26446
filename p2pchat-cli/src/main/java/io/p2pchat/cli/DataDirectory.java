package io.p2pchat.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where the keys of the user are kept if nothing else is said. */
final class DataDirectory {
  private static final String NAME = "p2pchat";
  private static final String ADVICE = "; name another with --data-dir";

  private DataDirectory() {}

  /** That of the user who runs this. */
  static Optional<Path> ofUser() {
    return of(
        System.getenv(), System.getProperty("os.name", ""), System.getProperty("user.home", ""));
  }

  /**
   * As the system has it: {@code %APPDATA%} on Windows, elsewhere the XDG base directory
   * specification, by which a relative {@code XDG_DATA_HOME} is ignored.
   *
   * @param env the environment
   * @param os the name of the operating system
   * @param userHome the home directory where the environment names none
   * @return the directory, or empty if the user has no home
   */
  static Optional<Path> of(Map<String, String> env, String os, String userHome) {
    boolean windows = os.toLowerCase(Locale.ROOT).startsWith("windows");
    return absolute(env.get(windows ? "APPDATA" : "XDG_DATA_HOME"))
        .or(
            () ->
                home(env, userHome)
                    .map(home -> home.resolve(windows ? "AppData/Roaming" : ".local/share")))
        .map(data -> data.resolve(NAME));
  }

  /**
   * Checks what making it would fail at, in words for a person.
   *
   * @return the directory
   * @throws IOException if it cannot be made; the text says why, and what to do
   */
  static Path requireUsable(Path directory) throws IOException {
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
  static Path requireUsableOfUser() throws IOException {
    Path directory =
        ofUser()
            .orElseThrow(
                () -> new IOException("there is no home directory to keep keys in" + ADVICE));
    Optional<Path> home = home(System.getenv(), System.getProperty("user.home", ""));
    if (home.isPresent() && directory.startsWith(home.get()) && !Files.exists(home.get())) {
      throw new IOException(
          cannotBeMade(directory, "the home directory " + home.get() + " does not exist"));
    }
    return requireUsable(directory);
  }

  private static String cannotBeMade(Path directory, String why) {
    return "the data directory " + directory + " cannot be made: " + why + ADVICE;
  }

  // Java asks the user database, which knows nothing of a HOME that was set.
  private static Optional<Path> home(Map<String, String> env, String userHome) {
    return absolute(env.get("HOME")).or(() -> absolute(userHome));
  }

  private static Optional<Path> absolute(@Nullable String path) {
    try {
      return Optional.ofNullable(path).map(Path::of).filter(Path::isAbsolute);
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }
}
