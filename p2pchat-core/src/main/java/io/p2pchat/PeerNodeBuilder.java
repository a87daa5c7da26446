package io.p2pchat;

import io.p2pchat.discovery.PeerDiscovery;
import io.p2pchat.internal.node.LocalNode;
import io.p2pchat.internal.node.NodeConfig;
import io.p2pchat.internal.protocol.TeamNameRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link PeerNode}. Only the team name is required.
 *
 * <p>This class is not thread-safe.
 */
public final class PeerNodeBuilder {
  private final List<BiConsumer<PeerNode, PeerEvent>> listeners = new ArrayList<>();
  private BiConsumer<? super PeerEvent, ? super Throwable> onListenerFailure = (event, e) -> {};
  private @Nullable String teamName;
  private int port;
  private @Nullable String bindAddress;
  private @Nullable Executor executor;
  private boolean inline;
  private NodeSettings settings = NodeSettings.DEFAULTS;
  private Security security = Security.opportunistic();
  private boolean brief;
  private @Nullable MessageStore store;
  private final List<IpRange> allowed = new ArrayList<>();
  private final List<PeerDiscovery> sources = new ArrayList<>();

  PeerNodeBuilder() {}

  /**
   * Sets the team name, the name that other people see.
   *
   * @param name 1 to 64 characters without {@code |} and control characters; surrounding white
   *     space is dropped. {@value Peer#UNKNOWN_TEAM} is not accepted
   * @return this builder
   * @throws IllegalArgumentException if the name breaks these rules; the message names the rule
   */
  public PeerNodeBuilder teamName(String name) {
    String team = TeamNameRule.require(name);
    if (team.equals(Peer.UNKNOWN_TEAM)) {
      throw new IllegalArgumentException(
          "not a team name: " + team + " stands for peers that have sent no name; choose another");
    }
    this.teamName = team;
    return this;
  }

  /**
   * Sets the port on which the node listens.
   *
   * @param number 1 to 65535, or 0 for any free port, which is the default
   * @return this builder
   * @throws IllegalArgumentException if it is not in that range
   */
  public PeerNodeBuilder port(int number) {
    if (number < 0 || number > 65535) {
      throw new IllegalArgumentException(
          "not a port: " + number + "; accepted are 1 to 65535, or 0 for any free one");
    }
    this.port = number;
    return this;
  }

  /**
   * Sets the local address to listen on and to dial from. By default the node uses all addresses,
   * IPv4 and IPv6.
   *
   * @param host an IP address of this machine, or a name for one
   * @return this builder
   */
  public PeerNodeBuilder bindAddress(String host) {
    this.bindAddress = Objects.requireNonNull(host, "host");
    return this;
  }

  /**
   * Sets limits and timeouts.
   *
   * @param newSettings the settings; {@link NodeSettings#DEFAULTS} by default
   * @return this builder
   */
  public PeerNodeBuilder settings(NodeSettings newSettings) {
    this.settings = Objects.requireNonNull(newSettings, "settings");
    return this;
  }

  /**
   * Sets whether the node encrypts, and which peers it trusts.
   *
   * @param newSecurity {@link Security#opportunistic} with {@link Trust#any} by default
   * @return this builder
   */
  public PeerNodeBuilder security(Security newSecurity) {
    this.security = Objects.requireNonNull(newSecurity, "security");
    return this;
  }

  /**
   * Allows incoming connections only from this range of IP addresses. Several calls allow several
   * ranges. By default every address is allowed. Dialing is not restricted.
   *
   * @param range the addresses
   * @return this builder
   */
  public PeerNodeBuilder allow(IpRange range) {
    allowed.add(Objects.requireNonNull(range, "range"));
    return this;
  }

  /**
   * Makes a node that runs only to send something, as {@code p2pchat send} does. It tells its peers
   * ({@code BRIEF:1}, docs/PROTOCOL.md section 4). They do not remember its address, and messages
   * for its key go to other nodes of that key only. By default a node stays.
   *
   * @return this builder
   */
  public PeerNodeBuilder brief() {
    this.brief = true;
    return this;
  }

  /**
   * Keeps messages in a store. Messages to known peers that are offline wait there, also while this
   * node is closed. They arrive once if the peer has a store too (docs/PROTOCOL.md, section 9). The
   * node closes the store. {@link #start} waits for a slow store, for at most 30 seconds. If
   * another node uses the store, or it cannot be opened, this node runs without it, and tries it
   * again every 5 seconds.
   *
   * @param messages the store; none by default
   * @return this builder
   */
  public PeerNodeBuilder store(MessageStore messages) {
    this.store = Objects.requireNonNull(messages, "store");
    return this;
  }

  /**
   * Adds sources that find other peers (docs/DISCOVERY.md). The node starts them when it listens,
   * and closes them when it closes, so each source belongs to one node. A source that cannot work
   * is logged, and the node goes on without it. By default there are none, and the node announces
   * itself to nobody. A {@link #brief} node is not announced either.
   *
   * @param more the sources, such as {@link io.p2pchat.discovery.StaticDiscovery}
   * @return this builder
   */
  public PeerNodeBuilder discovery(PeerDiscovery... more) {
    sources.addAll(List.of(more));
    return this;
  }

  /**
   * Sets the executor on which the listeners run, still one event at a time. The caller owns it:
   * closing the node does not shut it down. By default the node runs its listeners on a daemon
   * thread of its own.
   *
   * <p>The executor must not run tasks on the calling thread, because that is an I/O thread of the
   * node. {@link #start} refuses an executor that does. One that does so later, for example because
   * it is full, counts as rejecting.
   *
   * @param events the executor; if it rejects a task, the events are queued and the node tries
   *     again
   * @return this builder
   */
  public PeerNodeBuilder executor(Executor events) {
    this.executor = Objects.requireNonNull(events, "executor");
    inline = false;
    return this;
  }

  /**
   * Runs the listeners, and the dependent stages of futures, on the event loop of the node instead
   * of threads of their own. A message then passes no other thread, which shortens the round trip
   * (docs/PERFORMANCE.md). The last of this and {@link #executor} counts.
   *
   * <p><b>Such a listener must not block.</b> While it runs, the node reads and writes nothing. A
   * peer that dials for the first time can take it for a program of level 0 after {@link
   * NodeSettings#greetingTimeout}, and not encrypt. Peers take their connections for lost after
   * {@link NodeSettings#silenceTimeout} and two thirds of it. It must not wait for a future of the
   * node, because that would never complete. The node logs a warning if its listeners keep the
   * event loop for longer than 10 ms, at most one a second.
   *
   * <p>All else is as in {@link PeerListener}: events come in order, one at a time, and never
   * within a call of the node. A message is acknowledged after the listeners have returned. What
   * they throw is logged. {@link PeerNode#close} starts closing and returns.
   *
   * @return this builder
   */
  public PeerNodeBuilder inlineListener() {
    executor = null;
    inline = true;
    return this;
  }

  /**
   * Adds a listener for all events. Several listeners get each event in the order in which they
   * were added, also if an earlier one throws.
   *
   * @param listener the listener
   * @return this builder
   */
  public PeerNodeBuilder listener(PeerListener listener) {
    Objects.requireNonNull(listener, "listener");
    listeners.add((node, event) -> listener.onEvent(event));
    return this;
  }

  /**
   * Adds a listener for one kind of event, with the contract of {@link PeerListener}.
   *
   * @param <E> the kind of event
   * @param type its class
   * @param action handles each event
   * @return this builder
   */
  public <E extends PeerEvent> PeerNodeBuilder on(Class<E> type, Consumer<? super E> action) {
    Objects.requireNonNull(action, "action");
    return on(type, (node, event) -> action.accept(event));
  }

  /**
   * Adds a listener for one kind of event that also gets the node, so that it can answer. The
   * contract of {@link PeerListener} applies. Pass a lambda: a reference to an overloaded method
   * fits both methods of this name.
   *
   * @param <E> the kind of event
   * @param type its class
   * @param action handles each event; it may use the node at once, even before {@link #start} has
   *     returned
   * @return this builder
   */
  public <E extends PeerEvent> PeerNodeBuilder on(
      Class<E> type, BiConsumer<? super PeerNode, ? super E> action) {
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(action, "action");
    listeners.add(
        (node, event) -> {
          if (type.isInstance(event)) {
            action.accept(node, type.cast(event));
          }
        });
    return this;
  }

  /**
   * Adds a listener for messages, with the contract of {@link PeerListener}.
   *
   * @param action handles each message
   * @return this builder
   */
  public PeerNodeBuilder onMessage(Consumer<? super PeerEvent.MessageReceived> action) {
    return on(PeerEvent.MessageReceived.class, action);
  }

  /**
   * Adds a listener for peers that become connected, with the contract of {@link PeerListener}.
   *
   * @param action handles each event
   * @return this builder
   */
  public PeerNodeBuilder onPeerConnected(Consumer<? super PeerEvent.PeerConnected> action) {
    return on(PeerEvent.PeerConnected.class, action);
  }

  /**
   * Adds a listener for peers that leave, with the contract of {@link PeerListener}.
   *
   * @param action handles each event
   * @return this builder
   */
  public PeerNodeBuilder onPeerLeft(Consumer<? super PeerEvent.PeerLeft> action) {
    return on(PeerEvent.PeerLeft.class, action);
  }

  /**
   * Sets what to do when a listener throws. The failure is logged too, at most one a second. {@link
   * MessageRefusedException} is not a failure.
   *
   * @param action gets the event and what the listener threw at it, on the thread of the listener
   *     and before the next listener gets the event; what it throws is logged
   * @return this builder
   */
  public PeerNodeBuilder onListenerFailure(
      BiConsumer<? super PeerEvent, ? super Throwable> action) {
    this.onListenerFailure = Objects.requireNonNull(action, "action");
    return this;
  }

  /**
   * Starts the node. Blocks until it listens.
   *
   * @return the running node; close it after use
   * @throws IllegalStateException if no team name was set, or if there is a {@link #store} and the
   *     key of the node changes with each start
   * @throws IllegalArgumentException if the {@link #executor} runs tasks on the calling thread
   * @throws BindFailedException if the port is in use or the bind address is not one of this
   *     machine
   * @throws TrustStoreException if the directory of {@link Trust#pinned} cannot be used
   * @throws UnsupportedRuntimeException if Netty is not 4.2, or Java lacks a module
   * @throws IllegalArgumentException if the key pair of {@link Trust#of} is not of the kind EC
   *     P-256
   */
  public PeerNode start() {
    if (teamName == null) {
      throw new IllegalStateException("a node needs a team name");
    }
    if (store != null && !NodeConfig.hasLastingKey(security)) {
      throw new IllegalStateException(
          "a node with a store needs a key that lasts: use Trust.pinned or Trust.of, and encrypt");
    }
    return LocalNode.start(
        new NodeConfig(
            new NodeConfig.Introduction(teamName, brief),
            new NodeConfig.Place(bindAddress, port, store),
            settings,
            security,
            List.copyOf(allowed),
            new NodeConfig.ListenerThread(executor, inline),
            List.copyOf(sources)),
        List.copyOf(listeners),
        onListenerFailure);
  }
}
