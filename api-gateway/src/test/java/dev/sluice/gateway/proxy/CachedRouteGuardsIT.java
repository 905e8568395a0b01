package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.gateway.relay.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.TestPropertySource;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** What a route that keeps answers must not do, whatever callers and upstreams say. */
@ProxyTest
@Import({CachedRouteSlice.class, CachedShop.class})
@TestPropertySource(
        properties = {
            "sluice.gateway.response-cache.shared=false",
            "sluice.gateway.response-cache.collapse-timeout=100ms"
        })
class CachedRouteGuardsIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Autowired
    private CachedShop shop;

    @BeforeEach
    void open() {
        shop.open();
    }

    @Test
    void keepsNothingForACallerWhoForbidsIt() throws IOException {
        shop.answers("ware", "Cache-Control: max-age=60");
        assertThat(shop.get("Cache-Control: no-store"))
                .startsWith("HTTP/1.1 200")
                .doesNotContain("stored");
        assertThat(shop.get()).contains("uri-miss");
    }

    @Test
    void asksAnewWhenItIsToldThatAnotherAnswerHasNotChanged() throws IOException {
        shop.answers("old", "Cache-Control: max-age=1", "ETag: \"v1\"");
        assertThat(shop.get()).endsWith("old");
        shop.tick(Duration.ofSeconds(5));
        shop.upstream.answers((request, response) -> request.requestHeaders().contains("If-None-Match")
                ? response.status(304).addHeader("ETag", "\"v2\"").send()
                : response.addHeader("Cache-Control", "max-age=60")
                        .addHeader("ETag", "\"v2\"")
                        .sendString(Mono.just("new")));
        assertThat(shop.get()).startsWith("HTTP/1.1 200").endsWith("new");
        assertThat(shop.get()).contains("sluice; hit").endsWith("new");
    }

    @Test
    void forgetsAnAnswerThatAHeadContradicts() throws IOException {
        shop.answers("old", "Cache-Control: max-age=1", "ETag: \"v1\"");
        assertThat(shop.get()).endsWith("old");
        shop.tick(Duration.ofSeconds(5));
        shop.answers("new", "Cache-Control: max-age=60", "ETag: \"v2\"");
        assertThat(shop.send("HEAD", shop.page())).startsWith("HTTP/1.1 200").contains("ETag: \"v2\"");
        shop.tick(Duration.ofMillis(1));
        assertThat(shop.get()).contains("uri-miss").endsWith("new");
    }

    @Test
    void bringsAnAnswerUpToDateThatAHeadConfirms() throws IOException {
        shop.answers("ware", "Cache-Control: max-age=1", "ETag: \"v1\"");
        assertThat(shop.get()).endsWith("ware");
        shop.tick(Duration.ofSeconds(5));
        shop.answers("ware", "Cache-Control: max-age=60", "ETag: \"v1\"");
        assertThat(shop.send("HEAD", shop.page())).startsWith("HTTP/1.1 200");
        assertThat(shop.get()).contains("sluice; hit; ttl=60").endsWith("ware");
    }

    @Test
    void removesNothingOfAnotherOrigin() throws IOException {
        shop.answers("ware", "Cache-Control: max-age=60");
        assertThat(shop.get()).contains("uri-miss; stored");
        shop.tick(Duration.ofMillis(1));
        for (String name : new String[] {"Location", "Content-Location"}) {
            shop.answers("", name + ": http://elsewhere" + shop.page());
            assertThat(shop.send("POST", shop.page() + "/change")).startsWith("HTTP/1.1 200");
        }
        assertThat(shop.get()).contains("sluice; hit");
    }

    @Test
    void keepsNoAnswerThatWasAskedForBeforeItWasChanged() throws Exception {
        Sinks.Empty<Void> go = Sinks.empty();
        shop.upstream.answers((request, response) -> request.method().name().equals("GET")
                ? go.asMono()
                        .thenMany(response.addHeader("Cache-Control", "max-age=60")
                                .sendString(Mono.just("old")))
                : response.send());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<String> asking = threads.submit(() -> shop.get());
            await().atMost(PATIENCE).until(() -> shop.upstream.seen().size() == 1);
            shop.tick(Duration.ofMillis(1));
            assertThat(shop.send("PUT", shop.page())).startsWith("HTTP/1.1 200");
            shop.tick(Duration.ofMillis(1));
            go.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
            assertThat(asking.get()).endsWith("old");
        }
        shop.answers("new", "Cache-Control: max-age=60");
        assertThat(shop.get()).contains("uri-miss").endsWith("new");
    }

    @Test
    void doesNotServeWhatMustBeAskedAboutInPlaceOfAFailure() throws IOException {
        for (String control : new String[] {"must-revalidate", "proxy-revalidate", "no-cache", "s-maxage=1"}) {
            shop.open();
            shop.answers("old", "Cache-Control: max-age=1, stale-if-error=60, " + control, "ETag: \"v1\"");
            assertThat(shop.get()).endsWith("old");
            shop.tick(Duration.ofSeconds(5));
            shop.upstream.answers((request, response) -> response.status(503).send());
            assertThat(shop.get()).as(control).startsWith("HTTP/1.1 503");
        }
    }

    @Test
    void keepsNoAnswerToARange() throws IOException {
        // An upstream that knows no ranges, and one that says 200 to a part.
        shop.answers("0123456789", "Cache-Control: max-age=60");
        assertThat(shop.get("Range: bytes=0-1")).startsWith("HTTP/1.1 200").doesNotContain("stored");
        assertThat(shop.get()).contains("uri-miss; stored").endsWith("0123456789");
    }

    @Test
    void nobodyWaitsForLongerThanTheGatewayAllows() throws Exception {
        shop.upstream.answers((request, response) -> shop.upstream.seen().size() > 1
                ? response.addHeader("Cache-Control", "max-age=60").sendString(Mono.just("own"))
                : Mono.never());
        try (Wire first = Wire.to(shop.port())) {
            first.send("GET " + shop.page() + " HTTP/1.1\r\nHost: gateway\r\n\r\n");
            await().atMost(PATIENCE).until(() -> shop.upstream.seen().size() == 1);
            assertThat(shop.get()).startsWith("HTTP/1.1 200").endsWith("own");
        }
    }
}
