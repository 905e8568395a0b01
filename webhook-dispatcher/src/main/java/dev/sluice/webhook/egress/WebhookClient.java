package dev.sluice.webhook.egress;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sluice.platform.web.egress.Dialect;
import dev.sluice.platform.web.egress.EgressClients;
import dev.sluice.platform.web.egress.EgressPolicy;
import dev.sluice.platform.web.egress.RefusedUrlException;
import dev.sluice.platform.web.egress.UnprocessedRequestException;
import dev.sluice.platform.web.egress.UrlRules;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.ssl.SslContextBuilder;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;

/**
 * The HTTP client for customers' URLs: connects only where the policy permits, follows nothing, decompresses nothing,
 * repeats nothing but what the server said it has not looked at, and reads no more of an answer than it keeps.
 */
public final class WebhookClient implements AutoCloseable {

    /** What every request says of who sends it. */
    public static final String USER_AGENT = "Sluice-Webhooks/1";
    // Lets a body that is cut at the deadline end before the request does, so that its status is not lost.
    private static final Duration BODY_GRACE = Duration.ofMillis(250);

    private static final Mono<Answer> TIMED_OUT = Mono.just(new Answer.Missing(Answer.Failure.TIMEOUT));

    /** Of which it is remembered that the rules allow them: those are the same as long as this runs. Where they lead is judged at each connection. */
    private static final int MOST_TARGETS = 10_000;

    private final UrlRules rules;
    private final Cache<String, Target> targets = Caffeine.newBuilder()
            .maximumSize(MOST_TARGETS)
            // To wake another thread for what there is to tidy up costs more than that, after every few requests.
            .executor(Runnable::run)
            .build();
    private final Duration totalTimeout;
    private final EgressClients clients;

    WebhookClient(EgressPolicy policy, UrlRules rules, EgressProperties properties) {
        this(policy, rules, properties, UnaryOperator.identity(), usual -> {});
    }

    /**
     * A client that a test has changed.
     *
     * @param customizer for its own DNS
     * @param trust for its own certificates
     */
    WebhookClient(
            EgressPolicy policy,
            UrlRules rules,
            EgressProperties properties,
            UnaryOperator<HttpClient> customizer,
            Consumer<SslContextBuilder> trust) {
        this.rules = rules;
        totalTimeout = properties.totalTimeout();
        EgressClients.Patience patience = new EgressClients.Patience(
                "webhooks",
                properties.connectTimeout(),
                properties.responseTimeout(),
                properties.totalTimeout(),
                properties.maxConnectionsPerHost());
        clients = new EgressClients(
                policy, patience, Dialect.HTTP_2_OR_1_1, http -> customizer.apply(Stopwatch.watched(http)), trust);
    }

    /**
     * Posts the body; never fails, but says what came of it and how long it took. Cancelling drops the connection, or over HTTP/2
     * the stream.
     *
     * @param url as {@link UrlRules#normalise} returned it; checked again, since the rules may have changed since then
     * @param headers sets the headers of the request
     * @param timeout for the whole attempt in place of the usual ones
     */
    public Mono<Probe> post(String url, Consumer<HttpHeaders> headers, byte[] body, Optional<Duration> timeout) {
        Request request = new Request(headers, body, timeout);
        return checked(url, target -> timed(clients.of(target.url()), target, request));
    }

    /** The same over a connection that nothing was sent over before. */
    public Mono<Probe> probe(String url, Consumer<HttpHeaders> headers, byte[] body, Duration timeout) {
        Request request = new Request(headers, body, Optional.of(timeout));
        return checked(url, target -> clients.fresh(target.url(), client -> timed(client, target, request)));
    }

    /** A URL that is allowed, in its one form, taken apart once. */
    private record Target(String url, URI uri) {}

    /** What is posted. */
    private static final class Request {
        private final Consumer<HttpHeaders> headers;
        private final byte[] body;
        private final Optional<Duration> timeout;

        Request(Consumer<HttpHeaders> headers, byte[] body, Optional<Duration> timeout) {
            this.headers = headers;
            this.body = body;
            this.timeout = timeout;
        }
    }

    private Mono<Probe> checked(String url, Function<Target, Mono<Probe>> send) {
        try {
            return send.apply(targets.get(url, this::target));
        } catch (RefusedUrlException _) {
            return Mono.just(Probe.unsent(Answer.Failure.BLOCKED_ADDRESS));
        }
    }

    private Target target(String url) {
        String normal = rules.normalise(url);
        return new Target(normal, URI.create(normal));
    }

    private Mono<Probe> timed(HttpClient usual, Target target, Request request) {
        HttpClient client = request.timeout.map(usual::responseTimeout).orElse(usual);
        Duration total = request.timeout.orElse(totalTimeout);
        return Mono.defer(() -> {
            Stopwatch watch = new Stopwatch();
            return exchange(client, target, request, total, watch)
                    .contextWrite(watch::in)
                    .map(answer -> new Probe(answer, watch.timings(), watch.protocol()));
        });
    }

    private static Mono<Answer> exchange(
            HttpClient client, Target target, Request request, Duration total, Stopwatch watch) {
        Sinks.Empty<Void> cut = Sinks.empty();
        Mono<Answer> once = client.headers(all -> {
                    request.headers.accept(all);
                    all.set(HttpHeaderNames.USER_AGENT, USER_AGENT);
                    all.set(HttpHeaderNames.CONTENT_LENGTH, request.body.length);
                })
                .post()
                .uri(target.uri())
                // One buffer, so that the head and the body leave with one call of the kernel.
                .send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(request.body)))
                .response((response, content) ->
                        read(response, content, cut.asMono()).flux())
                .single();
        return once.onErrorResume(WebhookClient::isUndone, refused -> {
                    watch.again();
                    return once;
                })
                .timeout(deadline(total, cut), TIMED_OUT)
                .onErrorResume(Exception.class, e -> Mono.just(new Answer.Missing(FailureClassifier.classify(e))));
    }

    /**
     * Whether it is begun once more, since nothing was done about it: a server that goes away, or takes fewer streams than it had said, or a pool
     * that was thrown away at that moment.
     */
    private static boolean isUndone(Throwable failure) {
        return failure instanceof UnprocessedRequestException || EgressClients.isUnsent(failure);
    }

    /** Tells the body of the end of the attempt, and a moment later whoever waits for an answer. */
    private static Mono<Long> deadline(Duration total, Sinks.Empty<Void> cut) {
        return Mono.delay(total).flatMap(passed -> {
            Sinks.EmitResult _ = cut.tryEmitEmpty();
            return Mono.delay(BODY_GRACE);
        });
    }

    private static Mono<Answer> read(HttpClientResponse response, ByteBufFlux content, Mono<Void> end) {
        Body body = new Body();
        return Flux.from(content)
                .doOnNext(body::append)
                .takeUntil(buffer -> body.full())
                .takeUntilOther(end)
                // Whatever happens to the rest of the body, the status has been said.
                .onErrorComplete()
                .then(Mono.fromSupplier(() -> new Answer.Received(
                        response.status().code(),
                        response.responseHeaders().get(HttpHeaderNames.RETRY_AFTER),
                        Answer.Wish.of(response.responseHeaders().get(Answer.Wish.HEADER)),
                        body)));
    }

    @Override
    public void close() {
        clients.close();
    }
}
