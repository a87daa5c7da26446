package io.p2pchat.cli.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The directories where programs keep a user's files. */
public enum UserDirectory {
  /** Data, such as keys. */
  DATA("XDG_DATA_HOME", ".local/share"),
  /** Configuration files. */
  CONFIG("XDG_CONFIG_HOME", ".config");

  private static final String NAME = "p2pchat";

  private final String variable;
  private final String inHome;

  UserDirectory(String variable, String inHome) {
    this.variable = variable;
    this.inHome = inHome;
  }

  /** Returns this program's directory of the current user. */
  public Optional<Path> ofUser() {
    return of(
        System.getenv(), System.getProperty("os.name", ""), System.getProperty("user.home", ""));
  }

  /**
   * Returns the directory by the rules of the system: {@code %APPDATA%} on Windows, elsewhere the
   * XDG base directory specification. Ignores variables with a relative path.
   *
   * @param env the environment
   * @param os the name of the operating system
   * @param userHome the home directory, if the environment has none
   * @return this program's directory, or empty if the user has no home
   */
  public Optional<Path> of(Map<String, String> env, String os, String userHome) {
    boolean windows = os.toLowerCase(Locale.ROOT).startsWith("windows");
    return absolute(env.get(windows ? "APPDATA" : variable))
        .or(
            () ->
                home(env, userHome).map(home -> home.resolve(windows ? "AppData/Roaming" : inHome)))
        .map(base -> base.resolve(NAME));
  }

  static Optional<Path> home() {
    return home(System.getenv(), System.getProperty("user.home", ""));
  }

  // HOME first: Java takes user.home from the user database.
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
