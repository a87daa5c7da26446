package io.p2pchat.internal.security;

import io.p2pchat.TrustStoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/**
 * Files that only their owner can access. They are created that way, and rejected if they are not.
 *
 * <p>Without POSIX permissions (Windows), files inherit the access rules of their directory, and
 * nothing is checked. A user's application data are private there by default. The user must protect
 * any other directory.
 */
final class PrivateFiles {
  private static final Set<PosixFilePermission> DIRECTORY =
      PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");

  private PrivateFiles() {}

  static FileAttribute<?>[] directory(Path path) {
    return attributes(path, DIRECTORY);
  }

  static FileAttribute<?>[] file(Path path) {
    return attributes(path, FILE);
  }

  /** Throws if any user but the owner can access the file. */
  static void require(Path path) throws IOException {
    if (!knowsPermissions(path)) {
      return;
    }
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
    Set<PosixFilePermission> others = EnumSet.noneOf(PosixFilePermission.class);
    others.addAll(permissions);
    others.removeAll(DIRECTORY);
    if (!others.isEmpty()) {
      throw new TrustStoreException(
          path,
          "it is open to other users ("
              + PosixFilePermissions.toString(permissions)
              + "); make it private: chmod "
              + (Files.isDirectory(path) ? "700 " : "600 ")
              + path);
    }
  }

  private static FileAttribute<?>[] attributes(Path path, Set<PosixFilePermission> permissions) {
    return knowsPermissions(path)
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
        : new FileAttribute<?>[0];
  }

  private static boolean knowsPermissions(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
