package io.p2pchat.internal.net;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Promise;
import io.netty.util.concurrent.ScheduledFuture;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerUnreachableException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Looks up host names with the system resolver, which knows the hosts file and LAN names. That
 * resolver blocks, so lookups run on a few threads of their own, with a timeout.
 */
public final class HostResolver {
  private static final int THREADS = 4;
  private static final int WAITING = 1024;
  private static final int IDLE_SECONDS = 5;
  private static final int MOST_ADDRESSES = 16;

  private final EventLoop loop;
  private final Duration timeout;
  private final Lookup system;
  private final ExecutorService lookups;

  /** Looks up a name. It may block. */
  public interface Lookup {
    /**
     * Returns the addresses of a name, at least one.
     *
     * @throws UnknownHostException if there is none
     */
    InetAddress[] addresses(String host) throws UnknownHostException;
  }

  /**
   * Creates a resolver. It starts no thread before the first lookup.
   *
   * @param loop receives the results
   * @param timeout the timeout of a lookup
   * @param threads creates its threads
   * @param system looks up names
   */
  public HostResolver(EventLoop loop, Duration timeout, ThreadFactory threads, Lookup system) {
    this.loop = loop;
    this.timeout = timeout;
    this.system = system;
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING),
            threads);
    pool.allowCoreThreadTimeOut(true);
    this.lookups = pool;
  }

  /**
   * Looks up the host of {@code peer}, and reports its addresses, in the order of the system, or
   * the failure on the event loop. Of more than 16 addresses the first are reported.
   *
   * @param found converts each address to a result, on the lookup thread, so it may block
   */
  public <T> void resolve(
      PeerAddress peer,
      Function<InetAddress, T> found,
      BiConsumer<@Nullable List<T>, @Nullable PeerUnreachableException> result) {
    Promise<List<T>> lookup = loop.newPromise();
    ScheduledFuture<?> timer =
        loop.schedule(
            () -> lookup.tryFailure(new TimeoutException()),
            timeout.toNanos(),
            TimeUnit.NANOSECONDS);
    lookup.addListener(
        done -> {
          timer.cancel(false);
          result.accept(lookup.getNow(), done.isSuccess() ? null : failed(peer, done.cause()));
        });
    try {
      lookups.execute(() -> lookUp(peer.host(), found, lookup));
    } catch (RejectedExecutionException e) {
      lookup.tryFailure(e);
    }
  }

  /** Ends the threads. A thread in the system resolver ends after that answers. */
  public void close() {
    lookups.shutdownNow();
  }

  private <T> void lookUp(String host, Function<InetAddress, T> found, Promise<List<T>> lookup) {
    try {
      List<T> result =
          Stream.of(system.addresses(host)).distinct().limit(MOST_ADDRESSES).map(found).toList();
      if (!lookups.isShutdown()) {
        lookup.trySuccess(result);
      }
    } catch (UnknownHostException e) {
      if (!lookups.isShutdown()) {
        lookup.tryFailure(e);
      }
    }
  }

  private PeerUnreachableException failed(PeerAddress peer, Throwable failure) {
    String reason = "too many names are being looked up";
    if (failure instanceof UnknownHostException) {
      reason = "the name is not known here";
    } else if (failure instanceof TimeoutException) {
      reason = "its name was not found within " + timeout.toMillis() + " ms";
    }
    return Unreachable.ofName(peer, reason, failure);
  }
}
