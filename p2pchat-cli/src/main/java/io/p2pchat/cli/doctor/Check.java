package io.p2pchat.cli.doctor;

import java.util.List;

/** Looks at one thing that can keep peers from appearing. Runs on a thread of its own. */
interface Check {
  /** Returns the name, as in the results. */
  String name();

  /**
   * Runs the check once.
   *
   * @return one finding or more
   * @throws InterruptedException if the check took too long
   */
  List<Finding> run() throws InterruptedException;
}
