package dev.sluice.benchmarks.webhook;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/** What is written without a library: the JDK's client, and as many virtual threads as may be at once, each of which posts, waits for the answer, and posts again. */
final class JdkLoop implements PlainLoop.Posting {

    private static final double NANOS_A_SECOND = 1e9;

    private final int atOnce;
    private final List<HttpRequest> requests;
    private final HttpClient http =
            HttpClient.newBuilder().version(Tls.version()).build();

    JdkLoop(PlainLoop.Request request) {
        atOnce = request.atOnce();
        requests = IntStream.range(0, request.targets().size() / 2)
                .mapToObj(number -> HttpRequest.newBuilder(URI.create(request.url(number)))
                        .header("content-type", "application/json")
                        .header("webhook-id", request.id())
                        .header("webhook-timestamp", request.timestamp())
                        .header("webhook-signature", request.signature(number))
                        .POST(BodyPublishers.ofString(request.body()))
                        .build())
                .toList();
    }

    @Override
    public void run(int count, int perSecond) {
        AtomicInteger next = new AtomicInteger();
        long start = System.nanoTime();
        Executor threads = work -> Thread.ofVirtual().start(work);
        CompletableFuture<?>[] loops = IntStream.range(0, atOnce)
                .mapToObj(thread -> CompletableFuture.runAsync(() -> post(next, count, perSecond, start), threads))
                .toArray(CompletableFuture[]::new);
        var _ = CompletableFuture.allOf(loops).join();
    }

    private void post(AtomicInteger next, int count, int perSecond, long start) {
        for (int number = next.getAndIncrement(); number < count; number = next.getAndIncrement()) {
            if (perSecond > 0) {
                await(start + (long) (number * NANOS_A_SECOND / perSecond));
            }
            int status = send(requests.get(number % requests.size()));
            if (status != PlainLoop.TAKEN) {
                throw new IllegalStateException("answered with " + status);
            }
        }
    }

    private static void await(long due) {
        for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
            LockSupport.parkNanos(wait);
        }
    }

    private int send(HttpRequest request) {
        try {
            return http.send(request, BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
