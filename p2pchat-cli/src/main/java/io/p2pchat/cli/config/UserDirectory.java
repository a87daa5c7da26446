package io.p2pchat.cli.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where programs keep what is a user's own. */
public enum UserDirectory {
  /** For data, such as keys. */
  DATA("XDG_DATA_HOME", ".local/share"),
  /** For what the user writes. */
  CONFIG("XDG_CONFIG_HOME", ".config");

  private static final String NAME = "p2pchat";

  private final String variable;
  private final String inHome;

  UserDirectory(String variable, String inHome) {
    this.variable = variable;
    this.inHome = inHome;
  }

  /** That of this program, for the user who runs it. */
  public Optional<Path> ofUser() {
    return of(
        System.getenv(), System.getProperty("os.name", ""), System.getProperty("user.home", ""));
  }

  /**
   * As the system has it: {@code %APPDATA%} on Windows, elsewhere the XDG base directory
   * specification, by which a variable that holds a relative path is ignored.
   *
   * @param env the environment
   * @param os the name of the operating system
   * @param userHome the home directory where the environment names none
   * @return the directory of this program in there, or empty if the user has no home
   */
  public Optional<Path> of(Map<String, String> env, String os, String userHome) {
    boolean windows = os.toLowerCase(Locale.ROOT).startsWith("windows");
    return absolute(env.get(windows ? "APPDATA" : variable))
        .or(
            () ->
                home(env, userHome).map(home -> home.resolve(windows ? "AppData/Roaming" : inHome)))
        .map(base -> base.resolve(NAME));
  }

  /** The home directory of the user who runs this. */
  static Optional<Path> home() {
    return home(System.getenv(), System.getProperty("user.home", ""));
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
