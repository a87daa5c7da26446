package io.p2pchat.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.StringJoiner;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/** The class path with its directories made into jars, which an archive of classes demands. */
final class Jars {
  private Jars() {}

  /** Makes them in a directory. */
  static String classPath(Path directory) throws IOException {
    StringJoiner classPath = new StringJoiner(File.pathSeparator);
    int number = 0;
    for (String entry : path().split(File.pathSeparator, -1)) {
      Path jar = directory.resolve(number + ".jar");
      if (Files.isDirectory(Path.of(entry))) {
        write(Path.of(entry), jar);
        number++;
        classPath.add(jar.toString());
      } else {
        classPath.add(entry);
      }
    }
    return classPath.toString();
  }

  private static String path() {
    String modulePath = System.getProperty("jdk.module.path");
    return modulePath == null ? System.getProperty("java.class.path") : modulePath;
  }

  private static void write(Path classes, Path jar) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(classes)) {
      files = all.filter(Files::isRegularFile).toList();
    }
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      for (Path file : files) {
        out.putNextEntry(new JarEntry(classes.relativize(file).toString().replace('\\', '/')));
        Files.copy(file, out);
      }
    }
  }
}
