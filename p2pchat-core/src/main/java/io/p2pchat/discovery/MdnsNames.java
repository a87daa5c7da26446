package io.p2pchat.discovery;

import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DnsRecordType;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The names of DNS-SD (RFC 6763), in the form of {@link MdnsRecord}. */
final class MdnsNames {
  /** The service. A PTR record leads from it to each instance. */
  static final String SERVICE = "_p2pchat._tcp.local.";

  /** A PTR record leads from here to each kind of service, for browsers of all kinds. */
  static final String ALL_SERVICES = "_services._dns-sd._udp.local.";

  private static final int NODE_LENGTH = 26;
  private static final Pattern RENAMED = Pattern.compile("(-[2-9])?");
  private static final Pattern SIMPLE_LABEL = Pattern.compile("[ -~&&[^.]]{1,63}");
  private static final Pattern NAME = Pattern.compile("([ -~&&[^.]]{1,63}\\.){2,}");
  private static final Pattern ASCII = Pattern.compile("[\\x00-\\x7f]*\\.");
  private static final int MAX_NAME = 254;

  private MdnsNames() {}

  /** Returns the name of an instance. */
  static String instance(String label) {
    return label + "." + SERVICE;
  }

  /** Returns the name of a host. */
  static String host(String label) {
    return label + ".local.";
  }

  /** Returns the label of an instance of the service, or null if the name is not one. */
  static @Nullable String label(String instance) {
    int end = instance.length() - SERVICE.length() - 1;
    return end > 0 && instance.endsWith("." + SERVICE) ? instance.substring(0, end) : null;
  }

  /** Returns the {@code NODE} that an instance is named by, or null if it has another name. */
  static @Nullable String node(String label) {
    if (label.length() < NODE_LENGTH) {
      return null;
    }
    String node = label.substring(0, NODE_LENGTH);
    return PeerCandidate.isNode(node) && RENAMED.matcher(label.substring(NODE_LENGTH)).matches()
        ? node
        : null;
  }

  /**
   * Returns whether a question can name the instance. Netty's codec writes no other names as they
   * were: a label with a dot, or with characters beyond ASCII.
   */
  static boolean canBeAsked(String label) {
    return SIMPLE_LABEL.matcher(label).matches() && !label.startsWith("xn--");
  }

  /**
   * Brings a name into the form in which names are compared, and can be sent again. Characters
   * beyond ASCII become what Netty's codec makes of them.
   *
   * @throws IllegalArgumentException if it is not a name, or has characters that do not print
   */
  static String canonical(String name) {
    String sent =
        ASCII.matcher(name).matches()
            ? name
            : new DefaultDnsQuestion(name, DnsRecordType.PTR).name();
    String canonical = sent.toLowerCase(Locale.ROOT);
    if (canonical.length() > MAX_NAME || !NAME.matcher(canonical).matches()) {
      throw new IllegalArgumentException("not a name that can be sent");
    }
    return canonical;
  }
}
