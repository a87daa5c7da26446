package io.p2pchat.discovery;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The data of a record, of the four kinds that DNS-SD needs. */
sealed interface MdnsData {

  /** PTR: the name that a name leads to. */
  record Pointer(String target) implements MdnsData {}

  /** SRV: where an instance of the service is. */
  record Location(int port, String host) implements MdnsData {}

  /** A or AAAA. */
  record Address(InetAddress ip) implements MdnsData {}

  /**
   * TXT, as far as its keys are known. Others are ignored, so that later versions can add some.
   *
   * @param level the key {@code v}; 0 if it is missing or is not a small number
   * @param team the key {@code team}
   * @param keyHint the key {@code key}
   */
  record Text(int level, @Nullable String team, @Nullable String keyHint) implements MdnsData {
    static final Text NONE = new Text(0, null, null);

    private static final int MAX_TEAM_BYTES = 200;
    private static final int MAX_STRINGS = 64;

    /** Returns the text that announces a node. */
    static Text of(Advertisement self) {
      return new Text(self.level(), cut(self.teamName()), self.keyHint().orElse(null));
    }

    /** Cuts a name after the last code point within 200 bytes of UTF-8. */
    private static String cut(String team) {
      int end = 0;
      int bytes = 0;
      while (end < team.length()) {
        int next = team.offsetByCodePoints(end, 1);
        bytes += ByteBufUtil.utf8Bytes(team.substring(end, next));
        if (bytes > MAX_TEAM_BYTES) {
          return team.substring(0, end).strip();
        }
        end = next;
      }
      return team;
    }

    void write(ByteBuf out) {
      write(out, "v=" + level);
      if (team != null) {
        write(out, "team=" + team);
      }
      if (keyHint != null) {
        write(out, "key=" + keyHint);
      }
    }

    private static void write(ByteBuf out, String text) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      out.writeByte(bytes.length).writeBytes(bytes);
    }

    /** Reads the known keys. What cannot be read is as if it was not there. */
    static Text read(ByteBuf in) {
      Map<String, String> values = new HashMap<>();
      for (int i = 0; i < MAX_STRINGS && in.isReadable(); i++) {
        int length = Math.min(in.readUnsignedByte(), in.readableBytes());
        String text = decode(in.nioBuffer(in.readerIndex(), length));
        in.skipBytes(length);
        int equals = text.indexOf('=');
        if (equals > 0) {
          // The first of a key counts (RFC 6763 section 6.4).
          values.putIfAbsent(
              text.substring(0, equals).toLowerCase(Locale.ROOT), text.substring(equals + 1));
        }
      }
      String hint = values.get("key");
      return new Text(
          level(values.getOrDefault("v", "")),
          values.get("team"),
          hint != null && PeerCandidate.isKeyHint(hint) ? hint : null);
    }

    private static int level(String text) {
      return text.matches("[0-9]{1,3}") ? Integer.parseInt(text) : 0;
    }

    private static String decode(ByteBuffer bytes) {
      try {
        return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
      } catch (CharacterCodingException e) {
        return "";
      }
    }
  }
}
