package io.p2pchat.cli.chat;

import java.util.List;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;

/** Parses a line into a command and all that follows it: names of teams have blanks in them. */
final class InputParser implements Parser {
  @Override
  public ParsedLine parse(String line, int cursor, ParseContext context) {
    int blank = line.startsWith("/") ? line.indexOf(' ') : -1;
    return blank < 0 || cursor <= blank
        ? new Part(line, cursor, 0, blank < 0 ? line.length() : blank)
        : new Part(line, cursor, blank + 1, line.length());
  }

  private record Part(String line, int cursor, int from, int to) implements ParsedLine {
    @Override
    public String word() {
      return line.substring(from, to);
    }

    @Override
    public int wordCursor() {
      return cursor - from;
    }

    @Override
    public int wordIndex() {
      return 0;
    }

    @Override
    public List<String> words() {
      return List.of(word());
    }
  }
}
