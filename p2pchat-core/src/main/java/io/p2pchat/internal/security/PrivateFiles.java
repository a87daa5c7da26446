package io.p2pchat.internal.security;

import io.p2pchat.TrustStoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Files that belong to this user, and that only this user can access. They are created that way,
 * and rejected if they are not. Files of root are accepted, because root can change any file.
 *
 * <p>Without POSIX permissions (Windows), files inherit the access rules of their directory, and
 * nothing is checked. A user's application data are private there by default. The user must protect
 * any other directory.
 */
final class PrivateFiles {
  private static final Set<PosixFilePermission> DIRECTORY =
      PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");

  /** What else can be done where a restart would undo a chmod. */
  private static final String VOLUME =
      ". If this is a Kubernetes volume with fsGroup, set fsGroupChangePolicy to OnRootMismatch and"
          + " name a new directory inside the volume";

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
              + path
              + (isVolume(path, others) ? VOLUME : ""));
    }
  }

  private static boolean isVolume(Path path, Set<PosixFilePermission> others) {
    return Files.isDirectory(path) && others.contains(PosixFilePermission.GROUP_WRITE);
  }

  /**
   * Throws if the file belongs to another user than this one or root.
   *
   * @param user this user, or null if unknown
   */
  static void requireOwner(Path path, @Nullable UserPrincipal user) throws IOException {
    if (user == null || !knowsPermissions(path)) {
      return;
    }
    UserPrincipal owner = Files.getOwner(path);
    if (!owner.equals(user) && !belongsToRoot(path)) {
      throw new TrustStoreException(
          path,
          "it belongs to the user %s, and this program runs as %s; run it as %s, or: chown %s %s"
              .formatted(owner.getName(), user.getName(), owner.getName(), user.getName(), path));
    }
  }

  private static boolean belongsToRoot(Path path) throws IOException {
    return path.getFileSystem().supportedFileAttributeViews().contains("unix")
        && Files.getAttribute(path, "unix:uid").equals(0);
  }

  /**
   * Returns the user to whom new files in the directory belong, or null if that is unknown. Java
   * does not tell which user runs it, and some file systems give all files to one user.
   */
  static @Nullable UserPrincipal user(Path directory) throws IOException {
    if (!knowsPermissions(directory)) {
      return null;
    }
    try {
      Path probe = Files.createTempFile(directory, "owner", ".new", file(directory));
      try {
        return Files.getOwner(probe);
      } finally {
        Files.delete(probe);
      }
    } catch (IOException e) {
      return userByName(directory); // a directory that cannot be written
    }
  }

  private static @Nullable UserPrincipal userByName(Path directory) {
    try {
      return directory
          .getFileSystem()
          .getUserPrincipalLookupService()
          .lookupPrincipalByName(System.getProperty("user.name"));
    } catch (IOException e) {
      return null; // In a container, a user may have no name.
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
