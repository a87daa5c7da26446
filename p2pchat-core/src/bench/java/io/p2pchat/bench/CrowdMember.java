package io.p2pchat.bench;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One connection of one peer in the {@link BenchCrowd}. With sessions it does the least that a
 * dialer needs (docs/PROTOCOL.md, sections 3 to 5): it greets, welcomes, and acknowledges. A text
 * that is broadcast is acknowledged when all have got it. Otherwise the writing of acknowledgements
 * would count in the time until the last member has the text. A reserved text is acknowledged at
 * once, and not one of those that are broadcast.
 */
final class CrowdMember extends SimpleChannelInboundHandler<String> {
  private static final int LIMIT = 64 * 1024;

  private final BenchCrowd crowd;
  private final Identity identity;
  private @Nullable ChannelHandlerContext session;
  private long lines;

  /**
   * Who it is.
   *
   * @param number tells it from the others
   * @param sessions whether it holds any
   */
  record Identity(int number, boolean sessions) {
    String id(int length) {
      // Base32 has no 0 and 1.
      String letters = Integer.toString(number, 8).replace('0', 'a').replace('1', 'b');
      return "x".repeat(length - letters.length()) + letters;
    }

    String team() {
      return String.format(Locale.ROOT, "Crowd%d", number);
    }
  }

  CrowdMember(BenchCrowd crowd, Identity identity) {
    this.crowd = crowd;
    this.identity = identity;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    if (identity.sessions()) {
      session = ctx;
      say(ctx, "GREETING:1|TLS:no|NODE:" + identity.id(26));
    }
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, String line) {
    switch (line.substring(0, Math.max(0, line.indexOf(':')))) {
      case "LISTENING_PORT" -> chat(BareLine.parse(line).text());
      case "HELLO" -> say(ctx, welcome(Bare.port(ctx.channel())));
      case "PING" -> say(ctx, "PONG" + line.substring(4));
      case "BYE" -> ctx.close();
      default -> {}
    }
  }

  private void chat(String text) {
    lines++;
    if (text.endsWith("connection message") || text.equals("exit")) {
      acknowledge();
    } else {
      crowd.got(this, text);
    }
  }

  /** Acknowledges all lines, if this is a session. */
  void acknowledge() {
    if (session != null) {
      say(session, "ACK:" + lines);
    }
  }

  private String welcome(int port) {
    return "WELCOME:1|NODE:"
        + identity.id(26)
        + "|SESSION:"
        + identity.id(13)
        + "|RECEIVED:0|LIMIT:"
        + LIMIT
        + "|LISTENING_PORT:"
        + port
        + "|TEAM_NAME:"
        + identity.team();
  }

  private static void say(ChannelHandlerContext ctx, String line) {
    ctx.writeAndFlush(line + '\n', ctx.voidPromise());
  }
}
