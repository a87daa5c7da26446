package io.p2pchat.internal.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.util.Version;
import io.p2pchat.PeerNodeException;
import io.p2pchat.UnsupportedRuntimeException;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NettyVersionTest {
  @TempDir private Path directory;
  private int jars;

  /** The directory in place of a jar that says this version of a part. */
  private URL jar(String part, String version) throws IOException {
    Path root = Files.createDirectories(directory.resolve("jar" + jars++));
    Files.createDirectories(root.resolve("META-INF"));
    Files.writeString(
        root.resolve("META-INF/io.netty.versions.properties"),
        part + ".version=" + version + "\n" + part + ".repoStatus=clean\n");
    return root.toUri().toURL();
  }

  private static URL classes() {
    return SingleThreadIoEventLoop.class.getProtectionDomain().getCodeSource().getLocation();
  }

  private static void refused(String[] words, URL... path) throws IOException {
    try (URLClassLoader loader = new URLClassLoader(path, null)) {
      assertThatExceptionOfType(UnsupportedRuntimeException.class)
          .isThrownBy(() -> NettyVersion.require(loader))
          .isInstanceOf(PeerNodeException.class)
          .withMessageContainingAll(words)
          .withMessageContainingAll("needs Netty 4.2", "4.2.18.Final", "netty.version");
    }
  }

  @Test
  void versionOfThisBuildIsTheOneNamed() {
    NettyVersion.require();
    assertThat(Version.identify())
        .hasEntrySatisfying(
            "netty-common",
            common -> assertThat(common.artifactVersion()).isEqualTo(NettyVersion.TESTED));
  }

  /** As with Spring Boot's BOM. */
  @Test
  void otherVersionIsNamed() throws IOException {
    refused(
        new String[] {"Netty 4.1.118.Final was found (netty-common, netty-transport)"},
        jar("netty-common", "4.1.118.Final"),
        jar("netty-transport", "4.1.118.Final"));
  }

  @Test
  void versionsThatDifferAreNamedIfOneIsTooOld() throws IOException {
    refused(
        new String[] {"Netty 4.1.118.Final was found (netty-handler)"},
        jar("netty-transport", "4.2.18.Final"),
        jar("netty-handler", "4.1.118.Final"),
        classes());
  }

  @Test
  void nettyThatSaysNoVersionAndHasNotTheClassesIsRefused() throws IOException {
    refused(new String[] {"Netty 4.2 was not found"});
  }

  @ParameterizedTest
  @ValueSource(strings = {"4.2.0.Final", "4.2.99.Final", "4.10.1.Final", "4.3.0.RC1-SNAPSHOT", "x"})
  void laterVersionsAreTaken(String version) throws IOException {
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {jar("netty-common", version), classes()}, parent())) {
      NettyVersion.require(loader);
    }
  }

  /** Of two jars, Java uses the classes of the first; parts that are not used do not matter. */
  @Test
  void whatIsNotUsedDoesNotMatter() throws IOException {
    try (URLClassLoader loader =
        new URLClassLoader(
            new URL[] {
              jar("netty-common", "4.2.18.Final"),
              jar("netty-common", "4.1.118.Final"),
              jar("netty-codec-http", "4.1.118.Final"),
              classes()
            },
            parent())) {
      NettyVersion.require(loader);
    }
  }

  /** Has the classes that those of Netty extend. */
  private static ClassLoader parent() {
    return new ClassLoader(null) {
      @Override
      protected Class<?> findClass(String name) throws ClassNotFoundException {
        return NettyVersionTest.class.getClassLoader().loadClass(name);
      }
    };
  }
}
