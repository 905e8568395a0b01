package dev.sluice.gateway.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.gateway.relay.Upstream;
import dev.sluice.gateway.relay.Wire;
import dev.sluice.platform.web.ClientAddress;
import dev.sluice.platform.web.IdentityToken;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Requests and answers pass the gateway whole, at the pace of the slower side, and nothing else passes. */
@SpringBootTest(
        classes = ForwardSlice.class,
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "management.server.port=0",
            "management.endpoint.health.validate-group-membership=false",
            "sluice.web.max-body-size=1MB",
            "sluice.internal.secret=0123456789abcdef0123456789abcdef"
        })
class ForwardIT {

    private static final String KEY = "/api/v1/cache/namespaces/n/keys/k";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final Upstream CACHE = new Upstream();
    private static final Upstream WEBHOOKS = new Upstream();
    private static final Upstream METRICS = new Upstream();

    @Value("${local.server.port}")
    private int port;

    @Autowired
    private IdentityToken token;

    @DynamicPropertySource
    static void properties(DynamicPropertyRegistry registry) {
        registry.add("sluice.gateway.services.cache", CACHE::url);
        registry.add("sluice.gateway.services.webhooks", WEBHOOKS::url);
        registry.add("sluice.gateway.services.metrics", METRICS::url);
    }

    @BeforeEach
    void reset() {
        CACHE.reset();
        WEBHOOKS.reset();
        METRICS.reset();
    }

    @AfterAll
    static void stop() {
        CACHE.stop();
        WEBHOOKS.stop();
        METRICS.stop();
    }

    @Test
    void leadsEachPathToItsService() throws IOException {
        assertThat(Wire.get(port, KEY)).startsWith("HTTP/1.1 200").endsWith("ok");
        assertThat(Wire.get(port, "/api/v1/webhooks?limit=1")).startsWith("HTTP/1.1 200");
        assertThat(Wire.get(port, "/api/v1/cache/stats")).startsWith("HTTP/1.1 200");
        assertThat(CACHE.only().uri()).isEqualTo(KEY);
        assertThat(WEBHOOKS.only().uri()).isEqualTo("/api/v1/webhooks?limit=1");
        assertThat(METRICS.only().uri()).isEqualTo("/api/v1/cache/stats");
        assertThat(Wire.get(port, "/api/v1/nothing")).startsWith("HTTP/1.1 404").contains("not_found");
    }

    @Test
    void passesARequestAsItCame() throws IOException {
        String target = "/api/v1/cache/namespaces/n/keys/a%20%C3%A4:1~%41+?x=%2F&y=a+b&y=%00";
        try (Wire wire = Wire.to(port)) {
            wire.send("PUT " + target + " HTTP/1.1\r\nHost: gateway\r\nConnection: close, X-Hop\r\nX-Hop: 1\r\n"
                    + "TE: trailers\r\nContent-Type: image/png\r\nContent-Length: 5\r\nIf-Match: \"3\"\r\nX-Twice: a\r\n"
                    + "X-Twice: b\r\nAuthorization: Bearer secret\r\nX-Api-Key: secret\r\nX-Forwarded-For: 6.6.6.6\r\n"
                    + "Forwarded: for=6.6.6.6\r\n\r\n\0\u00ffab\n");
            assertThat(wire.readToEnd()).startsWith("HTTP/1.1 200");
        }
        Upstream.Seen seen = CACHE.only();
        assertThat(seen.method()).isEqualTo("PUT");
        assertThat(seen.uri()).isEqualTo(target);
        assertThat(seen.body()).isEqualTo("\0\u00ffab\n");
        HttpHeaders headers = seen.headers();
        assertThat(headers.get("Content-Type")).isEqualTo("image/png");
        assertThat(headers.get("Content-Length")).isEqualTo("5");
        assertThat(headers.get("If-Match")).isEqualTo("\"3\"");
        assertThat(headers.getAll("X-Twice")).containsExactly("a", "b");
        assertThat(headers.getAll("Host")).singleElement().asString().startsWith("127.0.0.1:");
        assertThat(headers.names())
                .extracting(String::toLowerCase)
                .doesNotContain(
                        "x-hop",
                        "te",
                        "connection",
                        "authorization",
                        "x-api-key",
                        "forwarded",
                        "x-forwarded-for",
                        "transfer-encoding");
    }

    @Test
    void asksInNobodysNameWhereAnybodyMayAsk() throws IOException {
        assertThat(Wire.get(port, "/api/v1/webhook-keys/ep_1")).startsWith("HTTP/1.1 200");
        assertThat(token.verify(WEBHOOKS.only().headers().get(IdentityToken.HEADER)))
                .hasValueSatisfying(identity -> {
                    assertThat(identity.tenant()).isEqualTo("@anybody");
                    assertThat(identity.scopes()).isEmpty();
                });
    }

    @Test
    void vouchesForTheCallerWithAnIdentityThatNobodyElseCanGive() throws IOException {
        String answer = Wire.get(
                port,
                KEY,
                "X-Sluice-Identity: v1.forged.forged",
                "x-sluice-identity: " + token.sign(ForwardSlice.ACME) + "x",
                "X-Sluice-Tenant: other",
                "X-Request-Id: r-1",
                "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        assertThat(answer).startsWith("HTTP/1.1 200").contains("X-Request-Id: r-1");
        HttpHeaders headers = CACHE.only().headers();
        assertThat(headers.getAll("X-Sluice-Identity"))
                .singleElement()
                .satisfies(sent -> assertThat(token.verify(sent)).contains(ForwardSlice.ACME));
        assertThat(headers.contains("X-Sluice-Tenant")).isFalse();
        assertThat(headers.getAll("X-Request-Id")).containsExactly("r-1");
        assertThat(headers.getAll("traceparent"))
                .singleElement()
                .asString()
                .startsWith("00-0af7651916cd43dd8448eb211c80319c-");
    }

    @Test
    void tellsWhoWritesItDownFromWhereARequestCame() throws IOException {
        Wire.get(port, "/api/v1/webhooks", "X-Sluice-Client: 6.6.6.6", "X-Forwarded-For: 192.0.2.9");
        assertThat(WEBHOOKS.only().headers().getAll(ClientAddress.HEADER)).containsExactly("192.0.2.9");
        Wire.get(port, KEY, "X-Sluice-Client: 6.6.6.6");
        assertThat(CACHE.only().headers().contains(ClientAddress.HEADER)).isFalse();
        CACHE.reset();
        Wire.exchange(port, "DELETE", KEY, "X-Sluice-Client: 6.6.6.6", "X-Forwarded-For: 192.0.2.9");
        assertThat(CACHE.only().headers().getAll(ClientAddress.HEADER)).containsExactly("192.0.2.9");
    }

    @Test
    void passesNoRequestOfNobody() throws IOException {
        assertThat(Wire.get(port, KEY, "X-Nobody: 1"))
                .startsWith("HTTP/1.1 401")
                .contains("unauthenticated");
        assertThat(CACHE.seen()).isEmpty();
    }

    @Test
    void passesAnAnswerAsItCame() throws IOException {
        CACHE.answers((request, response) -> response.status(418)
                .header("Set-Cookie", "a=1")
                .addHeader("Set-Cookie", "b=2")
                .header("ETag", "\"7\"")
                .header("Content-Type", "not a media type")
                .header("Keep-Alive", "timeout=5")
                .header("X-Sluice-Node", "secret")
                .header("X-Request-Id", "theirs")
                .header("RateLimit", "theirs")
                .sendString(Mono.just("teapot")));
        String answer = Wire.get(port, KEY, "X-Request-Id: ours");
        assertThat(answer)
                .startsWith("HTTP/1.1 418")
                .containsIgnoringCase("Set-Cookie: a=1\r\n")
                .containsIgnoringCase("Set-Cookie: b=2\r\n")
                .containsIgnoringCase("ETag: \"7\"\r\n")
                .containsIgnoringCase("Content-Type: not a media type\r\n")
                .contains("X-Request-Id: ours\r\n")
                .contains("teapot")
                .doesNotContain("theirs", "Keep-Alive", "keep-alive", "X-Sluice-Node", "secret");
    }

    @ParameterizedTest
    @CsvSource({"HEAD, 200", "GET, 204", "GET, 304", "HEAD, 404"})
    void endsAnAnswerThatHasNoBody(String method, int status) throws IOException {
        CACHE.answers((request, response) -> {
            response.status(status).header("ETag", "\"7\"");
            if (method.equals("HEAD")) {
                response.header("Content-Length", "5");
            }
            return response.send();
        });
        String answer = Wire.exchange(port, method, KEY);
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
    @ValueSource(
            strings = {
                "/api/v1/cache/namespaces/n/keys/a%2fb",
                "/api/v1/cache/namespaces/n/keys/a%2Fb",
                "/api/v1/cache/namespaces/n/keys/a%5cb",
                "/api/v1/cache/namespaces/n/keys/a\\b",
                "/api/v1/cache/namespaces/n/keys/a%00b",
                "/api/v1/cache/namespaces/n/keys/a%0d%0aX:y",
                "/api/v1/cache/namespaces/n/keys/..",
                "/api/v1/cache/namespaces/n/keys/%2e%2E",
                "/api/v1/cache/namespaces/../../webhooks",
                "/api/v1/cache/./stats",
                "/api/v1//cache/stats",
                "//api/v1/webhooks",
                "/api/v1/webhooks/",
                "/api/v1/webhooks;a=b",
                "/api/v1/webhooks;/../cache",
                "/api/v1/cache/namespaces/n/keys/%ff",
                "/api/v1/cache/namespaces/n/keys/%C0%AF",
                "/api/v1/cache/namespaces/n/keys/%zz",
                "/api/v1/cache/namespaces/n/keys/a#b",
                "/api/v1/cache/namespaces/n/keys/k?a#b",
                "/api/v1/cache/namespaces/n/keys/\u00e4",
                "/api/v1/cache/namespaces/n/keys/k?\u00e4",
                "http://127.0.0.1/api/v1/webhooks",
                "*"
            })
    void leadsNowhereWhatMeansTwoThings(String target) throws IOException {
        assertThat(Wire.get(port, target)).startsWith("HTTP/1.1 400");
        assertThat(CACHE.seen()).isEmpty();
        assertThat(WEBHOOKS.seen()).isEmpty();
        assertThat(METRICS.seen()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a|b", "a^b", "a{b}", "a\"b", "a<b>", "a`b", "a[b]", "a'b(c)!*,$&=@", "a%7Cb", "%41"})
    void passesOtherCharactersUnchangedOrNotAtAll(String key) throws IOException {
        String target = "/api/v1/cache/namespaces/n/keys/" + key;
        String answer = Wire.get(port, target);
        if (answer.startsWith("HTTP/1.1 200")) {
            assertThat(CACHE.only().uri()).isEqualTo(target);
        } else {
            assertThat(answer).startsWith("HTTP/1.1 400");
            assertThat(CACHE.seen()).isEmpty();
        }
    }

    @Test
    void refusesABodyOverTheRoutesLimitHoweverItComes() throws IOException {
        String head = "POST /api/v1/webhooks HTTP/1.1\r\nHost: gateway\r\n";
        try (Wire wire = Wire.to(port)) {
            wire.send(head + "Content-Length: 65537\r\n\r\n");
            assertThat(wire.readToEnd()).startsWith("HTTP/1.1 413").contains("too_large", "\"field\":\"body\"");
        }
        try (Wire wire = Wire.to(port)) {
            wire.send(head + "Transfer-Encoding: chunked\r\n\r\n");
            String chunk = "2000\r\n" + "x".repeat(0x2000) + "\r\n";
            wire.send(chunk.repeat(9));
            assertThat(wire.readToEnd()).startsWith("HTTP/1.1 413").contains("too_large");
        }
        assertThat(WEBHOOKS.seen()).isEmpty();
        try (Wire wire = Wire.to(port)) {
            wire.send(head + "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n");
            wire.send(("2000\r\n" + "x".repeat(0x2000) + "\r\n").repeat(8) + "0\r\n\r\n");
            assertThat(wire.readToEnd()).startsWith("HTTP/1.1 200");
        }
        assertThat(WEBHOOKS.only().body()).hasSize(65_536);
    }

    @Test
    void asksForABodyThatWaitsToBeAskedFor() throws IOException {
        try (Wire wire = Wire.to(port)) {
            wire.send("PUT " + KEY + " HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\nExpect: 100-continue\r\n"
                    + "Content-Length: 2\r\n\r\n");
            assertThat(wire.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 100");
            wire.send("hi");
            assertThat(wire.readToEnd()).startsWith("HTTP/1.1 200");
        }
        assertThat(CACHE.only().body()).isEqualTo("hi");
        assertThat(CACHE.only().headers().contains("Expect")).isFalse();
    }

    @Test
    void handsOnEachPieceOfAnAnswerAtOnce() throws IOException {
        Sinks.Many<String> pieces = Sinks.many().unicast().onBackpressureBuffer();
        CACHE.answers((request, response) -> response.sendGroups(
                pieces.asFlux().map(piece -> Mono.just(Unpooled.copiedBuffer(piece, StandardCharsets.US_ASCII)))));
        try (Wire wire = Wire.to(port)) {
            wire.send("GET " + KEY + " HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\n\r\n");
            for (String piece : new String[] {"first", "second"}) {
                assertThat(pieces.tryEmitNext(piece)).isEqualTo(Sinks.EmitResult.OK);
                assertThat(wire.readUntil(piece)).endsWith(piece);
            }
            assertThat(pieces.tryEmitComplete()).isEqualTo(Sinks.EmitResult.OK);
            assertThat(wire.readToEnd()).endsWith("0\r\n\r\n");
        }
    }

    @Test
    void takesNoMoreOfAnAnswerThanItsCallerDoes() throws IOException {
        int pieceBytes = 64 * 1024;
        AtomicInteger pieces = new AtomicInteger();
        CACHE.answers((request, response) -> response.send(Flux.<byte[]>generate(sink -> {
                    pieces.incrementAndGet();
                    sink.next(new byte[pieceBytes]);
                })
                .take(4_000)
                .map(Unpooled::wrappedBuffer)));
        try (Wire wire = Wire.to(port)) {
            wire.send("GET " + KEY + " HTTP/1.1\r\nHost: gateway\r\n\r\n");
            wire.readUntil("\r\n\r\n");
            AtomicInteger before = new AtomicInteger(-1);
            await().atMost(PATIENCE)
                    .pollInterval(1, TimeUnit.SECONDS)
                    .until(() -> before.getAndSet(pieces.get()) == pieces.get());
            // A quarter of the answer is far more than all the buffers between the two.
            assertThat(pieces.get()).isBetween(1, 1_000);
            assertThat(CACHE.gone()).isZero();
        }
        await("the service hears that its caller has gone").atMost(PATIENCE).until(() -> CACHE.gone() == 1);
    }

    @Test
    void takesTheRequestToTheServiceAlongWhenTheCallerGoes() throws IOException {
        CACHE.answers((request, response) -> Mono.never());
        try (Wire wire = Wire.to(port)) {
            wire.send("GET " + KEY + " HTTP/1.1\r\nHost: gateway\r\n\r\n");
            await().atMost(PATIENCE).until(() -> CACHE.seen().size() == 1);
        }
        await().atMost(PATIENCE).until(() -> CACHE.gone() == 1);
    }

    @Test
    void answersPipelinedRequestsInTheirOrder() throws IOException {
        CACHE.answers((request, response) -> response.sendString(Mono.just("for " + request.uri())));
        try (Wire wire = Wire.to(port)) {
            wire.send("GET " + KEY + "1 HTTP/1.1\r\nHost: a\r\n\r\nGET " + KEY + "2 HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(wire.readUntil("for " + KEY + "2")).contains("for " + KEY + "1");
        }
    }
}
