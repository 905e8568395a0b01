package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.gateway.relay.Upstream;
import dev.sluice.gateway.relay.Wire;
import dev.sluice.gateway.route.HeaderEdits;
import dev.sluice.gateway.route.Rewrite;
import dev.sluice.gateway.route.Rewrite.HostHeader;
import dev.sluice.gateway.route.RouteFixture;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import reactor.core.publisher.Mono;

/** Requests and answers pass to an upstream and back as they are, but for what belongs to one hop. */
@ProxyTest
class ProxyIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final Upstream UPSTREAM = new Upstream();

    @Value("${local.server.port}")
    private int port;

    @Autowired
    private RouteFixture routes;

    @Autowired
    private MeterRegistry meters;

    @BeforeEach
    void reset() {
        UPSTREAM.reset();
        routes.set(draft().route());
    }

    @AfterAll
    static void stop() {
        UPSTREAM.stop();
    }

    private static RouteDraft draft() {
        return RouteDraft.of("shop", UPSTREAM.url());
    }

    @Test
    void passesARequestAsItCame() throws IOException {
        String target = "/shop/a%20%C3%A4:1~%41+?x=%2F&y=a+b&y=%00&z";
        try (Wire wire = Wire.to(port)) {
            wire.send("PUT " + target + " HTTP/1.1\r\nHost: example.org:8080\r\nConnection: close, X-Hop\r\n"
                    + "X-Hop: 1\r\nTE: gzip\r\nContent-Type: image/png\r\nContent-Length: 5\r\nIf-Match: \"3\"\r\n"
                    + "X-Twice: a\r\nX-Twice: b\r\nCookie: a=b; c=d\r\n\r\n\0\u00ffab\n");
            assertThat(wire.readToEnd()).startsWith("HTTP/1.1 200");
        }
        Upstream.Seen seen = UPSTREAM.only();
        assertThat(seen.method()).isEqualTo("PUT");
        assertThat(seen.uri()).isEqualTo(target);
        assertThat(seen.body()).isEqualTo("\0\u00ffab\n");
        HttpHeaders headers = seen.headers();
        assertThat(headers.get("Content-Type")).isEqualTo("image/png");
        assertThat(headers.getAll("Content-Length")).containsExactly("5");
        assertThat(headers.get("If-Match")).isEqualTo("\"3\"");
        assertThat(headers.get("Cookie")).isEqualTo("a=b; c=d");
        assertThat(headers.getAll("X-Twice")).containsExactly("a", "b");
        assertThat(headers.getAll("Host"))
                .singleElement()
                .isEqualTo(UPSTREAM.url().substring("http://".length()));
        assertThat(headers.names())
                .extracting(String::toLowerCase)
                .doesNotContain("x-hop", "te", "connection", "transfer-encoding", "accept", "user-agent");
    }

    @Test
    void tellsTheUpstreamWhoAsks() throws IOException {
        Wire.get(
                port,
                "/shop/a",
                "X-Request-Id: r-1",
                "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "tracestate: a=b",
                "Via: 1.0 fred");
        HttpHeaders headers = UPSTREAM.only().headers();
        assertThat(headers.getAll("Forwarded")).containsExactly("for=127.0.0.1;host=\"gateway\";proto=http");
        assertThat(headers.getAll("X-Forwarded-For")).containsExactly("127.0.0.1");
        assertThat(headers.getAll("X-Forwarded-Proto")).containsExactly("http");
        assertThat(headers.getAll("X-Forwarded-Host")).containsExactly("gateway");
        assertThat(headers.getAll("Via")).containsExactly("1.0 fred, 1.1 sluice");
        assertThat(headers.getAll("X-Request-Id")).containsExactly("r-1");
        assertThat(headers.get("traceparent")).startsWith("00-0af7651916cd43dd8448eb211c80319c-");
        assertThat(headers.get("tracestate")).isEqualTo("a=b");
    }

    @Test
    void believesNobodyThatIsNotATrustedProxy() throws IOException {
        Wire.get(
                port,
                "/shop/a",
                "Forwarded: for=6.6.6.6",
                "X-Forwarded-For: 6.6.6.6",
                "X-Forwarded-Proto: https",
                "X-Forwarded-Host: evil",
                "X-Forwarded-Port: 6",
                "X-Forwarded-Prefix: /evil",
                "X-Real-IP: 6.6.6.6");
        assertThat(UPSTREAM.only().headers().entries())
                .noneMatch(header -> header.getValue().contains("6.6.6.6")
                        || header.getValue().contains("evil")
                        || header.getValue().equals("https")
                        || header.getValue().equals("6"));
    }

    @Test
    void keepsTheApiKeyAndTheIdentityToItself() throws IOException {
        Wire.get(port, "/shop/a", "X-API-Key: slk_live_secret", "X-Sluice-Identity: forged", "x-sluice-tenant: other");
        Wire.get(port, "/shop/a", "Authorization: bearer slk_live_secret");
        Wire.get(port, "/shop/a", "Authorization: Basic dXBzdHJlYW0=");
        assertThat(UPSTREAM.seen()).hasSize(3);
        assertThat(UPSTREAM.seen().get(0).headers().names())
                .extracting(String::toLowerCase)
                .doesNotContain("x-api-key", "x-sluice-identity", "x-sluice-tenant");
        assertThat(UPSTREAM.seen().get(1).headers().contains("Authorization")).isFalse();
        assertThat(UPSTREAM.seen().get(2).headers().get("Authorization")).isEqualTo("Basic dXBzdHJlYW0=");
    }

    @Test
    void changesPathHostAndHeadersAsTheRouteSays() throws IOException {
        routes.set(draft().rewrite(new Rewrite(Optional.of("/shop"), Optional.of("/v2"), HostHeader.CALLER))
                .requestHeaders(new HeaderEdits(
                        Map.of("X-Set", "1", "Content-Length", "99"), Map.of("X-Add", "2"), Set.of("x-remove")))
                .responseHeaders(new HeaderEdits(Map.of("Server", "shop"), Map.of(), Set.of("X-Internal")))
                .route());
        UPSTREAM.answers((request, response) ->
                response.header("Server", "nginx").header("X-Internal", "1").sendString(Mono.just("ok")));
        String answer = Wire.get(port, "/shop/a%2Db?q=%20", "X-Set: 0", "X-Add: 1", "X-Remove: 1");
        assertThat(answer).contains("Server: shop\r\n").doesNotContain("X-Internal", "nginx");
        HttpHeaders headers = UPSTREAM.only().headers();
        assertThat(UPSTREAM.only().uri()).isEqualTo("/v2/a%2Db?q=%20");
        assertThat(headers.getAll("Host")).containsExactly("gateway");
        assertThat(headers.getAll("X-Set")).containsExactly("1");
        assertThat(headers.getAll("X-Add")).containsExactly("1", "2");
        assertThat(headers.contains("X-Remove")).isFalse();
        assertThat(headers.contains("Content-Length")).isFalse();
    }

    @Test
    void passesAnAnswerAsItCame() throws IOException {
        UPSTREAM.answers((request, response) -> response.status(418)
                .header("Set-Cookie", "a=1")
                .addHeader("Set-Cookie", "b=2")
                .header("ETag", "\"7\"")
                .header("Content-Type", "not a media type")
                .header("Keep-Alive", "timeout=5")
                .header("X-Sluice-Node", "secret")
                .header("X-Request-Id", "theirs")
                .header("RateLimit", "theirs")
                .header("Server-Timing", "db;dur=1")
                .header("Via", "1.1 inner")
                .sendString(Mono.just("teapot")));
        assertThat(Wire.get(port, "/shop/a", "X-Request-Id: ours"))
                .startsWith("HTTP/1.1 418")
                .containsIgnoringCase("Set-Cookie: a=1\r\n")
                .containsIgnoringCase("Set-Cookie: b=2\r\n")
                .containsIgnoringCase("ETag: \"7\"\r\n")
                .containsIgnoringCase("Content-Type: not a media type\r\n")
                .contains("X-Request-Id: ours\r\n")
                .containsIgnoringCase("Via: 1.1 inner\r\n")
                .containsIgnoringCase("Via: 1.1 sluice\r\n")
                .containsIgnoringCase("Server-Timing: db;dur=1\r\n")
                .containsPattern("(?i)Server-Timing: upstream;dur=[0-9]+\\.[0-9]\r\n")
                .contains("teapot")
                .doesNotContain("theirs", "Keep-Alive", "keep-alive", "X-Sluice-Node", "secret")
                .doesNotContain("Content-Security-Policy", "X-Frame-Options");
    }

    @ParameterizedTest
    @CsvSource({"HEAD, 200", "GET, 204", "GET, 304", "HEAD, 404"})
    void endsAnAnswerThatHasNoBody(String method, int status) throws IOException {
        UPSTREAM.answers((request, response) -> {
            response.status(status).header("ETag", "\"7\"");
            if (method.equals("HEAD")) {
                response.header("Content-Length", "5");
            }
            return response.send();
        });
        String answer = Wire.exchange(port, method, "/shop/a");
        assertThat(answer)
                .startsWith("HTTP/1.1 " + status)
                .containsIgnoringCase("etag: \"7\"")
                .endsWith("\r\n\r\n")
                .doesNotContainIgnoringCase("transfer-encoding");
        if (method.equals("HEAD")) {
            assertThat(answer).containsIgnoringCase("content-length: 5\r\n");
        }
    }

    @ParameterizedTest
    @CsvSource({"GET", "DELETE", "POST", "PATCH", "OPTIONS"})
    void passesABodyWithAnyMethod(String method) throws IOException {
        try (Wire wire = Wire.to(port)) {
            wire.send(method + " /shop/a HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "2\r\nab\r\n3\r\ncde\r\n0\r\n\r\n");
            assertThat(wire.readToEnd()).startsWith("HTTP/1.1 200");
        }
        assertThat(UPSTREAM.only().body()).isEqualTo("abcde");
        assertThat(UPSTREAM.only().method()).isEqualTo(method);
        assertThat(UPSTREAM.only().headers().get("Transfer-Encoding")).isEqualTo("chunked");
    }

    @Test
    void leavesCorsToTheUpstream() throws IOException {
        UPSTREAM.answers((request, response) ->
                response.status(204).header("Access-Control-Allow-Origin", "*").send());
        assertThat(Wire.exchange(port, "OPTIONS", "/shop/a", "Origin: http://b", "Access-Control-Request-Method: PUT"))
                .startsWith("HTTP/1.1 204")
                .contains("Access-Control-Allow-Origin: *");
    }

    @ParameterizedTest
    @ValueSource(strings = {"CONNECT", "TRACE", "PROPFIND", "get"})
    void refusesOtherMethods(String method) throws IOException {
        assertThat(Wire.exchange(port, method, "/shop/a")).startsWith("HTTP/1.1 405");
        assertThat(UPSTREAM.seen()).isEmpty();
    }

    /** Its route bounds the body, not what bounds those of the platform's own routes; and what is in it is the upstream's. */
    @Test
    void passesOnABodyThatThePlatformWouldNotTake() throws IOException {
        String body = "\u001f\u008b".repeat(200_000);
        try (Wire wire = Wire.to(port)) {
            wire.send("PUT /shop/a HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Encoding: gzip\r\n"
                    + "Content-Length: 400000\r\n\r\n" + body);
            assertThat(wire.readToEnd()).startsWith("HTTP/1.1 200");
        }
        Upstream.Seen seen = UPSTREAM.only();
        assertThat(seen.headers().get("Content-Encoding")).isEqualTo("gzip");
        assertThat(seen.body()).isEqualTo(body);
    }

    @Test
    void refusesABodyOverTheRoutesLimit() throws IOException {
        routes.set(draft().maxBodyBytes(10).route());
        try (Wire wire = Wire.to(port)) {
            wire.send("POST /shop/a HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n");
            assertThat(wire.readToEnd()).startsWith("HTTP/1.1 413").contains("Send at most 10 bytes.");
        }
        try (Wire wire = Wire.to(port)) {
            wire.send("POST /shop/a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n01234567890\r\n");
            assertThat(wire.readToEnd()).startsWith("HTTP/1.1 413");
        }
        assertThat(UPSTREAM.seen()).isEmpty();
    }

    @Test
    void refusesARequestThatGoesInCircles() throws IOException {
        assertThat(Wire.get(port, "/shop/a", "Via: 1.1 sluice, 1.1 sluice, 1.1 sluice", "Via: 1.1 sluice"))
                .startsWith("HTTP/1.1 200");
        assertThat(Wire.get(port, "/shop/a", "Via: 1.1 sluice, 1.1 sluice, 1.1 sluice", "Via: 1.1 sluice, 1.1 sluice"))
                .startsWith("HTTP/1.1 508")
                .contains("proxy_loop");
    }

    @Test
    void countsAttemptsAndTimesAnswers() throws IOException {
        routes.set(RouteDraft.of("counted", UPSTREAM.url()).route());
        Wire.get(port, "/counted/a");
        Wire.get(port, "/counted/a");
        // Counted when an attempt ends, which its caller need not wait for.
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(meters.get(RouteMeters.REQUESTS)
                                .tags("route", "counted", "target", "0", "outcome", "answered")
                                .counter()
                                .count())
                        .isEqualTo(2));
        assertThat(meters.get(RouteMeters.LATENCY)
                        .tag("route", "counted")
                        .timer()
                        .count())
                .isEqualTo(2);
        routes.set();
        assertThat(meters.find(RouteMeters.REQUESTS).tag("route", "counted").counter())
                .isNull();
    }

    @Test
    void knowsNothingOfARouteThatIsGone() throws IOException {
        routes.set();
        assertThat(Wire.get(port, "/shop/a")).startsWith("HTTP/1.1 404");
    }
}
