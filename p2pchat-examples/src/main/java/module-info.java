/** Small programs that use p2pchat, one file each, and its benchmark. */
module io.p2pchat.examples {
  requires io.netty.buffer;
  requires io.netty.codec;
  requires io.netty.handler;
  requires io.netty.transport;
  requires io.p2pchat.core;
  requires java.management;
  requires jdk.management;
}
