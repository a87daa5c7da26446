package io.p2pchat.internal.node;

import io.p2pchat.UnsupportedRuntimeException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLConnection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Checks the version of Netty when a node starts. Builds often choose another one than the
 * library's, such as Spring Boot's BOM, and compile with it. This class uses no class of Netty.
 */
final class NettyVersion {
  /** The version that the library is built and tested with. */
  static final String TESTED = "4.2.18.Final";

  private static final String CLASS = "io.netty.channel.SingleThreadIoEventLoop";
  private static final String FILE = "META-INF/io.netty.versions.properties";
  private static final List<String> USED =
      List.of(
          "netty-buffer",
          "netty-codec-base",
          "netty-codec-dns",
          "netty-common",
          "netty-handler",
          "netty-resolver",
          "netty-resolver-dns",
          "netty-transport");
  private static final Pattern NUMBER = Pattern.compile("([0-9]{1,4})\\.([0-9]{1,4})\\..*");

  private NettyVersion() {}

  /**
   * Checks the version that the library uses.
   *
   * @throws UnsupportedRuntimeException if it is not 4.2 or a later 4
   */
  static void require() {
    require(NettyVersion.class.getClassLoader());
  }

  static void require(ClassLoader loader) {
    Map<String, String> found = find(loader);
    Map<String, String> wrong = new TreeMap<>(found);
    wrong.values().removeIf(NettyVersion::fits);
    if (!wrong.isEmpty()) {
      throw unsupported(
          "Netty "
              + String.join(", ", wrong.values().stream().distinct().toList())
              + " was found ("
              + String.join(", ", wrong.keySet())
              + ")",
          null);
    }
    try {
      Class.forName(CLASS, false, loader);
    } catch (ClassNotFoundException | LinkageError e) {
      throw unsupported(
          found.isEmpty() ? "Netty 4.2 was not found" : "A part of Netty " + found + " is missing",
          e);
    }
  }

  private static boolean fits(String version) {
    Matcher number = NUMBER.matcher(version);
    return !number.matches()
        || (number.group(1).equals("4") && Integer.parseInt(number.group(2)) >= 2);
  }

  private static UnsupportedRuntimeException unsupported(String found, @Nullable Throwable cause) {
    return new UnsupportedRuntimeException(
        found
            + ", and p2pchat needs Netty 4.2. Set all Netty jars to one version such as "
            + TESTED
            + ". With Spring Boot, the property netty.version sets it",
        cause);
  }

  /**
   * Returns the version of each used part that says it. Of a part found twice, the first counts.
   */
  private static Map<String, String> find(ClassLoader loader) {
    Map<String, String> versions = new TreeMap<>();
    try {
      for (URL file : Collections.list(loader.getResources(FILE))) {
        Properties properties = read(file);
        for (String part : USED) {
          String version = properties.getProperty(part + ".version");
          if (version != null) {
            versions.putIfAbsent(part, version);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return versions;
  }

  private static Properties read(URL file) throws IOException {
    URLConnection connection = file.openConnection();
    connection.setUseCaches(false);
    try (InputStream in = connection.getInputStream()) {
      Properties properties = new Properties();
      properties.load(in);
      return properties;
    }
  }
}
