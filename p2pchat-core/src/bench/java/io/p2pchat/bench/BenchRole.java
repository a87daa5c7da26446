package io.p2pchat.bench;

/**
 * What one child process is there for. Commands come one at a time, all on one thread; what they
 * take and give are numbers.
 */
@FunctionalInterface
interface BenchRole {
  /** Every child: begins to measure what is allocated. */
  String START_ALLOCATION = "start-allocation";

  /** Every child: answers the bytes allocated since, and how many threads have ended meanwhile. */
  String END_ALLOCATION = "end-allocation";

  /** Every child: answers the bytes of its heap without garbage, and of its resident memory. */
  String MEMORY = "memory";

  /**
   * Does what the parent asks for.
   *
   * @throws Exception for any reason; the parent is told, and the child goes on
   */
  long[] answer(String command, long[] args) throws Exception;

  /** What a role throws at a command that is not its own. */
  static IllegalArgumentException unknown(String command) {
    return new IllegalArgumentException("no command of this role: " + command);
  }
}
