package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.gateway.relay.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.TestPropertySource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Requests for the same answer are one request to the upstream, as long as that is of use. */
@ProxyTest
@Import({CachedRouteSlice.class, CachedShop.class})
@TestPropertySource(
        properties = {
            "sluice.gateway.response-cache.shared=false",
            // Nobody is let go by that alone.
            "sluice.gateway.response-cache.collapse-timeout=1h"
        })
class CachedRouteFlightsIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Autowired
    private CachedShop shop;

    @BeforeEach
    void open() {
        shop.open();
    }

    @Test
    void asksOnceForAThousandCallers() throws Exception {
        Sinks.Empty<Void> go = Sinks.empty();
        shop.upstream.answers((request, response) -> go.asMono()
                .thenMany(response.addHeader("Cache-Control", "max-age=60").sendString(Mono.just("ware"))));
        List<Future<String>> callers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 1_000; i++) {
                callers.add(threads.submit(() -> shop.get()));
            }
            await().atMost(PATIENCE).until(() -> shop.upstream.seen().size() == 1);
            go.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
            for (Future<String> caller : callers) {
                assertThat(caller.get()).startsWith("HTTP/1.1 200").endsWith("ware");
            }
        }
        assertThat(shop.upstream.seen()).hasSize(1);
    }

    @Test
    void nobodyWaitsForAnAnswerThatIsNotShared() throws Exception {
        Sinks.Empty<Void> go = Sinks.empty();
        Sinks.Empty<Void> end = Sinks.empty();
        shop.upstream.answers((request, response) -> shop.upstream.seen().size() > 1
                ? response.addHeader("Cache-Control", "no-store").sendString(Mono.just("own"))
                : go.asMono()
                        .thenMany(response.addHeader("Cache-Control", "no-store")
                                .sendString(Flux.concat(
                                        Mono.just("ow"), end.asMono().then(Mono.just("n"))))));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<String> first = threads.submit(() -> shop.get());
            await().atMost(PATIENCE).until(() -> shop.upstream.seen().size() == 1);
            Future<String> second = threads.submit(() -> shop.get());
            go.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
            assertThat(second.get()).endsWith("own");
            assertThat(first.isDone()).isFalse();
            end.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
            assertThat(first.get()).startsWith("HTTP/1.1 200");
        }
    }

    /** The first one's answer is for nobody, and who comes within ten seconds does not wait for the next. */
    @Test
    void nobodyWaitsForWhatWasNotSharedBefore() throws Exception {
        shop.answers("own", "Cache-Control: no-store");
        assertThat(shop.get()).endsWith("own");
        shop.upstream.answers((request, response) -> shop.upstream.seen().size() > 2
                ? response.addHeader("Cache-Control", "no-store").sendString(Mono.just("own"))
                : Mono.never());
        try (Wire stuck = Wire.to(shop.port())) {
            stuck.send("GET " + shop.page() + " HTTP/1.1\r\nHost: gateway\r\n\r\n");
            await().atMost(PATIENCE).until(() -> shop.upstream.seen().size() == 2);
            assertThat(shop.get()).startsWith("HTTP/1.1 200").endsWith("own");
        }
    }

    @Test
    void anotherAsksWhenTheOneWhoHasAskedLeaves() throws Exception {
        shop.upstream.answers((request, response) -> shop.upstream.seen().size() > 1
                ? response.addHeader("Cache-Control", "max-age=60").sendString(Mono.just("ware"))
                : Mono.never());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Wire first = Wire.to(shop.port());
            first.send("GET " + shop.page() + " HTTP/1.1\r\nHost: gateway\r\n\r\n");
            await().atMost(PATIENCE).until(() -> shop.upstream.seen().size() == 1);
            Future<String> second = threads.submit(() -> shop.get());
            first.close();
            assertThat(second.get()).startsWith("HTTP/1.1 200").endsWith("ware");
        }
        assertThat(shop.get()).contains("sluice; hit");
    }
}
