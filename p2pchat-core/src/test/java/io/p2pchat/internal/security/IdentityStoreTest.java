package io.p2pchat.internal.security;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.p2pchat.TrustStoreException;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdentityStoreTest {
  @TempDir Path parent;

  private Path path() {
    return parent.resolve("share/p2pchat");
  }

  private Path keyFile() {
    return path().resolve("identity.pem");
  }

  private NodeIdentity open() {
    return IdentityStore.open(PrivateDirectory.open(path()));
  }

  private void refuses(Path named, String... problem) {
    assertThatExceptionOfType(TrustStoreException.class)
        .isThrownBy(this::open)
        .withMessageStartingWith(named + ": ")
        .withMessageContainingAll(problem);
  }

  private static String permissions(Path path) throws IOException {
    assumeTrue(
        path.getFileSystem().supportedFileAttributeViews().contains("posix"),
        "NOT TESTED: no POSIX permissions here");
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private static void chmod(Path path, String permissions) throws IOException {
    permissions(path);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }

  @Test
  void theKeyIsMadeOnceAndReadFromThenOn() throws IOException {
    NodeIdentity first = open();
    byte[] file = Files.readAllBytes(keyFile());
    NodeIdentity second = open();
    assertThat(second.fingerprint()).isEqualTo(first.fingerprint());
    assertThat(second.certificate()).isEqualTo(first.certificate());
    assertThat(second.key()).isEqualTo(first.key());
    assertThat(Files.readAllBytes(keyFile())).isEqualTo(file);
  }

  @Test
  void everythingIsForTheOwnerOnly() throws IOException {
    open();
    assertThat(permissions(path())).isEqualTo("rwx------");
    assertThat(permissions(parent.resolve("share"))).isEqualTo("rwx------");
    assertThat(permissions(keyFile())).isEqualTo("rw-------");
    assertThat(permissions(path().resolve("lock"))).isEqualTo("rw-------");
    assertThat(path().toFile().list()).containsExactlyInAnyOrder("identity.pem", "lock");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rwxrwxrwx", "rw------x"})
  void aKeyThatIsOpenToOthersIsRefused(String permissions) throws IOException {
    open();
    chmod(keyFile(), permissions);
    refuses(keyFile().toRealPath(), "open to other users (" + permissions + ")", "chmod 600 ");
    assertThat(permissions(keyFile())).isEqualTo(permissions);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rwxr-xr-x", "rwx--x---", "rwx---rwx"})
  void aDirectoryThatIsOpenToOthersIsRefused(String permissions) throws IOException {
    Files.createDirectories(path());
    chmod(path(), permissions);
    refuses(path(), "open to other users (" + permissions + ")", "chmod 700 ");
  }

  @Test
  void directoryThatAVolumeOpensToItsGroupIsRefusedWithAWayOut() throws IOException {
    Files.createDirectories(path());
    chmod(path(), "rwxrwx---");
    refuses(path(), "chmod 700 ", "fsGroupChangePolicy to OnRootMismatch", "new directory inside");
    assertThat(IdentityStore.open(PrivateDirectory.open(path().resolve("inside"))).fingerprint())
        .isNotNull();
  }

  @Test
  void whatBelongsToAnotherUserIsRefused() throws IOException {
    permissions(parent);
    UserPrincipal other = principal("nobody");
    Path file = Files.createFile(parent.resolve("file"));
    String owner = Files.getOwner(file).getName();
    PrivateFiles.requireOwner(file, Files.getOwner(file));
    assumeTrue(!owner.equals("root"), "files of root are everybody's");
    assertThatExceptionOfType(TrustStoreException.class)
        .isThrownBy(() -> PrivateFiles.requireOwner(file, other))
        .withMessageStartingWith(file + ": it belongs to the user " + owner)
        .withMessageContainingAll("runs as nobody", "chown nobody " + file);
  }

  /** Only root can make files of another user. */
  @Test
  void rootUsesNoFilesOfAnotherUser() throws IOException {
    permissions(parent);
    UserPrincipal other = principal("nobody");
    assumeTrue(Files.getOwner(parent).getName().equals("root"), "NOT TESTED: not run by root");
    open();
    Files.setOwner(keyFile(), other);
    refuses(keyFile().toRealPath(), "belongs to the user nobody", "runs as root", "chown root ");
    Files.setOwner(keyFile(), principal("root"));
    open();
    Files.setOwner(path(), other);
    refuses(path(), "belongs to the user nobody", "chown root ");
    PrivateFiles.requireOwner(keyFile(), other);
  }

  private static UserPrincipal principal(String name) throws IOException {
    return FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName(name);
  }

  @Test
  void whatIsNoDirectoryIsRefused() throws IOException {
    Files.createDirectories(parent.resolve("share"));
    Files.writeString(path(), "x");
    refuses(path(), "not a directory");
  }

  @Test
  void aLinkToAPrivateDirectoryWillDo() throws IOException {
    NodeIdentity identity = open();
    Path link = Files.createSymbolicLink(parent.resolve("link"), path());
    assertThat(IdentityStore.open(PrivateDirectory.open(link)).fingerprint())
        .isEqualTo(identity.fingerprint());
  }

  @Test
  void aKeyFileThatIsNoFileIsRefused() throws IOException {
    PrivateDirectory.open(path());
    Files.createDirectory(keyFile());
    refuses(keyFile().toRealPath(), "not a file");
  }

  @Test
  void aHugeKeyFileIsRefused() throws IOException {
    open();
    Files.write(keyFile(), new byte[70_000]);
    refuses(keyFile().toRealPath(), "longer than 65536 bytes");
  }

  @Test
  void aKeyAndACertificateThatDoNotBelongTogetherAreRefused() throws IOException {
    String one = new String(NodeIdentity.generate().format(), ISO_8859_1);
    String other = new String(NodeIdentity.generate().format(), ISO_8859_1);
    int cut = one.indexOf("-----BEGIN CERTIFICATE");
    open();
    Files.writeString(
        keyFile(),
        one.substring(0, cut) + other.substring(other.indexOf("-----BEGIN CERTIFICATE")));
    refuses(keyFile().toRealPath(), "the certificate in it is not of the key in it");
  }

  @Test
  void anEmptyKeyFileIsRefusedAndNotReplaced() throws IOException {
    open();
    Files.write(keyFile(), new byte[0]);
    refuses(keyFile().toRealPath(), "not a usable key file", "no whole block");
    assertThat(keyFile()).isEmptyFile();
  }

  @Test
  void whatACrashLeftIsCleanedAway() throws IOException {
    PrivateDirectory directory = PrivateDirectory.open(path());
    Files.writeString(path().resolve("identity.pem.new"), "half a ke");
    IdentityStore.open(directory);
    assertThat(path().resolve("identity.pem.new")).doesNotExist();
  }

  /** A zip file stands in for a file system without POSIX permissions. */
  @Test
  void whereThereAreNoPermissionsNothingIsAskedOrChecked() throws IOException {
    Path zip = parent.resolve("a.zip");
    try (FileSystem files = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
      Path file = Files.createFile(files.getPath("/key"), PrivateFiles.file(files.getPath("/key")));
      Files.createDirectory(files.getPath("/d"), PrivateFiles.directory(files.getPath("/d")));
      PrivateFiles.require(file);
      assertThat(PrivateFiles.user(files.getPath("/d"))).isNull();
      PrivateFiles.requireOwner(file, Files.getOwner(parent));
    }
  }
}
