package dev.sluice.platform.web.egress;

import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.resolver.AddressResolverGroup;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLException;
import reactor.core.publisher.Mono;
import reactor.netty.NettyPipeline;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.Http2AllocationStrategy;
import reactor.netty.http.client.HttpClient;
import reactor.netty.internal.shaded.reactor.pool.PoolShutdownException;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.transport.ClientTransportConfig;
import reactor.netty.transport.NameResolverProvider;

/**
 * HTTP clients for URLs that tenants chose: they connect only where the policy permits, follow nothing, decompress nothing
 * and repeat nothing. Thread-safe.
 *
 * <p>With HTTP/2 requests to a server share one connection, and more are opened only when the server takes no more streams over it; the
 * limits of answers hold for each stream, and {@link Http2Budget} and {@link Http2Pulse} for the connection.
 *
 * <p>What is kept of a host is kept while it is used: whoever names a new host each second must not fill the memory with them.
 */
public final class EgressClients implements AutoCloseable {

    /** What may be on its way of an answer over HTTP/2 before it is read. */
    static final int WINDOW = 32 * 1024;
    /** Over one connection, also when the server would take more. */
    static final int MAX_STREAMS = 100;

    private static final int MAX_HEADER_BYTES = 8 * 1024;
    private static final int MAX_STATUS_LINE_BYTES = 4 * 1024;
    private static final Duration MAX_IDLE = Duration.ofSeconds(30);
    // Bounds how long a connection outlives the DNS answer it was made with.
    private static final Duration MAX_LIFE = Duration.ofMinutes(5);
    private static final Duration EVICTION_INTERVAL = Duration.ofSeconds(30);
    private static final Forgetting FORGETTING = new Forgetting(EVICTION_INTERVAL, Duration.ofMinutes(1), MAX_LIFE);

    private final EgressPolicy policy;
    private final Patience patience;
    private final UnaryOperator<HttpClient> customizer;
    private final Dialect dialect;
    private final SslContext older;
    private final SslContext newer;
    private final OlderServers olderServers = new OlderServers(System::nanoTime);
    /** One for all: threads remember each that was ever used on them, and what it has looked up, for as long as the process lives. */
    private final AddressResolverGroup<?> names;

    private final ConnectionProvider connections;
    private final ConnectionProvider shared;
    private final HttpClient plain;
    private final HttpClient secure;
    private final HttpClient negotiating;

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

    /**
     * When what is known of a host is forgotten. Of a pool it may be a millisecond before the host is wanted again: see {@link #isUnsent}.
     *
     * @param every how often is looked
     * @param unused for how long it had no connection and was not asked for one
     * @param life of a connection, and of what was looked up for it
     */
    record Forgetting(Duration every, Duration unused, Duration life) {}

    public EgressClients(EgressPolicy policy, Patience patience) {
        this(policy, patience, Dialect.HTTP_1_1, UnaryOperator.identity(), trust -> {});
    }

    /**
     * Clients that are more than usual.
     *
     * @param customizer last word on each client, such as to watch it
     * @param trust for a test's own certificates
     */
    public EgressClients(
            EgressPolicy policy,
            Patience patience,
            Dialect dialect,
            UnaryOperator<HttpClient> customizer,
            Consumer<SslContextBuilder> trust) {
        this(policy, patience, dialect, customizer, trust, FORGETTING, pool -> {});
    }

    /**
     * Clients that a test looks into.
     *
     * @param pools last word on each kind of pool
     */
    EgressClients(
            EgressPolicy policy,
            Patience patience,
            Dialect dialect,
            UnaryOperator<HttpClient> customizer,
            Consumer<SslContextBuilder> trust,
            Forgetting forgetting,
            Consumer<ConnectionProvider.Builder> pools) {
        this.policy = policy;
        this.patience = patience;
        this.dialect = dialect;
        this.customizer = customizer;
        older = context(SslContextBuilder.forClient(), trust);
        newer = context(
                SslContextBuilder.forClient()
                        .applicationProtocolConfig(new ApplicationProtocolConfig(
                                ApplicationProtocolConfig.Protocol.ALPN,
                                ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                                ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                                ApplicationProtocolNames.HTTP_2,
                                ApplicationProtocolNames.HTTP_1_1)),
                trust);
        names = names(patience.connect(), forgetting.life(), usual -> {});
        ConnectionProvider.Builder each = pool(patience.name(), forgetting);
        ConnectionProvider.Builder together = pool(patience.name() + ".shared", forgetting)
                .allocationStrategy(Http2AllocationStrategy.builder()
                        .maxConnections(patience.maxConnectionsPerHost())
                        .maxConcurrentStreams(MAX_STREAMS)
                        .strictConnectionReuse(/* strictConnectionReuse= */ true)
                        .build());
        pools.accept(each);
        pools.accept(together);
        connections = each.build();
        shared = together.build();
        plain = client(Kind.PLAIN, connections);
        secure = client(Kind.SECURE, connections);
        negotiating = client(Kind.NEGOTIATING, shared);
    }

    /** What is known of a connection before there is one. */
    private enum Kind {
        PLAIN,
        SECURE,
        NEGOTIATING
    }

    /**
     * The client for a URL.
     *
     * @param url as {@link UrlRules#normalise} returned it
     */
    public HttpClient of(String url) {
        return switch (kind(url)) {
            case PLAIN -> plain;
            case SECURE -> secure;
            case NEGOTIATING -> olderServers.contains(url) ? secure : negotiating;
        };
    }

    /** What is done with a client for a URL that has one connection, opened for this; it ends with it. */
    public <T> Mono<T> fresh(String url, Function<HttpClient, Mono<T>> use) {
        return Mono.using(
                () -> ConnectionProvider.create(patience.name() + ".fresh", 1),
                provider -> use.apply(client(kind(url), provider)),
                ConnectionProvider::dispose);
    }

    private Kind kind(String url) {
        if (!url.startsWith("https:")) {
            return Kind.PLAIN;
        }
        return dialect == Dialect.HTTP_1_1 ? Kind.SECURE : Kind.NEGOTIATING;
    }

    /** Whether it failed before anything was sent, and for no reason of the server's: it may be begun once more. */
    public static boolean isUnsent(Throwable failure) {
        return failure instanceof PoolShutdownException;
    }

    /**
     * Looks names up, and remembers the answers for so long at most: their servers are the tenants', and may say that they hold for years.
     *
     * @param more last word
     */
    static AddressResolverGroup<?> names(
            Duration patience, Duration remembered, Consumer<NameResolverProvider.NameResolverSpec> more) {
        return Objects.requireNonNull(HttpClient.create()
                .resolver(spec -> more.accept(spec.queryTimeout(patience).cacheMaxTimeToLive(remembered)))
                .configuration()
                .resolver());
    }

    private ConnectionProvider.Builder pool(String name, Forgetting forgetting) {
        return ConnectionProvider.builder(name)
                .maxConnections(patience.maxConnectionsPerHost())
                .pendingAcquireMaxCount(-1)
                .pendingAcquireTimeout(patience.queue())
                .maxIdleTime(MAX_IDLE)
                .maxLifeTime(forgetting.life())
                .evictInBackground(EVICTION_INTERVAL)
                .disposeInactivePoolsInBackground(forgetting.every(), forgetting.unused())
                .lifo();
    }

    private HttpClient client(Kind kind, ConnectionProvider provider) {
        HttpClient client = HttpClient.create(provider)
                .noProxy()
                .followRedirect(false)
                .compress(false)
                .disableRetry(true)
                .keepAlive(true)
                .responseTimeout(patience.response())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        patience.connect().toMillis())
                .resolver(names)
                .httpResponseDecoder(decoder ->
                        decoder.maxInitialLineLength(MAX_STATUS_LINE_BYTES).maxHeaderSize(MAX_HEADER_BYTES))
                .secure(tls ->
                        tls.sslContext(kind == Kind.NEGOTIATING ? newer : older).handshakeTimeout(patience.connect()));
        return guarded(kind, customizer.apply(kind == Kind.NEGOTIATING ? negotiating(client) : client));
    }

    /** No streams of the server's own: those would be pushed. */
    private static HttpClient negotiating(HttpClient client) {
        return client.protocol(HttpProtocol.H2, HttpProtocol.HTTP11)
                .http2Settings(settings -> settings.maxHeaderListSize(MAX_HEADER_BYTES)
                        .initialWindowSize(WINDOW)
                        .maxConcurrentStreams(0));
    }

    private HttpClient guarded(Kind kind, HttpClient client) {
        return client.resolvedAddressesSelector(this::select)
                .doOnChannelInit((observer, channel, remote) -> {
                    ChannelPipeline pipeline = channel.pipeline();
                    pipeline.addFirst(new ConnectGuard(policy, kind == Kind.PLAIN));
                    pipeline.addBefore(
                            NettyPipeline.ReactiveBridge,
                            kind == Kind.NEGOTIATING ? "sluice.negotiated" : NegotiatedGuards.ANSWERS,
                            kind == Kind.NEGOTIATING
                                    ? new NegotiatedGuards(patience.connect(), () -> olderServers.add(remote))
                                    : new AnswerGuard());
                })
                .doOnRequest((request, connection) -> NegotiatedGuards.begin(connection.channel()));
    }

    private static SslContext context(SslContextBuilder builder, Consumer<SslContextBuilder> trust) {
        trust.accept(builder);
        try {
            return builder.build();
        } catch (SSLException e) {
            throw new IllegalStateException("There is no TLS for clients", e);
        }
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
        shared.dispose();
        names.close();
    }
}
