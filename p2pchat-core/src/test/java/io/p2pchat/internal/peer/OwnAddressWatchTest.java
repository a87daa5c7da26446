package io.p2pchat.internal.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OwnAddressWatchTest {
  private static final InetAddress OWN = InetAddress.getLoopbackAddress();

  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final Set<InetAddress> lost = new HashSet<>();
  private final List<Runnable> confirmations = new ArrayList<>();
  private final Connection connection = new Connection();
  private final OwnAddressWatch watch =
      new OwnAddressWatch(
          new NodeExecutors(channel.eventLoop(), confirmations::add),
          List.of(connection),
          own -> true,
          lost::contains);

  private static final class Connection implements OwnAddressWatch.User {
    private int left;

    @Override
    public InetAddress ownAddress() {
      return OWN;
    }

    @Override
    public void leaveOwnAddress() {
      left++;
    }
  }

  private void look() {
    watch.look();
    assertThat(connection.left).as("not asked on the event loop").isZero();
    confirmations.forEach(Runnable::run);
    channel.runPendingTasks();
  }

  /** No socket can be bound also because no port or no right to bind is left. */
  @Test
  void connectionOfAnAddressThatOnlySeemsLostGoesOn() {
    look();
    assertThat(confirmations).hasSize(1);
    assertThat(connection.left).isZero();
  }

  @Test
  void connectionOfALostAddressIsLeft() {
    lost.add(OWN);
    look();
    assertThat(connection.left).isEqualTo(1);
  }
}
