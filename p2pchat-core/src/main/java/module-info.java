/** Serverless peer-to-peer chat. */
@SuppressWarnings("requires-automatic") // JGroups is no named module, and is optional.
module io.p2pchat.core {
  requires io.netty.buffer;
  requires io.netty.codec;
  requires io.netty.codec.dns;
  requires io.netty.common;
  requires io.netty.handler;
  requires io.netty.resolver.dns;
  requires io.netty.transport;
  requires org.slf4j;
  requires static org.jgroups;
  requires static org.xerial.sqlitejdbc;
  requires static transitive org.jspecify;

  exports io.p2pchat;
  exports io.p2pchat.discovery;
  exports io.p2pchat.sqlite;
}
