package io.p2pchat.cli.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.Set;

/** The file of a team's input history. */
final class InputHistory {
  private static final int MAX_CHARS = 120;

  private InputHistory() {}

  /**
   * Returns the file in a directory. Its name is the team with percent-encoding for all but ASCII
   * letters, digits, - and _.
   */
  static Path file(Path directory, String team) {
    makeOwnerOnly(directory);
    StringBuilder name = new StringBuilder("history-");
    for (byte b : team.getBytes(UTF_8)) {
      boolean plain = b == '-' || b == '_' || (b > 0 && Character.isLetterOrDigit(b));
      name.append(plain ? String.valueOf((char) b) : "%" + HexFormat.of().toHexDigits(b));
    }
    if (name.length() > MAX_CHARS) {
      name.setLength(MAX_CHARS);
      name.append('-').append(Integer.toHexString(team.hashCode()));
    }
    return directory.resolve(name.toString());
  }

  // The node has created it, unless it stores no keys.
  private static void makeOwnerOnly(Path directory) {
    Set<PosixFilePermission> owner = PosixFilePermissions.fromString("rwx------");
    boolean posix = directory.getFileSystem().supportedFileAttributeViews().contains("posix");
    try {
      if (posix) {
        Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(owner));
      } else {
        Files.createDirectories(directory);
      }
    } catch (IOException e) {
      // The chat continues without a history file.
    }
  }
}
