package io.p2pchat.cli.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.Set;

/** Where a team's history is kept. */
final class InputHistory {
  private static final int MOST_CHARS = 120;

  private InputHistory() {}

  /**
   * The file in a directory; letters and digits of the team stay as they are, and what a file
   * system might mind is written as in an address of the web.
   */
  static Path file(Path directory, String team) {
    makeOwnerOnly(directory);
    StringBuilder name = new StringBuilder("history-");
    for (byte b : team.getBytes(UTF_8)) {
      boolean plain = b == '-' || b == '_' || (b > 0 && Character.isLetterOrDigit(b));
      name.append(plain ? String.valueOf((char) b) : "%" + HexFormat.of().toHexDigits(b));
    }
    if (name.length() > MOST_CHARS) {
      name.setLength(MOST_CHARS);
      name.append('-').append(Integer.toHexString(team.hashCode()));
    }
    return directory.resolve(name.toString());
  }

  // The node has made it, unless it keeps no keys.
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
      // Then nothing is remembered; the chat goes on.
    }
  }
}
