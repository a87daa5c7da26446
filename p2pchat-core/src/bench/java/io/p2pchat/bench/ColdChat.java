package io.p2pchat.bench;

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
            ChatNodes.node("Two", Security.opportunistic())
                .onMessage(
                    message -> {
                      if (message.text().equals(TEXT)) {
                        System.out.println(System.nanoTime());
                      }
                    })
                .start();
        PeerNode one = ChatNodes.node("One", Security.opportunistic()).start()) {
      one.send(ChatNodes.at(two.port()), TEXT).join();
    }
  }
}
