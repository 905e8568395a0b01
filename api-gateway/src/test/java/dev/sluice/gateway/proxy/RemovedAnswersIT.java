package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.gateway.relay.Upstream;
import dev.sluice.gateway.route.CachePolicy;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * What one gateway removes, the others do not serve any more. The gateways' clocks hardly move: no copy becomes so old that it
 * is looked up again for that.
 */
class RemovedAnswersIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Upstream UPSTREAM = new Upstream();

    private static TwoGateways gateways;
    private static int pages;

    /** Of no other test. */
    private String page;

    @BeforeAll
    static void start() {
        gateways = new TwoGateways();
        gateways.set(
                RouteDraft.of("shop", UPSTREAM.url()).cache(CachePolicy.USUAL).route());
        UPSTREAM.answers((request, response) -> response.send());
        await().atMost(PATIENCE).until(() -> {
            assertThat(gateways.one.send("DELETE", "/shop/first")).startsWith("HTTP/1.1 200");
            return gateways.other.heard() > 0;
        });
    }

    @AfterAll
    static void stop() {
        gateways.close();
        UPSTREAM.stop();
    }

    @BeforeEach
    void reset() {
        UPSTREAM.reset();
        pages++;
        page = "/shop/" + pages;
        gateways.tick();
        answers("old", "Cache-Groups", "\"group " + pages + "\"");
    }

    private static void answers(String body, String name, String value) {
        UPSTREAM.answers((request, response) -> response.addHeader("Cache-Control", "max-age=3600")
                .addHeader(name, value)
                .sendString(Mono.just(body)));
    }

    private void keepOnBoth() throws IOException {
        assertThat(gateways.other.get(page)).contains("uri-miss; stored").endsWith("old");
        assertThat(gateways.other.get(page)).contains("sluice; hit");
        await().atMost(PATIENCE).until(() -> gateways.one.get(page).contains("sluice; hit"));
        gateways.tick();
    }

    private void awaitNew(TwoGateways.Gateway gateway) {
        await().atMost(PATIENCE).until(() -> {
            gateways.tick();
            return gateway.get(page).endsWith("new");
        });
    }

    @Test
    void isRemovedEverywhereByARequestThatChangesIt() throws IOException {
        keepOnBoth();
        answers("new", "X-Own", "1");
        assertThat(gateways.one.send("DELETE", page)).startsWith("HTTP/1.1 200");
        awaitNew(gateways.other);
        awaitNew(gateways.one);
    }

    @Test
    void isRemovedEverywhereWithItsGroup() throws IOException {
        keepOnBoth();
        answers("new", "Cache-Group-Invalidation", "\"group " + pages + "\"");
        assertThat(gateways.one.send("POST", "/shop/change")).startsWith("HTTP/1.1 200");
        awaitNew(gateways.other);
        awaitNew(gateways.one);
    }

    @Test
    void isNotKeptByAGatewayThatHadAskedForItBefore() throws Exception {
        Sinks.Empty<Void> go = Sinks.empty();
        UPSTREAM.answers((request, response) -> request.method().name().equals("GET")
                ? go.asMono()
                        .thenMany(response.addHeader("Cache-Control", "max-age=3600")
                                .sendString(Mono.just("old")))
                : response.send());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<String> asking = threads.submit(() -> gateways.other.get(page));
            await().atMost(PATIENCE).until(() -> UPSTREAM.seen().size() == 1);
            gateways.tick();
            double before = gateways.other.heard();
            assertThat(gateways.one.send("DELETE", page)).startsWith("HTTP/1.1 200");
            await().atMost(PATIENCE).until(() -> gateways.other.heard() > before);
            gateways.tick();
            go.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
            assertThat(asking.get()).endsWith("old");
        }
        answers("new", "X-Own", "1");
        gateways.tick();
        assertThat(gateways.other.get(page)).contains("uri-miss").endsWith("new");
    }

    /** Redis alone tells what was removed. */
    @Test
    void isNotServedWhileKafkaIsAway() throws Exception {
        keepOnBoth();
        String held = page + "/held";
        Sinks.Empty<Void> go = Sinks.empty();
        gateways.kafka.stop();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            UPSTREAM.answers((request, response) -> request.uri().equals(held)
                            && request.method().name().equals("GET")
                    ? go.asMono()
                            .thenMany(response.addHeader("Cache-Control", "max-age=3600")
                                    .sendString(Mono.just("old")))
                    : response.addHeader("Cache-Control", "max-age=3600").sendString(Mono.just("new")));
            Future<String> asking = threads.submit(() -> gateways.other.get(held));
            await().atMost(PATIENCE)
                    .until(() -> UPSTREAM.seen().stream()
                            .anyMatch(request -> request.uri().equals(held)));
            gateways.tick();
            assertThat(gateways.one.send("DELETE", page)).startsWith("HTTP/1.1 200");
            assertThat(gateways.one.send("DELETE", held)).startsWith("HTTP/1.1 200");
            awaitNew(gateways.other);
            go.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
            assertThat(asking.get()).endsWith("old");
            answers("new", "X-Own", "1");
            await().atMost(PATIENCE).until(() -> {
                gateways.tick();
                return gateways.other.get(held).endsWith("new");
            });
            assertThat(gateways.one.get(held)).endsWith("new");
        } finally {
            gateways.kafka.start();
        }
        page += "/again";
        answers("old", "X-Own", "1");
        gateways.tick();
        keepOnBoth();
        answers("new", "X-Own", "1");
        assertThat(gateways.one.send("DELETE", page)).startsWith("HTTP/1.1 200");
        awaitNew(gateways.other);
    }
}
