package dev.sluice.gateway.connection;

import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * How connections to one target are made and kept.
 *
 * @param address unresolved: it is looked up for each connection
 * @param secure whether with TLS, of a certificate for the address' host that the JVM trusts
 * @param maxConnections most at a time, of all event loops together
 * @param maxWaiting most requests that wait for one; more are refused
 * @param maxWaitingTime how long a request may wait for one
 * @param maxIdleTime how long one is kept unused
 * @param connectTimeout for the connection, and again for the handshake of TLS
 * @param maxHeaderBytes all headers of an answer together
 */
public record ConnectionTerms(
        InetSocketAddress address,
        boolean secure,
        int maxConnections,
        int maxWaiting,
        Duration maxWaitingTime,
        Duration maxIdleTime,
        Duration connectTimeout,
        int maxHeaderBytes) {}
