package io.p2pchat;

/**
 * What a node has counted since it was started, and what it holds at this moment. The numbers are
 * read one after the other, while the node goes on.
 *
 * <p>This class is immutable and thread-safe. Specification: docs/PROTOCOL.md, section 6 (Bounds).
 *
 * @param messagesSent chat lines given to connections, those that commanded and those that went
 *     again included; at level 0 a long message counts once
 * @param messagesReceived chat and raw lines received
 * @param bytesSent bytes given to connections
 * @param bytesReceived bytes read from connections
 * @param plainConnections connections there are now that hold no session
 * @param sessionConnections connections there are now that hold a session
 * @param connectionsRefused connections closed at once because a bound was reached
 * @param outboundMessages messages that wait to be sent or acknowledged, to all peers
 * @param outboundBytes their bytes
 * @param inboundBytes what waits for the listener, weighed as {@link NodeSettings} says
 * @param violations connections that broke the protocol
 * @param ignoredLines lines of sessions of a kind that is not known
 * @param reconnects sessions that went on with another connection
 */
public record NodeMetrics(
    long messagesSent,
    long messagesReceived,
    long bytesSent,
    long bytesReceived,
    long plainConnections,
    long sessionConnections,
    long connectionsRefused,
    long outboundMessages,
    long outboundBytes,
    long inboundBytes,
    long violations,
    long ignoredLines,
    long reconnects) {}
