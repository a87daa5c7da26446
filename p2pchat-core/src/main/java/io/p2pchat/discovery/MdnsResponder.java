package io.p2pchat.discovery;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Announces this node by multicast DNS and answers questions about it (RFC 6762 sections 6, 8 to
 * 10). Both the instance and the host have its {@code NODE} as their name. Each link has a {@link
 * MdnsAnnouncer}. Used on the event loop only; does no I/O.
 */
final class MdnsResponder {
  private static final Logger LOG = LoggerFactory.getLogger(MdnsResponder.class);

  private static final int MAX_RENAMES = 3;

  /** How long the node is silent when all its names are used. Each time it is twice as long. */
  private static final Duration FIRST_SILENCE = Duration.ofMinutes(1);

  private static final Duration LONGEST_SILENCE = Duration.ofMinutes(16);

  /** After this time without a conflict, the next silence is as short as the first. */
  private static final Duration CALM = Duration.ofHours(1);

  private final EventLoop loop;
  private final Advertisement self;
  private final RandomGenerator random;
  private final Set<MdnsLink> links = new LinkedHashSet<>();
  private final Map<MdnsLink, MdnsAnnouncer> announcers = new LinkedHashMap<>();
  private int renames;
  private Duration silence = FIRST_SILENCE;
  private long conflictAt;
  private @Nullable Future<?> again;

  MdnsResponder(EventLoop loop, Advertisement self, RandomGenerator random) {
    this.loop = loop;
    this.self = self;
    this.random = random;
  }

  /**
   * Begins to announce on a link, unless the node does not want to be, or cannot be found there.
   */
  void add(MdnsLink link) {
    links.add(link);
    announce(link);
  }

  private void announce(MdnsLink link) {
    if (self.announces() && renames <= MAX_RENAMES && !link.announced().isEmpty()) {
      MdnsAnnouncer announcer =
          new MdnsAnnouncer(loop, link, MdnsOwnRecords.of(self, label(), link), random);
      announcers.put(link, announcer);
      announcer.start();
    }
  }

  /** Forgets a link, which has gone. */
  void remove(MdnsLink link) {
    links.remove(link);
    stop(link);
  }

  private void stop(MdnsLink link) {
    MdnsAnnouncer announcer = announcers.remove(link);
    if (announcer != null) {
      announcer.stop();
    }
  }

  /**
   * Handles a packet of another host, or of another program on this host.
   *
   * @param source where it came from
   */
  void receive(MdnsLink link, InetAddress source, MdnsPacket packet) {
    MdnsAnnouncer announcer = announcers.get(link);
    if (announcer == null) {
      return;
    }
    if (conflicts(announcer.location(), packet)) {
      rename();
    } else if (packet.response()) {
      announcer.response(packet);
    } else {
      announcer.query(source, packet);
    }
  }

  /** Says goodbye on all links, and answers nothing more. */
  void close() {
    announcers.values().forEach(MdnsAnnouncer::goodbye);
    announcers.clear();
    links.clear();
    if (again != null) {
      again.cancel(false);
    }
  }

  /**
   * Returns whether somebody else uses the name of the instance, or probes for it at the same time.
   * Own packets that come back say the same, and do not conflict.
   */
  private static boolean conflicts(MdnsRecord own, MdnsPacket packet) {
    List<MdnsRecord> claims = packet.response() ? packet.answers() : packet.authorities();
    for (MdnsRecord claim : claims) {
      if (claim.name().equals(own.name())
          && claim.type().equals(own.type())
          && claim.ttl() > 0
          && !claim.saysTheSame(own)) {
        return true;
      }
    }
    return false;
  }

  /** The name is random: whoever else has it has copied it. */
  private void rename() {
    links.forEach(this::stop);
    long now = loop.ticker().nanoTime();
    if (now - conflictAt >= CALM.toNanos()) {
      silence = FIRST_SILENCE;
    }
    conflictAt = now;
    renames++;
    if (renames <= MAX_RENAMES) {
      LOG.info("Another program on the network uses the name of this node; it is now {}", label());
      links.forEach(this::announce);
      return;
    }
    LOG.warn(
        "Another program on the network uses the names of this node ({} and {} more)."
            + " The node is not announced by multicast DNS for {} minutes",
        self.node(),
        MAX_RENAMES,
        silence.toMinutes());
    again = loop.schedule(this::beginAgain, silence.toMillis(), TimeUnit.MILLISECONDS);
    Duration twice = silence.multipliedBy(2);
    silence = twice.compareTo(LONGEST_SILENCE) < 0 ? twice : LONGEST_SILENCE;
  }

  /** The host that has copied the name may have gone. */
  private void beginAgain() {
    renames = 0;
    links.forEach(this::announce);
  }

  private String label() {
    return renames == 0 ? self.node() : self.node() + "-" + (renames + 1);
  }
}
