package io.p2pchat.cli.doctor;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** Files and programs of this machine. Tests have one of their own. */
interface LocalSystem {
  /** The kinds of systems. */
  enum Platform {
    LINUX,
    MACOS,
    WINDOWS,
    OTHER
  }

  Platform platform();

  /** Returns the first number of the version of the system, or 0. */
  int version();

  /** Returns the beginning of a text file, or empty if it cannot be read. */
  Optional<String> read(Path file);

  /** Returns what a program prints, or empty if it is missing, fails, or takes too long. */
  Optional<String> output(String... command);

  /** Returns the names of running programs, cut at 15 characters. Linux only, elsewhere empty. */
  Set<String> processes();
}
