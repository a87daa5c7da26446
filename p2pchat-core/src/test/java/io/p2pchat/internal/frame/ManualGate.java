package io.p2pchat.internal.frame;

/** A gate that a test opens and closes. */
final class ManualGate implements DecodeGate {
  /** Whether lines are wanted. */
  boolean wanted = true;

  /** Whether lines that are wanted have their turn. */
  boolean hasTurn = true;

  /** How often something has begun to wait. */
  int waiting;

  private final boolean holdsEnd;

  ManualGate(boolean holdsEnd) {
    this.holdsEnd = holdsEnd;
  }

  @Override
  public boolean isOpen() {
    return wanted && hasTurn;
  }

  @Override
  public boolean isFlowing() {
    return wanted;
  }

  @Override
  public boolean holdsEnd() {
    return holdsEnd;
  }

  @Override
  public void waiting() {
    waiting++;
  }
}
