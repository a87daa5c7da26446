package io.p2pchat.cli.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;

/**
 * Reads the configuration file: Java properties in UTF-8. Unlike {@link Properties}, it knows the
 * line of each key. It refuses duplicate keys and unknown escapes: {@code C:\Users} would lose its
 * backslash.
 */
final class ConfigFileReader {
  private static final String ESCAPED = "\\tnrf :=#!\n";
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private final Path path;
  private final Map<String, Entry> entries = new TreeMap<>();

  private ConfigFileReader(Path path) {
    this.path = path;
  }

  /**
   * The value of a key.
   *
   * @param value without surrounding white space
   * @param place the file and the line, for messages
   */
  record Entry(String value, String place) {}

  /**
   * Reads a file. A missing file is empty.
   *
   * @return the entries by their keys
   * @throws UsageException if the file cannot be read or is invalid; the message says why and where
   */
  static Map<String, Entry> read(Path path) {
    ConfigFileReader file = new ConfigFileReader(path);
    file.addAll(file.text().lines().toList());
    return file.entries;
  }

  private String text() {
    ByteBuffer bytes = ByteBuffer.wrap(bytes());
    CharBuffer chars = CharBuffer.allocate(bytes.remaining());
    if (UTF_8.newDecoder().decode(bytes, chars, true).isError()) {
      String before = chars.flip().toString();
      long line = before.chars().filter(c -> c == '\n').count() + 1;
      throw new UsageException(place(line) + ": this is not UTF-8");
    }
    String text = chars.flip().toString();
    return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
  }

  private byte[] bytes() {
    try {
      return Files.readAllBytes(path);
    } catch (IOException e) {
      if (!Files.exists(path) && !(e instanceof AccessDeniedException)) {
        return new byte[0];
      }
      throw new UsageException(path + " cannot be read: " + reason(e));
    }
  }

  private static String reason(IOException failure) {
    if (failure instanceof AccessDeniedException) {
      return "permission denied";
    }
    String reason = failure instanceof FileSystemException e ? e.getReason() : failure.getMessage();
    return Objects.requireNonNullElse(reason, "the system does not say why");
  }

  private void addAll(List<String> lines) {
    int next = 0;
    while (next < lines.size()) {
      int first = next;
      StringBuilder entry = new StringBuilder(lines.get(next++));
      if (isBlankOrComment(entry.toString())) {
        continue;
      }
      while (next < lines.size() && continues(lines.get(next - 1))) {
        entry.append('\n').append(lines.get(next++));
      }
      add(entry.toString(), place(first + 1));
    }
  }

  private static boolean isBlankOrComment(String line) {
    String text = line.strip();
    return text.isEmpty() || text.startsWith("#") || text.startsWith("!");
  }

  private static boolean continues(String line) {
    int end = line.length();
    while (end > 0 && line.charAt(end - 1) == '\\') {
      end--;
    }
    return (line.length() - end) % 2 == 1;
  }

  private void add(String text, String place) {
    requireKnownEscapes(text, place);
    Properties one = new Properties();
    try {
      one.load(new StringReader(text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    for (String key : one.stringPropertyNames()) {
      Entry first = entries.put(key, new Entry(one.getProperty(key, "").strip(), place));
      if (first != null) {
        throw new UsageException(place + ": \"" + key + "\" is given already: " + first.place());
      }
    }
  }

  private static void requireKnownEscapes(String text, String place) {
    for (int at = text.indexOf('\\'); at >= 0; at = text.indexOf('\\', at + 2)) {
      String rest = text.substring(at + 1);
      int length = rest.startsWith("u") ? 5 : 1;
      String escape = rest.substring(0, Math.min(length, rest.length()));
      if (!(length == 5 ? isUnicode(escape) : ESCAPED.contains(escape))) {
        throw new UsageException(
            place + ": malformed escape \"\\" + escape + "\"; a backslash itself is written \\\\");
      }
    }
  }

  private static boolean isUnicode(String escape) {
    return escape.length() == 5
        && escape.chars().skip(1).allMatch(c -> c < 0x80 && Character.digit(c, 16) >= 0);
  }

  private String place(long line) {
    return path + ", line " + line;
  }
}
