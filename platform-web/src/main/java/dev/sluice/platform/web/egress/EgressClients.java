package dev.sluice.platform.web.egress;

import io.netty.channel.ChannelOption;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import reactor.netty.NettyPipeline;
import reactor.netty.http.Http11SslContextSpec;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.tcp.SslProvider.GenericSslContextSpec;
import reactor.netty.transport.ClientTransportConfig;

/**
 * HTTP clients for URLs that tenants chose: they connect only where the policy permits, follow nothing, decompress nothing
 * and repeat nothing. Thread-safe.
 */
public final class EgressClients implements AutoCloseable {

    private static final int MAX_HEADER_BYTES = 8 * 1024;
    private static final int MAX_STATUS_LINE_BYTES = 4 * 1024;
    private static final Duration MAX_IDLE = Duration.ofSeconds(30);
    // Bounds how long a connection outlives the DNS answer it was made with.
    private static final Duration MAX_LIFE = Duration.ofMinutes(5);
    private static final Duration EVICTION_INTERVAL = Duration.ofSeconds(30);

    private final EgressPolicy policy;
    private final ConnectionProvider connections;
    private final Pair pooled;
    private final Pair fresh;

    /**
     * How patient the clients are.
     *
     * @param name of their connections in metrics
     * @param connect longest wait for a connection, and again for TLS
     * @param response longest wait for the next byte of an answer
     * @param queue longest wait for a connection to be free
     * @param maxConnectionsPerHost most connections to one host at once
     */
    public record Patience(
            String name, Duration connect, Duration response, Duration queue, int maxConnectionsPerHost) {}

    public EgressClients(EgressPolicy policy, Patience patience) {
        this(policy, patience, UnaryOperator.identity());
    }

    /**
     * Clients that a test has changed.
     *
     * @param customizer last word on the client, for a test's own DNS or certificates
     */
    public EgressClients(EgressPolicy policy, Patience patience, UnaryOperator<HttpClient> customizer) {
        this.policy = policy;
        connections = ConnectionProvider.builder(patience.name())
                .maxConnections(patience.maxConnectionsPerHost())
                .pendingAcquireMaxCount(-1)
                .pendingAcquireTimeout(patience.queue())
                .maxIdleTime(MAX_IDLE)
                .maxLifeTime(MAX_LIFE)
                .evictInBackground(EVICTION_INTERVAL)
                .lifo()
                .build();
        pooled = guarded(customizer.apply(newClient(connections, patience)));
        fresh = guarded(customizer.apply(newClient(ConnectionProvider.newConnection(), patience)));
    }

    /** One for https, one for http. */
    private record Pair(HttpClient secure, HttpClient plain) {

        HttpClient of(String url) {
            return url.startsWith("https:") ? secure : plain;
        }
    }

    /**
     * The client for a URL.
     *
     * @param url as {@link UrlRules#normalise} returned it
     */
    public HttpClient of(String url) {
        return pooled.of(url);
    }

    /** The client for a URL that has each request sent over a connection of its own. */
    public HttpClient fresh(String url) {
        return fresh.of(url);
    }

    private static HttpClient newClient(ConnectionProvider provider, Patience patience) {
        return HttpClient.create(provider)
                .noProxy()
                .followRedirect(false)
                .compress(false)
                .disableRetry(true)
                .keepAlive(true)
                .responseTimeout(patience.response())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        patience.connect().toMillis())
                .resolver(resolver -> resolver.queryTimeout(patience.connect()))
                .httpResponseDecoder(decoder ->
                        decoder.maxInitialLineLength(MAX_STATUS_LINE_BYTES).maxHeaderSize(MAX_HEADER_BYTES))
                .secure(tls -> tls.sslContext((GenericSslContextSpec<?>) Http11SslContextSpec.forClient())
                        .handshakeTimeout(patience.connect()));
    }

    private Pair guarded(HttpClient client) {
        return new Pair(guarded(client, /* plaintext= */ false), guarded(client, /* plaintext= */ true));
    }

    private HttpClient guarded(HttpClient client, boolean plaintext) {
        return client.resolvedAddressesSelector(this::select)
                .doOnChannelInit((observer, channel, remote) -> channel.pipeline()
                        .addFirst(new ConnectGuard(policy, plaintext))
                        .addBefore(NettyPipeline.ReactiveBridge, "sluice.answers", new AnswerGuard()));
    }

    /** One denied address denies the name: it is handed alone to the guard, which refuses it. */
    private List<? extends SocketAddress> select(
            ClientTransportConfig<?> config, List<? extends SocketAddress> addresses) {
        for (SocketAddress address : addresses) {
            if (address instanceof InetSocketAddress socket
                    && policy.judge(socket.getAddress()) == EgressPolicy.Verdict.DENIED) {
                return List.of(address);
            }
        }
        return addresses;
    }

    @Override
    public void close() {
        connections.dispose();
    }
}
