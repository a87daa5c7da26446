package io.p2pchat.cli.doctor;

import io.p2pchat.cli.output.JsonObject;
import java.util.Locale;

/**
 * What a check has found.
 *
 * @param name the name of the check
 * @param result how bad it is
 * @param text what was found, in whole sentences
 * @param next what to do next, in whole sentences; empty if there is nothing to do
 */
public record Finding(String name, Result result, String text, String next) {
  private static final int RESULT_WIDTH = 9;
  private static final int NAME_WIDTH = 15;

  /** How bad a finding is. */
  public enum Result {
    /** All is well. */
    OK,
    /** Some peers may not appear. */
    WARNING,
    /** Peers do not appear, or this peer does not answer. */
    PROBLEM
  }

  static Finding ok(String name, String text) {
    return new Finding(name, Result.OK, text, "");
  }

  static Finding ok(String name, String text, String next) {
    return new Finding(name, Result.OK, text, next);
  }

  static Finding warning(String name, String text, String next) {
    return new Finding(name, Result.WARNING, text, next);
  }

  static Finding problem(String name, String text, String next) {
    return new Finding(name, Result.PROBLEM, text, next);
  }

  boolean isProblem() {
    return result == Result.PROBLEM;
  }

  /** Returns the same finding with another result. */
  Finding as(Result other) {
    return new Finding(name, other, text, next);
  }

  /** Returns the line for people. It is not escaped. */
  public String line() {
    return padded(word(), RESULT_WIDTH)
        + padded(name, NAME_WIDTH)
        + text
        + (next.isEmpty() ? "" : " " + next);
  }

  /** Returns the line of JSON. */
  public String json() {
    return new JsonObject()
        .with("type", "check")
        .with("name", name)
        .with("result", word())
        .with("text", text)
        .with("next", next)
        .toString();
  }

  private String word() {
    return result.name().toLowerCase(Locale.ROOT);
  }

  private static String padded(String cell, int width) {
    return cell + " ".repeat(Math.max(1, width - cell.length()));
  }
}
