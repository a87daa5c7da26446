package io.p2pchat.testing.faultproxy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.p2pchat.testing.faultproxy.FaultProxy.Direction;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Counts what a {@link FaultProxy} does, and records what passes when it is told to. */
final class TrafficLog {
  private final List<String> lines = new ArrayList<>();
  private final Map<String, ByteArrayOutputStream> unfinished = new LinkedHashMap<>();
  private boolean recording;
  private int connections;
  private int cuts;
  private long bytes;

  synchronized void record(boolean recording) {
    this.recording = recording;
  }

  /** A connection is forwarded; its number, from 0. */
  synchronized int connected() {
    return connections++;
  }

  /** A connection is cut. */
  synchronized void cut() {
    cuts++;
  }

  /** Bytes are about to be passed on. */
  synchronized void passing(int connection, Direction direction, byte[] from, int at, int length) {
    bytes += length;
    if (recording) {
      append(prefix(connection, direction), from, at, at + length);
    }
  }

  /** Nothing more comes in this direction: what it has of a line is one. */
  synchronized void ended(int connection, Direction direction) {
    finish(prefix(connection, direction));
  }

  synchronized int connections() {
    return connections;
  }

  synchronized int cuts() {
    return cuts;
  }

  synchronized long bytes() {
    return bytes;
  }

  synchronized List<String> lines() {
    List<String> all = new ArrayList<>(lines);
    unfinished.forEach((prefix, text) -> all.add(prefix + text.toString(UTF_8)));
    return all;
  }

  private static String prefix(int connection, Direction direction) {
    return connection + (direction == Direction.TO_ACCEPTOR ? " > " : " < ");
  }

  private void append(String prefix, byte[] from, int begin, int end) {
    int lineBegin = begin;
    for (int i = begin; i < end; i++) {
      if (from[i] == '\n') {
        unfinished(prefix).write(from, lineBegin, i - lineBegin);
        finish(prefix);
        lineBegin = i + 1;
      }
    }
    if (lineBegin < end) {
      unfinished(prefix).write(from, lineBegin, end - lineBegin);
    }
  }

  private ByteArrayOutputStream unfinished(String prefix) {
    return unfinished.computeIfAbsent(prefix, any -> new ByteArrayOutputStream());
  }

  private void finish(String prefix) {
    ByteArrayOutputStream line = unfinished.remove(prefix);
    if (line != null) {
      lines.add(prefix + line.toString(UTF_8));
    }
  }
}
