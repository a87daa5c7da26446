package io.p2pchat.internal.node;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.p2pchat.testing.netty.ErrorLog;
import io.p2pchat.testing.peers.PeerScript;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/**
 * A whole node but its sockets, and hostile peers on two hosts, with whom it may have sessions. The
 * bytes are what the peers send; the commands are listed at {@link ScriptedPeers#command}.
 *
 * <p>What must hold on each connection is checked by {@link PeerView}: one answer to a {@code
 * HELLO}, nothing before it, no {@code ACK} or {@code RECEIVED} beyond what was sent, nothing after
 * a {@code BYE}. In the end every send has ended, and nothing is left.
 */
@ResourceLock(Resources.SYSTEM_ERR)
class SessionFuzzTest {
  @FuzzTest
  void everyPeerIsSurvived(byte[] input) {
    try (ErrorLog log = new ErrorLog()) {
      ScriptedPeers peers = new ScriptedPeers();
      new PeerScript(input).play(peers);
      peers.finish();
      log.check();
    }
  }
}
