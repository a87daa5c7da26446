package io.p2pchat.cli.output;

import static java.util.stream.Collectors.joining;

import java.util.List;

/** Writes one JSON object (RFC 8259) on one line. Members keep their order. */
public final class JsonObject {
  private final StringBuilder json = new StringBuilder("{");

  public JsonObject with(String name, String value) {
    name(name);
    quote(value);
    return this;
  }

  JsonObject with(String name, long value) {
    name(name).append(value);
    return this;
  }

  JsonObject with(String name, boolean value) {
    name(name).append(value);
    return this;
  }

  JsonObject with(String name, JsonObject value) {
    name(name).append(value);
    return this;
  }

  JsonObject with(String name, List<JsonObject> values) {
    name(name).append(values.stream().map(JsonObject::toString).collect(joining(",", "[", "]")));
    return this;
  }

  JsonObject withTexts(String name, List<String> values) {
    name(name).append('[');
    for (String value : values) {
      if (json.charAt(json.length() - 1) != '[') {
        json.append(',');
      }
      quote(value);
    }
    json.append(']');
    return this;
  }

  @Override
  public String toString() {
    return json + "}";
  }

  private StringBuilder name(String name) {
    if (json.length() > 1) {
      json.append(',');
    }
    quote(name);
    return json.append(':');
  }

  private void quote(String text) {
    json.append('"');
    text.codePoints().forEach(this::append);
    json.append('"');
  }

  // Escapes more than JSON requires, because people also read these lines on terminals.
  private void append(int codePoint) {
    if (codePoint == '"' || codePoint == '\\') {
      json.append('\\').append((char) codePoint);
    } else {
      TerminalEscaper.append(json, codePoint);
    }
  }
}
