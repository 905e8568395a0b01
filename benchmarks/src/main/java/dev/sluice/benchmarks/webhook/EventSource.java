package dev.sluice.benchmarks.webhook;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufMono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.util.retry.Retry;

/** Publishes events through the gateway and sends each again, under the same id, until it is accepted. */
final class EventSource {

    private static final int ACCEPTED = 202;
    private static final int BATCH = 100;
    /** As many connections as it may take, so that none that is due waits for one. */
    private static final int MOST_UNDER_WAY = 1_024;

    private static final int FEW = 16;
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final long NANOS_A_SECOND = 1_000_000_000L;

    static final String TEXT = "some text, so that it is as long as events usually are; ".repeat(3);

    private final HttpClient http;
    private final Ledger ledger;
    private final AtomicInteger again = new AtomicInteger();
    private final String run = Long.toString(System.nanoTime(), Character.MAX_RADIX);

    EventSource(URI gateway, Ledger ledger) {
        this.ledger = ledger;
        http = HttpClient.create(ConnectionProvider.builder("events")
                        .maxConnections(MOST_UNDER_WAY)
                        .pendingAcquireMaxCount(MOST_UNDER_WAY)
                        .build())
                .baseUrl(gateway.toString())
                .responseTimeout(Duration.ofSeconds(10));
    }

    /**
     * So many a second, one by one, from that number until before the other; returns when the last was accepted. Each counts as sent when it was due, whatever it
     * waits for.
     */
    void steadily(String key, IntFunction<String> type, int from, int to, double perSecond) {
        Semaphore underWay = new Semaphore(MOST_UNDER_WAY);
        long start = System.nanoTime();
        for (int event = from; event < to; event++) {
            long due = start + (long) ((event - from) * NANOS_A_SECOND / perSecond);
            for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
                LockSupport.parkNanos(wait);
            }
            int number = event;
            ledger.send(number, due);
            postOne(key, type.apply(number), number, underWay);
        }
        underWay.acquireUninterruptibly(MOST_UNDER_WAY);
    }

    /** As fast as may be, one by one, a few at once; returns when the last was accepted. */
    void oneByOne(String key, IntFunction<String> type, int from, int to) {
        Semaphore underWay = new Semaphore(FEW);
        for (int event = from; event < to; event++) {
            postOne(key, type.apply(event), event, underWay);
        }
        underWay.acquireUninterruptibly(FEW);
    }

    private void postOne(String key, String type, int number, Semaphore underWay) {
        underWay.acquireUninterruptibly();
        var _ = post(key, "application/cloudevents+json", json(type, "", number))
                .doOnSuccess(status -> ledger.accept(number))
                .doFinally(signal -> underWay.release())
                .subscribe();
    }

    /** As fast as may be, a hundred at a time, one batch after the other. */
    void inBatches(String key, String type, int from, int to) {
        inBatches(key, event -> type, from, to);
    }

    /** The same of several types. */
    void inBatches(String key, IntFunction<String> type, int from, int to) {
        for (int event = from; event < to; event += BATCH) {
            int end = Math.min(event + BATCH, to);
            String body = IntStream.range(event, end)
                    .mapToObj(number -> json(type.apply(number), "", number))
                    .collect(Collectors.joining(",", "[", "]"));
            var _ = post(key, "application/cloudevents-batch+json", body).block();
            IntStream.range(event, end).forEach(ledger::accept);
        }
    }

    /** One, of the same subject as all others that are published so; returns when it was accepted. */
    void oneByOne(String key, String type, int event) {
        var _ = post(key, "application/cloudevents+json", json(type, "\"subject\":\"one\",", event))
                .block();
        ledger.accept(event);
    }

    /** How many were refused, or not answered, and sent once more. */
    int sentAgain() {
        return again.get();
    }

    private Mono<Integer> post(String key, String contentType, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return http.headers(headers -> headers.set("x-api-key", key)
                        .set("content-type", contentType)
                        .set("content-length", bytes.length))
                .post()
                .uri("/api/v1/events")
                .send(ByteBufMono.fromString(Mono.just(body)))
                .responseSingle((response, content) ->
                        content.asByteArray().then(Mono.just(response.status().code())))
                .filter(status -> status == ACCEPTED)
                .switchIfEmpty(Mono.error(() -> new IllegalStateException("was not accepted")))
                .doOnError(failure -> again.incrementAndGet())
                .retryWhen(Retry.fixedDelay(Long.MAX_VALUE, PAUSE));
    }

    private String json(String type, String more, int number) {
        return """
                {"specversion":"1.0","id":"%s-%d","source":"/benchmark","type":"%s",%s"data":{"n":%d,"text":"%s"}}""".formatted(run, number, type, more, number, TEXT);
    }
}
