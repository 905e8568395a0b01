package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.gateway.relay.ScriptedUpstream;
import dev.sluice.gateway.route.CachePolicy;
import dev.sluice.gateway.route.CachePolicy.SetCookie;
import dev.sluice.gateway.route.CachePolicy.Share;
import dev.sluice.gateway.route.HeaderEdits;
import dev.sluice.gateway.route.RouteFixture;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.TestPropertySource;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;

/** A route that keeps answers, before an upstream that counts what it is asked. */
@ProxyTest
@Import({CachedRouteSlice.class, CachedShop.class})
@TestPropertySource(properties = "sluice.gateway.response-cache.shared=false")
class CachedRouteIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Autowired
    private CachedShop shop;

    @Autowired
    private RouteFixture routes;

    @BeforeEach
    void open() {
        shop.open();
    }

    private RouteDraft draft() {
        return RouteDraft.of("shop", shop.upstream.url()).cache(CachePolicy.USUAL);
    }

    static CachePolicy policy(Share share, SetCookie cookies, Duration staleIfError, long maxBodyBytes) {
        CachePolicy usual = CachePolicy.USUAL;
        return new CachePolicy(
                share,
                cookies,
                usual.defaultTtl(),
                usual.maxTtl(),
                usual.staleWhileRevalidate(),
                staleIfError,
                maxBodyBytes);
    }

    @Test
    void asksOnceForWhatStaysFresh() throws IOException {
        shop.answers("ware", "Cache-Control: max-age=60", "X-Own: 1");
        assertThat(shop.get()).startsWith("HTTP/1.1 200").contains("Cache-Status: sluice; fwd=uri-miss; stored");
        shop.tick(Duration.ofSeconds(7));
        assertThat(shop.get())
                .startsWith("HTTP/1.1 200")
                .contains("Age: 7\r\n", "X-Own: 1\r\n", "Cache-Status: sluice; hit; ttl=53", "Via: 1.1 sluice")
                .endsWith("\r\n\r\nware");
        assertThat(shop.upstream.seen()).hasSize(1);
        shop.tick(Duration.ofSeconds(60));
        assertThat(shop.get()).contains("Cache-Status: sluice; fwd=stale; stored");
        assertThat(shop.upstream.seen()).hasSize(2);
    }

    @Test
    void leavesARouteWithoutPolicyAlone() throws IOException {
        routes.set(RouteDraft.of("shop", shop.upstream.url()).route());
        shop.answers("ware", "Cache-Control: max-age=60");
        assertThat(shop.get()).doesNotContain("Cache-Status");
        assertThat(shop.get()).doesNotContain("Cache-Status");
        assertThat(shop.upstream.seen()).hasSize(2);
    }

    @Test
    void forgetsTheAnswersOfARouteThatWasChanged() throws IOException {
        shop.answers("ware", "Cache-Control: max-age=60");
        assertThat(shop.get()).contains("uri-miss");
        routes.set(draft().maxConnections(7).route());
        assertThat(shop.get()).contains("sluice; hit");
        routes.set(draft().responseHeaders(new HeaderEdits(Map.of("X-New", "1"), Map.of(), Set.of()))
                .route());
        assertThat(shop.get()).contains("uri-miss", "X-New: 1");
        assertThat(shop.get()).contains("sluice; hit", "X-New: 1");
    }

    @Test
    void tellsACallerThatHasTheAnswer() throws IOException {
        shop.answers("ware", "Cache-Control: max-age=60", "ETag: \"v1\"", "X-Own: 1");
        assertThat(shop.get()).startsWith("HTTP/1.1 200");
        assertThat(shop.get("If-None-Match: \"v0\", W/\"v1\""))
                .startsWith("HTTP/1.1 304")
                .contains("ETag: \"v1\"", "Age: 0")
                .doesNotContain("X-Own", "ware", "Content-Length");
        assertThat(shop.get("If-None-Match: \"v2\"")).startsWith("HTTP/1.1 200").endsWith("ware");
        assertThat(shop.upstream.seen()).hasSize(1);
    }

    @Test
    void asksWhetherAStaleAnswerHasChanged() throws IOException {
        shop.answers("ware", "Cache-Control: max-age=1", "ETag: \"v1\"", "X-Own: 1", "X-Kept: k");
        assertThat(shop.get()).startsWith("HTTP/1.1 200");
        shop.tick(Duration.ofSeconds(5));
        shop.upstream.answers((request, response) -> response.status(304)
                .addHeader("ETag", "\"v1\"")
                .addHeader("X-Own", "2")
                .addHeader("Cache-Control", "max-age=30")
                .send());
        assertThat(shop.get("If-None-Match: \"other\""))
                .startsWith("HTTP/1.1 200")
                .contains("X-Own: 2", "X-Kept: k", "fwd-status=304")
                .endsWith("ware");
        assertThat(shop.upstream.seen().getLast().headers().getAll("If-None-Match"))
                .containsExactly("\"v1\"");
        assertThat(shop.get()).contains("sluice; hit; ttl=30", "X-Own: 2").endsWith("ware");
        assertThat(shop.upstream.seen()).hasSize(2);
    }

    @Test
    void keepsOneAnswerForEachValueThatItWasChosenBy() throws IOException {
        shop.upstream.answers((request, response) -> response.addHeader("Cache-Control", "max-age=60")
                .addHeader("Vary", "X-Size, X-Hue")
                .sendString(Mono.just("size " + request.requestHeaders().get("X-Size"))));
        assertThat(shop.get("X-Size: 1")).contains("uri-miss").endsWith("size 1");
        assertThat(shop.get("X-Size: 2")).contains("vary-miss").endsWith("size 2");
        assertThat(shop.get("X-Size: 1", "X-Other: 1")).contains("sluice; hit").endsWith("size 1");
        assertThat(shop.get("X-Size: 2")).contains("sluice; hit").endsWith("size 2");
        assertThat(shop.get()).contains("vary-miss");
        assertThat(shop.upstream.seen()).hasSize(3);
    }

    @Test
    void answersHeadsAndRangesOutOfTheWholeAnswer() throws IOException {
        shop.answers("0123456789", "Cache-Control: max-age=60", "ETag: \"v1\"");
        assertThat(shop.get()).endsWith("0123456789");
        assertThat(shop.send("HEAD", shop.page()))
                .startsWith("HTTP/1.1 200")
                .contains("Content-Length: 10\r\n", "sluice; hit")
                .endsWith("\r\n\r\n");
        assertThat(shop.get("Range: bytes=2-4"))
                .startsWith("HTTP/1.1 206")
                .contains("Content-Range: bytes 2-4/10", "Content-Length: 3")
                .endsWith("\r\n\r\n234");
        assertThat(shop.get("Range: bytes=-3")).startsWith("HTTP/1.1 206").endsWith("\r\n\r\n789");
        assertThat(shop.get("Range: bytes=10-")).startsWith("HTTP/1.1 416").contains("Content-Range: bytes */10");
        assertThat(shop.get("Range: bytes=2-4", "If-Range: \"v0\""))
                .startsWith("HTTP/1.1 200")
                .endsWith("0123456789");
        assertThat(shop.get("Range: bytes=0-1,4-5")).startsWith("HTTP/1.1 200");
        assertThat(shop.upstream.seen()).hasSize(1);
    }

    @Test
    void keepsNoPartOfAnAnswer() throws IOException {
        shop.upstream.answers((request, response) -> response.status(206)
                .addHeader("Cache-Control", "max-age=60")
                .addHeader("Content-Range", "bytes 0-1/10")
                .sendString(Mono.just("01")));
        assertThat(shop.get("Range: bytes=0-1")).startsWith("HTTP/1.1 206");
        shop.answers("0123456789", "Cache-Control: max-age=60");
        assertThat(shop.get()).startsWith("HTTP/1.1 200").endsWith("0123456789");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH"})
    void forgetsWhatARequestMayHaveChanged(String method) throws IOException {
        shop.answers("ware", "Cache-Control: max-age=60");
        String other = shop.page() + "/other";
        shop.get();
        shop.send("GET", other);
        shop.upstream.answers((request, response) ->
                response.status(500).addHeader("Location", other).send());
        assertThat(shop.send(method, shop.page())).startsWith("HTTP/1.1 500");
        assertThat(shop.get()).contains("sluice; hit");
        shop.upstream.answers(
                (request, response) -> response.addHeader("Location", other).send());
        assertThat(shop.send(method, shop.page())).startsWith("HTTP/1.1 200");
        shop.answers("new", "Cache-Control: max-age=60");
        shop.tick(Duration.ofMillis(1));
        assertThat(shop.get()).contains("uri-miss").endsWith("new");
        assertThat(shop.send("GET", other)).contains("uri-miss").endsWith("new");
    }

    @Test
    void forgetsGroupsTogether() throws IOException {
        shop.answers("ware", "Cache-Control: max-age=60", "Cache-Groups: \"wares\", \"all\"");
        String other = shop.page() + "/other";
        shop.get();
        shop.send("GET", other);
        assertThat(shop.send("GET", other)).contains("sluice; hit");
        shop.tick(Duration.ofMillis(1));
        shop.upstream.answers((request, response) ->
                response.addHeader("Cache-Group-Invalidation", "\"wares\"").send());
        assertThat(shop.send("POST", shop.page() + "/change")).startsWith("HTTP/1.1 200");
        shop.answers("new", "Cache-Control: max-age=60");
        shop.tick(Duration.ofMillis(1));
        assertThat(shop.get()).contains("uri-miss");
        assertThat(shop.send("GET", other)).contains("uri-miss");
    }

    @Test
    void servesAStaleAnswerWhileItIsAskedForAnew() throws IOException {
        shop.answers("old", "Cache-Control: max-age=1, stale-while-revalidate=60");
        assertThat(shop.get()).endsWith("old");
        shop.tick(Duration.ofSeconds(5));
        shop.answers("new", "Cache-Control: max-age=30, stale-while-revalidate=60");
        assertThat(shop.get()).contains("sluice; hit; ttl=-4").endsWith("old");
        await().atMost(PATIENCE).until(() -> shop.get().endsWith("new"));
        assertThat(shop.upstream.seen()).hasSize(2);
    }

    @Test
    void servesAStaleAnswerInPlaceOfAFailure() throws IOException {
        shop.answers("old", "Cache-Control: max-age=1, stale-if-error=60");
        assertThat(shop.get()).endsWith("old");
        shop.tick(Duration.ofSeconds(5));
        shop.upstream.answers((request, response) -> response.status(503).send());
        assertThat(shop.get())
                .startsWith("HTTP/1.1 200")
                .contains("upstream-failed")
                .endsWith("old");
        shop.upstream.answers((request, response) -> {
            request.withConnection(Connection::dispose);
            return Mono.never();
        });
        assertThat(shop.get())
                .startsWith("HTTP/1.1 200")
                .contains("upstream-failed")
                .endsWith("old");
        shop.tick(Duration.ofSeconds(60));
        assertThat(shop.get()).startsWith("HTTP/1.1 502");
    }

    @Test
    void keepsNoAnswerThatBreaksOff() throws Exception {
        try (ScriptedUpstream broken = new ScriptedUpstream()) {
            routes.set(
                    RouteDraft.of("shop", broken.url()).cache(CachePolicy.USUAL).route());
            broken.plays(peer -> {
                String ignored = peer.readHead();
                peer.write("HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: 10\r\n\r\n01234");
            });
            shop.get();
            broken.plays(peer -> {
                String ignored = peer.readHead();
                peer.write("HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nTransfer-Encoding: chunked\r\n\r\n")
                        .write("5\r\n01234\r\n");
            });
            shop.get();
            broken.plays(peer -> {
                String ignored = peer.readHead();
                peer.write("HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: 2\r\n\r\nok");
            });
            assertThat(shop.get()).contains("uri-miss").endsWith("ok");
            assertThat(shop.get()).contains("sluice; hit").endsWith("ok");
        }
    }

    @Test
    void passesWhatIsTooLongToBeKept() throws IOException {
        routes.set(draft().cache(policy(Share.ALL, SetCookie.PASS, Duration.ZERO, 10))
                .route());
        shop.answers("01234567890", "Cache-Control: max-age=60");
        assertThat(shop.get()).endsWith("01234567890");
        assertThat(shop.get()).doesNotContain("sluice; hit").endsWith("01234567890");
        shop.answers("0123456789", "Cache-Control: max-age=60");
        assertThat(shop.get()).endsWith("0123456789");
        assertThat(shop.get()).contains("sluice; hit");
    }

    @Test
    void tellsACallerWhoWantsAStoredAnswerThatThereIsNone() throws IOException {
        shop.answers("ware", "Cache-Control: max-age=60");
        assertThat(shop.get("Cache-Control: only-if-cached"))
                .startsWith("HTTP/1.1 504")
                .contains("not_stored");
        assertThat(shop.upstream.seen()).isEmpty();
        assertThat(shop.get()).startsWith("HTTP/1.1 200");
        assertThat(shop.get("Cache-Control: only-if-cached")).startsWith("HTTP/1.1 200");
        assertThat(shop.get("Cache-Control: only-if-cached, max-age=0, no-cache"))
                .startsWith("HTTP/1.1 504");
    }

    @Test
    void sharesCookiesOnlyWhenTheRouteSaysSo() throws IOException {
        shop.answers("ware", "Cache-Control: max-age=60", "Set-Cookie: a=b");
        assertThat(shop.get()).contains("Set-Cookie: a=b");
        assertThat(shop.get()).doesNotContain("sluice; hit");
        routes.set(draft().cache(policy(Share.ALL, SetCookie.STRIP, Duration.ZERO, 100))
                .route());
        assertThat(shop.get()).contains("Set-Cookie: a=b");
        assertThat(shop.get()).contains("sluice; hit").doesNotContain("Set-Cookie");
    }

    @Test
    void keepsNothingThatAnUpstreamSaysToSomebody() throws IOException {
        shop.answers("ware", "Cache-Control: max-age=60");
        assertThat(shop.get("Authorization: Basic YTpi")).startsWith("HTTP/1.1 200");
        assertThat(shop.get()).contains("uri-miss");
        shop.open();
        shop.answers("ware", "Cache-Control: max-age=60, private");
        assertThat(shop.get()).startsWith("HTTP/1.1 200");
        assertThat(shop.get()).doesNotContain("sluice; hit");
    }
}
