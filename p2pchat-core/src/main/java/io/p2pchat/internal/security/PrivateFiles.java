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
 * Files for nobody but their owner: made so from the first moment, and refused when they are not.
 *
 * <p>Where the file system knows no POSIX permissions (Windows), files take over the access rules
 * of the directory they are made in, and nothing is checked: there, a user's application data are
 * private by default, and a directory elsewhere is the user's to protect.
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

  /** Throws if anyone but the owner may do anything with it. */
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
