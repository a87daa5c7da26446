package io.p2pchat.discovery;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.util.concurrent.Future;
import io.p2pchat.discovery.MdnsRecord.Question;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Announces the records of this node on one link, and answers questions about them.
 *
 * <pre>
 *   probes at 0, 250 and 500 ms  --  announcements at 750 ms, then 1, 8 and 30 s later  --  answers
 * </pre>
 *
 * <p>The last two announcements are for switches and access points that pass nothing on at first. A
 * record is sent at most once a second, whoever asks (RFC 6762 section 6). Used on the event loop
 * only.
 */
final class MdnsAnnouncer {
  private static final int PROBES = 3;
  private static final long PROBE_MILLIS = 250;
  private static final long[] ANNOUNCEMENT_MILLIS = {1_000, 8_000, 30_000};
  private static final long MIN_DELAY_MILLIS = 20;
  private static final long MAX_DELAY_MILLIS = 120;
  private static final long MIN_TRUNCATED_MILLIS = 400;
  private static final long MAX_TRUNCATED_MILLIS = 500;
  private static final long MIN_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long MIN_PROBE_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final int MAX_TRUNCATED = 64;
  private static final int MAX_KNOWN = 512;

  private final EventLoop loop;
  private final MdnsLink link;
  private final MdnsOwnRecords records;
  private final RandomGenerator random;
  private final Map<MdnsRecord, Long> sentAt = new HashMap<>();
  private final Set<MdnsRecord> answers = new LinkedHashSet<>();
  private final Map<InetAddress, Truncated> truncated = new LinkedHashMap<>();
  private @Nullable Future<?> next;
  private @Nullable Future<?> answer;
  private boolean announced;
  private boolean stopped;

  /** A query whose known answers go on in the next packet. */
  private static final class Truncated {
    final List<Question> questions;
    final List<MdnsRecord> known;

    Truncated(MdnsPacket first) {
      this.questions = first.questions();
      this.known = new ArrayList<>(first.answers());
    }
  }

  MdnsAnnouncer(EventLoop loop, MdnsLink link, MdnsOwnRecords records, RandomGenerator random) {
    this.loop = loop;
    this.link = link;
    this.records = records;
    this.random = random;
  }

  /** Returns the record by which another user of the name is recognized. */
  MdnsRecord location() {
    return records.location();
  }

  void start() {
    after(random.nextLong(PROBE_MILLIS), () -> probe(PROBES));
  }

  void stop() {
    stopped = true;
    if (next != null) {
      next.cancel(false);
    }
    if (answer != null) {
      answer.cancel(false);
    }
    truncated.clear();
  }

  /** Stops, and tells everybody that the records have gone. */
  void goodbye() {
    stop();
    if (announced) {
      link.send(
          MdnsPacket.response(
              records.announced().stream().map(record -> record.withTtl(0)).toList(), List.of()));
    }
  }

  private void after(long millis, Runnable task) {
    next = loop.schedule(task, millis, TimeUnit.MILLISECONDS);
  }

  private void probe(int left) {
    if (left == 0) {
      announce(0);
      return;
    }
    link.send(
        new MdnsPacket(
            false,
            false,
            List.of(
                new Question(records.instance(), DnsRecordType.ANY),
                new Question(records.host(), DnsRecordType.ANY)),
            List.of(),
            records.unique(),
            List.of()));
    after(PROBE_MILLIS, () -> probe(left - 1));
  }

  private void announce(int times) {
    announced = true;
    send(records.announced(), List.of());
    if (times < ANNOUNCEMENT_MILLIS.length) {
      after(ANNOUNCEMENT_MILLIS[times], () -> announce(times + 1));
    }
  }

  /** Handles a query, once the name is this node's. */
  void query(InetAddress source, MdnsPacket query) {
    if (!announced) {
      return;
    }
    Truncated before = truncated.get(source);
    if (before != null && query.questions().isEmpty()) {
      if (before.known.size() < MAX_KNOWN) {
        before.known.addAll(query.answers());
      }
      return;
    }
    if (query.truncated() && before == null && truncated.size() < MAX_TRUNCATED) {
      Truncated first = new Truncated(query);
      truncated.put(source, first);
      loop.schedule(
          () -> {
            if (truncated.remove(source, first)) {
              answer(first.questions, first.known, false);
            }
          },
          random.nextLong(MIN_TRUNCATED_MILLIS, MAX_TRUNCATED_MILLIS),
          TimeUnit.MILLISECONDS);
      return;
    }
    answer(query.questions(), query.answers(), !query.authorities().isEmpty());
  }

  /** Says again what somebody else says has gone or will soon (RFC 6762 section 6.6). */
  void response(MdnsPacket response) {
    if (!announced) {
      return;
    }
    List<MdnsRecord> wrong = new ArrayList<>();
    for (MdnsRecord own : records.announced()) {
      if (response.records().stream()
          .anyMatch(each -> each.saysTheSame(own) && 2 * each.ttl() < own.ttl())) {
        wrong.add(own);
      }
    }
    answer(wrong, MIN_INTERVAL_NANOS);
  }

  private void answer(List<Question> questions, List<MdnsRecord> known, boolean probe) {
    List<MdnsRecord> asked = new ArrayList<>();
    for (Question question : questions) {
      asked.addAll(records.asked(question));
    }
    asked.removeIf(record -> isKnown(record, known));
    answer(asked, probe ? MIN_PROBE_INTERVAL_NANOS : MIN_INTERVAL_NANOS);
  }

  /** Sends records, unless they were sent within the interval. */
  private void answer(List<MdnsRecord> wanted, long interval) {
    long now = loop.ticker().nanoTime();
    boolean shared = false;
    int before = answers.size();
    for (MdnsRecord record : wanted) {
      Long sent = sentAt.get(record);
      if (sent == null || now - sent >= interval) {
        answers.add(record);
        shared |= !record.unique();
      }
    }
    if (answers.size() > before && answer == null) {
      long delay = shared ? random.nextLong(MIN_DELAY_MILLIS, MAX_DELAY_MILLIS) : 0;
      answer = loop.schedule(this::sendAnswers, delay, TimeUnit.MILLISECONDS);
    }
  }

  /** Known-answer suppression (RFC 6762 section 7.1). */
  private static boolean isKnown(MdnsRecord record, List<MdnsRecord> known) {
    return known.stream()
        .anyMatch(each -> each.saysTheSame(record) && 2 * each.ttl() >= record.ttl());
  }

  private void sendAnswers() {
    answer = null;
    if (stopped || answers.isEmpty()) {
      return;
    }
    List<MdnsRecord> sent = List.copyOf(answers);
    answers.clear();
    List<MdnsRecord> additionals = new ArrayList<>();
    if (sent.contains(records.pointer()) || sent.contains(records.location())) {
      additionals.addAll(records.unique());
      additionals.removeAll(sent);
    }
    send(sent, additionals);
  }

  private void send(List<MdnsRecord> sent, List<MdnsRecord> additionals) {
    long now = loop.ticker().nanoTime();
    for (MdnsRecord record : sent) {
      sentAt.put(record, now);
    }
    link.send(MdnsPacket.response(sent, additionals));
  }
}
