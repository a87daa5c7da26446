package io.p2pchat.internal.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.netty.channel.ChannelException;
import io.netty.channel.ConnectTimeoutException;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerUnreachableException;
import io.p2pchat.PeerUnreachableException.Reason;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class UnreachableTest {
  private static final PeerAddress PEER = new PeerAddress("peer.example", 7001);

  private static Stream<Arguments> causes() {
    return Stream.of(
        arguments(new ConnectException("Connection refused"), Reason.REFUSED),
        arguments(new ConnectException("Connection refused: /10.0.0.1:1"), Reason.REFUSED),
        arguments(new ConnectTimeoutException("connection timed out"), Reason.TIMED_OUT),
        arguments(new ConnectException("Connection timed out"), Reason.TIMED_OUT),
        arguments(new TimeoutException(), Reason.TIMED_OUT),
        arguments(new NoRouteToHostException("No route to host"), Reason.NO_ROUTE),
        arguments(new NoRouteToHostException("Host is unreachable"), Reason.NO_ROUTE),
        arguments(new SocketException("Network is unreachable"), Reason.NO_ROUTE),
        arguments(new UnknownHostException("peer.example"), Reason.UNKNOWN_HOST),
        arguments(new ClosedChannelException(), Reason.CLOSED),
        arguments(new RejectedExecutionException(), Reason.OTHER),
        arguments(new ChannelException("too many open files"), Reason.OTHER),
        arguments(new IOException("something else"), Reason.OTHER));
  }

  @ParameterizedTest
  @MethodSource("causes")
  void aFailureHasTheReasonOfItsCause(Exception cause, Reason reason) {
    PeerUnreachableException failure = Unreachable.of(PEER, "why", cause);
    assertThat(failure.reason()).isEqualTo(reason);
    assertThat(failure.peer()).contains(PEER);
    assertThat(failure).hasMessage("Could not reach peer.example:7001: why").hasCause(cause);
  }

  @Test
  void aNameThatIsNotFoundIsNamedWithoutThePort() {
    PeerUnreachableException failure =
        Unreachable.ofName(PEER, "the name is not known here", new UnknownHostException());
    assertThat(failure).hasMessage("Could not reach peer.example: the name is not known here");
    assertThat(failure.peer()).contains(PEER);
  }

  @Test
  void theSameFailureIsMadeAnew() {
    PeerUnreachableException first = Unreachable.of(PEER, "why", new TimeoutException());
    PeerUnreachableException again = Unreachable.again(first);
    assertThat(again).isNotSameAs(first).hasMessage(first.getMessage()).hasCause(first.getCause());
    assertThat(again.reason()).isEqualTo(first.reason());
    assertThat(again.peer()).isEqualTo(first.peer());
  }
}
