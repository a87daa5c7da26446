package io.p2pchat.attacks;

/** What a child process is. */
interface AttackRole {
  /** Does what a command asks for, and returns when it is done. */
  long[] answer(String command, String[] args) throws Exception;
}
