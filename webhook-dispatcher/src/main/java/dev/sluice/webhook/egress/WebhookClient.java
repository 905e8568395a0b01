package dev.sluice.webhook.egress;

import dev.sluice.platform.web.egress.EgressClients;
import dev.sluice.platform.web.egress.EgressPolicy;
import dev.sluice.platform.web.egress.RefusedUrlException;
import dev.sluice.platform.web.egress.UrlRules;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;

/**
 * The HTTP client for customers' URLs: connects only where the policy permits, follows nothing, decompresses nothing,
 * repeats nothing, and reads no more of an answer than it keeps.
 */
public final class WebhookClient implements AutoCloseable {

    /** What every request says of who sends it. */
    public static final String USER_AGENT = "Sluice-Webhooks/1";
    // Lets a body that is cut at the deadline end before the request does, so that its status is not lost.
    private static final Duration BODY_GRACE = Duration.ofMillis(250);

    private final UrlRules rules;
    private final Duration totalTimeout;
    private final EgressClients clients;

    WebhookClient(EgressPolicy policy, UrlRules rules, EgressProperties properties) {
        this(policy, rules, properties, UnaryOperator.identity());
    }

    /** @param customizer last word on the client, for a test's own DNS or certificates */
    WebhookClient(
            EgressPolicy policy, UrlRules rules, EgressProperties properties, UnaryOperator<HttpClient> customizer) {
        this.rules = rules;
        totalTimeout = properties.totalTimeout();
        EgressClients.Patience patience = new EgressClients.Patience(
                "webhooks",
                properties.connectTimeout(),
                properties.responseTimeout(),
                properties.totalTimeout(),
                properties.maxConnectionsPerHost());
        clients = new EgressClients(policy, patience, http -> customizer.apply(Stopwatch.watched(http)));
    }

    /**
     * Posts the body; never fails, but says what came of it and how long it took. Cancelling drops the connection.
     *
     * @param url as {@link UrlRules#normalise} returned it; checked again, since the rules may have changed
     * @param headers sets the headers of the request
     * @param timeout for the whole attempt in place of the usual ones
     */
    public Mono<Probe> post(String url, Consumer<HttpHeaders> headers, byte[] body, Optional<Duration> timeout) {
        return post(url, headers, body, timeout, clients::of);
    }

    /** The same over a connection that nothing was sent over before. */
    public Mono<Probe> probe(String url, Consumer<HttpHeaders> headers, byte[] body, Duration timeout) {
        return post(url, headers, body, Optional.of(timeout), clients::fresh);
    }

    private Mono<Probe> post(
            String url,
            Consumer<HttpHeaders> headers,
            byte[] body,
            Optional<Duration> timeout,
            Function<String, HttpClient> chosen) {
        String target;
        try {
            target = rules.normalise(url);
        } catch (RefusedUrlException _) {
            return Mono.just(Probe.unsent(Answer.Failure.BLOCKED_ADDRESS));
        }
        HttpClient usual = chosen.apply(target);
        HttpClient client = timeout.map(usual::responseTimeout).orElse(usual);
        Duration total = timeout.orElse(totalTimeout);
        return Mono.defer(() -> {
            Stopwatch watch = new Stopwatch();
            return exchange(client, target, headers, body, total)
                    .contextWrite(watch::in)
                    .map(answer -> new Probe(answer, watch.timings()));
        });
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
