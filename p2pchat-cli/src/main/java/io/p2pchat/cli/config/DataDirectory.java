package io.p2pchat.cli.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The default directory for the user's keys. */
public final class DataDirectory {
  private static final String ADVICE = "; choose another with --data-dir";

  private DataDirectory() {}

  public static Optional<Path> ofUser() {
    return UserDirectory.DATA.ofUser();
  }

  /**
   * Replaces {@code ~} at the beginning by the home directory. A shell does so on the command line,
   * but not after {@code --data-dir=}, and nobody does in a file.
   *
   * @throws IllegalArgumentException if there is no home directory, or if it is that of another
   *     user; the message says what to do
   */
  public static Path withHome(Path directory) {
    if (directory.isAbsolute() || !directory.toString().startsWith("~")) {
      return directory;
    }
    Path first = directory.getName(0);
    if (!first.toString().equals("~")) {
      throw new IllegalArgumentException(
          "\"" + directory + "\"; only ~/ is supported, for your own home directory");
    }
    Path home =
        UserDirectory.home()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "\"" + directory + "\"; there is no home directory for ~"));
    return first.equals(directory) ? home : home.resolve(first.relativize(directory));
  }

  /**
   * Checks whether a directory exists or can be created.
   *
   * @return the directory
   * @throws IOException if it cannot be created; the message says why, and what to do
   */
  public static Path requireUsable(Path directory) throws IOException {
    Path existing = directory;
    while (existing.getParent() != null && !Files.exists(existing)) {
      existing = existing.getParent();
    }
    if (!Files.isDirectory(existing)) {
      throw new IOException(cannotBeCreated(directory, existing + " is not a directory"));
    }
    if (!existing.equals(directory) && !Files.isWritable(existing)) {
      throw new IOException(cannotBeCreated(directory, existing + " is not writable"));
    }
    return directory;
  }

  /**
   * Checks the directory of the current user. The home directory must exist.
   *
   * @throws IOException if there is no home, or the directory cannot be created
   */
  public static Path requireUsableOfUser() throws IOException {
    Path directory =
        ofUser()
            .orElseThrow(() -> new IOException("there is no home directory for the keys" + ADVICE));
    Optional<Path> home = UserDirectory.home();
    if (home.isPresent() && directory.startsWith(home.get()) && !Files.exists(home.get())) {
      throw new IOException(
          cannotBeCreated(directory, "the home directory " + home.get() + " does not exist"));
    }
    return requireUsable(directory);
  }

  private static String cannotBeCreated(Path directory, String why) {
    return "the data directory " + directory + " cannot be created: " + why + ADVICE;
  }
}
