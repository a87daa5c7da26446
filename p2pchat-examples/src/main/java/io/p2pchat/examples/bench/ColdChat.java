package io.p2pchat.examples.bench;

import io.p2pchat.PeerNode;
import io.p2pchat.Security;

/** The README's smallest program, that prints when its one message was delivered. */
public final class ColdChat {
  static final String TEXT = "hello";

  private ColdChat() {}

  /**
   * Runs it.
   *
   * @param args not used
   */
  public static void main(String[] args) {
    try (PeerNode two =
            Chat.node("Two", Security.opportunistic())
                .onMessage(
                    message -> {
                      if (message.text().equals(TEXT)) {
                        System.out.println(System.nanoTime());
                      }
                    })
                .start();
        PeerNode one = Chat.node("One", Security.opportunistic()).start()) {
      one.send(Chat.at(two.port()), TEXT).join();
    }
  }
}
