package dev.sluice.webhook.egress;

import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.Http11SslContextSpec;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.tcp.SslProvider.GenericSslContextSpec;
import reactor.netty.transport.ClientTransportConfig;

/**
 * The HTTP client for customers' URLs: connects only where the policy permits, follows nothing, decompresses nothing,
 * repeats nothing, and reads no more of an answer than it keeps.
 */
public final class WebhookClient implements AutoCloseable {

    private static final String USER_AGENT = "Sluice-Webhooks/1";
    private static final int MAX_HEADER_BYTES = 8 * 1024;
    private static final int MAX_STATUS_LINE_BYTES = 4 * 1024;
    private static final Duration MAX_IDLE = Duration.ofSeconds(30);
    // Bounds how long a connection outlives the DNS answer it was made with.
    private static final Duration MAX_LIFE = Duration.ofMinutes(5);
    // Lets a body that is cut at the deadline end before the request does, so that its status is not lost.
    private static final Duration BODY_GRACE = Duration.ofMillis(250);
    private static final Duration EVICTION_INTERVAL = Duration.ofSeconds(30);

    private final EgressPolicy policy;
    private final UrlRules rules;
    private final Duration totalTimeout;
    private final ConnectionProvider connections;
    private final HttpClient secure;
    private final HttpClient plain;

    WebhookClient(EgressPolicy policy, UrlRules rules, EgressProperties properties) {
        this(policy, rules, properties, client -> client);
    }

    /** @param customizer last word on the client, for a test's own DNS or certificates */
    WebhookClient(EgressPolicy policy, UrlRules rules, EgressProperties properties, HttpClientCustomizer customizer) {
        this.policy = policy;
        this.rules = rules;
        totalTimeout = properties.totalTimeout();
        connections = ConnectionProvider.builder("webhooks")
                .maxConnections(properties.maxConnectionsPerHost())
                .pendingAcquireMaxCount(-1)
                .pendingAcquireTimeout(properties.totalTimeout())
                .maxIdleTime(MAX_IDLE)
                .maxLifeTime(MAX_LIFE)
                .evictInBackground(EVICTION_INTERVAL)
                .lifo()
                .build();
        HttpClient client = customizer.customize(newClient(properties));
        secure = guarded(client, /* plaintext= */ false);
        plain = guarded(client, /* plaintext= */ true);
    }

    /** Changes a client. */
    @FunctionalInterface
    interface HttpClientCustomizer {
        HttpClient customize(HttpClient client);
    }

    private HttpClient newClient(EgressProperties properties) {
        return HttpClient.create(connections)
                .noProxy()
                .followRedirect(false)
                .compress(false)
                .disableRetry(true)
                .keepAlive(true)
                .responseTimeout(properties.responseTimeout())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        properties.connectTimeout().toMillis())
                .resolver(resolver -> resolver.queryTimeout(properties.connectTimeout()))
                .httpResponseDecoder(decoder ->
                        decoder.maxInitialLineLength(MAX_STATUS_LINE_BYTES).maxHeaderSize(MAX_HEADER_BYTES))
                .secure(tls -> tls.sslContext((GenericSslContextSpec<?>) Http11SslContextSpec.forClient())
                        .handshakeTimeout(properties.connectTimeout()));
    }

    private HttpClient guarded(HttpClient client, boolean plaintext) {
        return client.resolvedAddressesSelector(this::select)
                .doOnChannelInit((observer, channel, remote) ->
                        channel.pipeline().addFirst(new ConnectGuard(policy, plaintext)));
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

    /**
     * Posts the body; never fails, but says what came of it. Cancelling drops the connection.
     *
     * @param url as {@link UrlRules#normalise} returned it; checked again, since the rules may have changed
     * @param headers sets the headers of the request
     * @param timeout for the whole attempt in place of the usual ones
     */
    public Mono<Answer> post(String url, Consumer<HttpHeaders> headers, byte[] body, Optional<Duration> timeout) {
        String target;
        try {
            target = rules.normalise(url);
        } catch (RefusedUrlException _) {
            return Mono.just(new Answer.Missing(Answer.Failure.BLOCKED_ADDRESS));
        }
        HttpClient usual = target.startsWith("https:") ? secure : plain;
        HttpClient client = timeout.map(usual::responseTimeout).orElse(usual);
        Duration total = timeout.orElse(totalTimeout);
        return Mono.defer(() -> exchange(client, target, headers, body, total));
    }

    private static Mono<Answer> exchange(
            HttpClient client, String target, Consumer<HttpHeaders> headers, byte[] body, Duration total) {
        long deadlineNanos = System.nanoTime() + total.toNanos();
        return client.headers(all -> {
                    headers.accept(all);
                    all.set(HttpHeaderNames.USER_AGENT, USER_AGENT);
                    all.set(HttpHeaderNames.CONTENT_LENGTH, body.length);
                })
                .post()
                .uri(target)
                .send(ByteBufFlux.fromInbound(Mono.just(body)))
                .response((response, content) ->
                        read(response, content, deadlineNanos).flux())
                .single()
                .timeout(total.plus(BODY_GRACE))
                .onErrorResume(Exception.class, e -> Mono.just(new Answer.Missing(FailureClassifier.classify(e))));
    }

    private static Mono<Answer> read(HttpClientResponse response, ByteBufFlux content, long deadlineNanos) {
        Body body = new Body();
        Duration left = Duration.ofNanos(Math.max(0, deadlineNanos - System.nanoTime()));
        return Flux.from(content)
                .doOnNext(body::append)
                .takeUntil(buffer -> body.full())
                .takeUntilOther(Mono.delay(left))
                // Whatever happens to the rest of the body, the status has been said.
                .onErrorComplete()
                .then(Mono.fromSupplier(() -> new Answer.Received(
                        response.status().code(), response.responseHeaders().get(HttpHeaderNames.RETRY_AFTER), body)));
    }

    @Override
    public void close() {
        connections.dispose();
    }
}
