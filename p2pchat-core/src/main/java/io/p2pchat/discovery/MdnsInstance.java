package io.p2pchat.discovery;

import io.netty.handler.codec.dns.DnsRecordType;
import io.p2pchat.discovery.MdnsRecord.Question;
import java.net.InetAddress;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An instance of the service in the {@link MdnsCache}. A PTR record names it, an SRV record says
 * where it is, and a TXT record describes it. Not thread-safe.
 */
final class MdnsInstance {
  private static final long FIRST_ASK_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long MAX_ASK_NANOS = TimeUnit.SECONDS.toNanos(60);

  final String name;

  /** The host that has named it first. */
  final InetAddress source;

  MdnsLease pointer;
  private MdnsData.@Nullable Location location;
  private @Nullable MdnsLease locationLease;
  private MdnsData.Text text = MdnsData.Text.NONE;
  private @Nullable MdnsLease textLease;
  private long askAt;
  private long askDelay = FIRST_ASK_NANOS;

  MdnsInstance(String name, InetAddress source, MdnsLease pointer, long now) {
    this.name = name;
    this.source = source;
    this.pointer = pointer;
    this.askAt = now + askDelay;
  }

  MdnsData.@Nullable Location location() {
    return location;
  }

  MdnsData.Text text() {
    return text;
  }

  /** Sets where the instance is; null if that is not known any more. */
  void setLocation(MdnsData.@Nullable Location location, @Nullable MdnsLease lease) {
    this.location = location;
    this.locationLease = lease;
  }

  void setText(MdnsData.Text text, MdnsLease lease) {
    this.text = text;
    this.textLease = lease;
  }

  /** The location has gone. */
  void endLocationSoon(long now) {
    if (locationLease != null) {
      locationLease.endSoon(now);
    }
  }

  /** Returns whether the location is over. */
  boolean isLocationOver(long now) {
    return locationLease != null && locationLease.isOver(now);
  }

  /** Removes the text if it is over. Returns whether it was. */
  boolean expireText(long now) {
    if (textLease == null || !textLease.isOver(now)) {
      return false;
    }
    text = MdnsData.Text.NONE;
    textLease = null;
    return true;
  }

  /** Returns for how many nanoseconds the name and the location count; 0 or less if they do not. */
  long left(long now) {
    return locationLease == null ? 0 : Math.min(pointer.end() - now, locationLease.end() - now);
  }

  /** Returns whether questions can name the instance. */
  boolean canBeAsked() {
    String label = MdnsNames.label(name);
    return label != null && MdnsNames.canBeAsked(label);
  }

  /** Adds questions for what is missing, and for what ends soon unless it is said again. */
  void addDueQuestions(@Nullable MdnsHost host, Set<Question> questions, long now) {
    boolean named = pointer.takeDue(now);
    boolean located = locationLease != null && locationLease.takeDue(now);
    boolean described = textLease != null && textLease.takeDue(now);
    boolean addressed = host != null && host.takeDue(now);
    if (now - askAt >= 0 && (left(now) <= 0 || host == null || host.left(now) <= 0)) {
      askAt = now + askDelay;
      askDelay = Math.min(2 * askDelay, MAX_ASK_NANOS);
      located |= left(now) <= 0;
      addressed |= !located;
    }
    if (named || ((located || described || addressed) && !canBeAsked())) {
      questions.add(new Question(MdnsNames.SERVICE, DnsRecordType.PTR));
    }
    if (!canBeAsked()) {
      return;
    }
    if (located) {
      questions.add(new Question(name, DnsRecordType.SRV));
    }
    if (located || described) {
      questions.add(new Question(name, DnsRecordType.TXT));
    }
    if (addressed && location != null) {
      questions.add(new Question(location.host(), DnsRecordType.A));
      questions.add(new Question(location.host(), DnsRecordType.AAAA));
    }
  }
}
