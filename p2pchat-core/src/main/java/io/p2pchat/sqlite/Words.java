package io.p2pchat.sqlite;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The words to look for. What a word is, only FTS5 says: also of texts that are not indexed yet,
 * which are matched in an index in memory. Not thread-safe.
 */
final class Words implements AutoCloseable {
  private final String query;
  private final SqliteConnection memory;

  private Words(String query, SqliteConnection memory) {
    this.query = query;
    this.memory = memory;
  }

  static Words of(String text) throws SQLException {
    SqliteConnection memory = SqliteConnection.inMemory();
    try {
      memory.execute(
          "CREATE VIRTUAL TABLE word USING fts5 (text, content = '', columnsize = 0, tokenize = '"
              + SqliteSchema.TOKENIZER
              + "')");
      memory.execute("CREATE VIRTUAL TABLE term USING fts5vocab (word, row)");
      return new Words(query(text), memory);
    } catch (SQLException e) {
      memory.close();
      throw e;
    }
  }

  /**
   * A text can have its accents and syllables composed or not, and FTS5 makes no difference for
   * Latin letters only. So both are looked for.
   */
  private static String query(String text) {
    String composed = quoted(Normalizer.normalize(text, Normalizer.Form.NFC));
    String decomposed = quoted(Normalizer.normalize(text, Normalizer.Form.NFD));
    return composed.equals(decomposed)
        ? "text : (" + composed + ")"
        : "(text : (" + composed + ") OR text : (" + decomposed + "))";
  }

  /**
   * Every word is quoted, so none is an operator. Without an operator, all words must be found, and
   * those without a letter or digit are ignored.
   */
  private static String quoted(String text) {
    return Arrays.stream(text.replace('\0', ' ').strip().split("\\s+"))
        .map(word -> "\"" + word.replace("\"", "\"\"") + "\" *")
        .collect(Collectors.joining(" "));
  }

  /** Returns whether FTS5 finds no word in the text of a search. */
  static boolean areNone(String text) throws SQLException {
    if (text.isBlank()) {
      return true;
    }
    try (Words words = of("")) {
      words.fill(List.of(text));
      return words.memory.number("SELECT count(*) FROM term") == 0;
    }
  }

  /** Returns the indexes of those texts that have, for each word, one that begins with it. */
  Set<Integer> in(List<String> texts) throws SQLException {
    fill(texts);
    PreparedStatement select = memory.prepare("SELECT rowid FROM word WHERE word MATCH ?");
    select.setString(1, query);
    Set<Integer> found = new HashSet<>();
    try (ResultSet row = select.executeQuery()) {
      while (row.next()) {
        found.add(row.getInt(1));
      }
    }
    return found;
  }

  private void fill(List<String> texts) throws SQLException {
    memory.begin();
    memory.execute("INSERT INTO word (word) VALUES ('delete-all')");
    PreparedStatement insert = memory.prepare("INSERT INTO word (rowid, text) VALUES (?, ?)");
    for (int i = 0; i < texts.size(); i++) {
      insert.setInt(1, i);
      insert.setString(2, texts.get(i));
      insert.executeUpdate();
    }
    memory.commit();
  }

  /** Returns the words as a query of an index. */
  String query() {
    return query;
  }

  @Override
  public void close() {
    memory.close();
  }
}
