package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.gateway.relay.ScriptedUpstream;
import dev.sluice.gateway.relay.ScriptedUpstream.Peer;
import dev.sluice.gateway.relay.Wire;
import dev.sluice.gateway.route.HealthCheck;
import dev.sluice.gateway.route.RouteFixture;
import dev.sluice.gateway.route.Target;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.test.context.TestPropertySource;

/** Whatever an upstream does wrong, its caller gets an answer that is true, or a broken connection. */
@ProxyTest
@TestPropertySource(
        properties = {
            "sluice.gateway.proxy.max-waiting=1",
            "sluice.gateway.proxy.max-waiting-time=200ms",
            "sluice.gateway.proxy.max-answer-headers=8KB",
        })
class FailuresIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    /** Nothing listens on the port that is never given out. */
    private static final String NOBODY = "http://127.0.0.1:1";

    private static final ScriptedUpstream FIRST = new ScriptedUpstream();
    private static final ScriptedUpstream SECOND = new ScriptedUpstream();

    @Value("${local.server.port}")
    private int port;

    @Autowired
    private RouteFixture routes;

    /** Connections of the test before play its script. */
    @BeforeEach
    void reset() {
        routes.set();
    }

    @AfterAll
    static void stop() throws IOException {
        FIRST.close();
        SECOND.close();
    }

    private static void answerAll(Peer peer) throws IOException {
        while (true) {
            peer.readHead();
            peer.write(OK);
        }
    }

    @Test
    void saysThatAnUpstreamCannotBeReached() throws IOException {
        routes.set(RouteDraft.of("shop", NOBODY).route());
        assertProblem(Wire.get(port, "/shop/a"), 502, "bad_gateway", "refused");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HELLO\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: abc\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n2\r\nok\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX-A: b\rSet-Cookie: stolen=1\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX-A: b\0Set-Cookie: stolen=1\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: stolen\r\nConnection: upgrade\r\n\r\n"
            })
    void passesNoAnswerThatIsNone(String bytes) throws IOException {
        FIRST.plays(peer -> {
            peer.readHead();
            peer.write(bytes);
            peer.readToEnd();
        });
        routes.set(RouteDraft.of("shop", FIRST.url()).route());
        String answer = Wire.exchange(port, "POST", "/shop/a");
        assertProblem(answer, 502, "bad_gateway", "invalid_answer");
        assertThat(answer).doesNotContain("stolen");
    }

    @ParameterizedTest
    @ValueSource(strings = {"zz\r\nok\r\n0\r\n\r\n", "-1\r\nok\r\n0\r\n\r\n", "2\r\nokay\r\n0\r\n\r\n"})
    void breaksOffAnAnswerWhoseChunksAreBroken(String chunks) throws IOException {
        FIRST.plays(peer -> {
            peer.readHead();
            peer.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks);
            peer.readToEnd();
        });
        routes.set(RouteDraft.of("shop", FIRST.url()).route());
        String answer = Wire.get(port, "/shop/a");
        boolean problem = answer.startsWith("HTTP/1.1 502");
        boolean broken = answer.startsWith("HTTP/1.1 200") && !answer.endsWith("0\r\n\r\n");
        assertThat(problem || broken).as(answer).isTrue();
    }

    @Test
    void passesNoMoreHeadersThanItMay() throws IOException {
        FIRST.plays(peer -> {
            peer.readHead();
            peer.write("HTTP/1.1 200 OK\r\nX-Long: " + "x".repeat(9_000) + "\r\nContent-Length: 0\r\n\r\n");
            peer.readToEnd();
        });
        routes.set(RouteDraft.of("shop", FIRST.url()).route());
        assertProblem(Wire.get(port, "/shop/a"), 502, "bad_gateway", "answer_headers_too_large");
    }

    @Test
    void keepsTheHeadersOfABrokenAnswerOutOfTheProblem() throws IOException {
        FIRST.plays(peer -> {
            peer.readHead();
            peer.write("HTTP/1.1 200 OK\r\nX-Theirs: 1\r\nETag: \"7\"\r\nContent-Length: 5\r\n\r\n");
        });
        routes.set(RouteDraft.of("shop", FIRST.url()).route());
        String answer = Wire.exchange(port, "POST", "/shop/a");
        assertProblem(answer, 502, "bad_gateway", "closed");
        assertThat(answer)
                .doesNotContain("X-Theirs", "\"7\"", "ETag", "Server-Timing")
                .contains("X-Frame-Options");
    }

    @Test
    void saysWhichTimeoutPassed() throws IOException {
        FIRST.plays(Peer::readToEnd);
        routes.set(
                RouteDraft.of("first", FIRST.url())
                        .timeouts(500, 200, 60_000, 0)
                        .route(),
                RouteDraft.of("total", FIRST.url())
                        .timeouts(500, 60_000, 60_000, 200)
                        .route());
        assertProblem(Wire.get(port, "/first/a"), 504, "gateway_timeout", "first_byte_timeout");
        assertProblem(Wire.get(port, "/total/a"), 504, "gateway_timeout", "total_timeout");
        await("the upstream hears of it")
                .atMost(PATIENCE)
                .until(() -> FIRST.peers().stream().allMatch(Peer::hasEnded));
    }

    @ParameterizedTest
    @ValueSource(strings = {"idle", "total"})
    void cutsABodyThatStopsSoThatItDoesNotLookWhole(String which) throws IOException {
        FIRST.plays(peer -> {
            peer.readHead();
            peer.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n");
            peer.readToEnd();
        });
        routes.set(
                RouteDraft.of("idle", FIRST.url()).timeouts(500, 60_000, 300, 0).route(),
                RouteDraft.of("total", FIRST.url())
                        .timeouts(500, 60_000, 60_000, 700)
                        .route());
        try (Wire wire = Wire.to(port)) {
            wire.send("GET /" + which + "/a HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(wire.readToEnd())
                    .startsWith("HTTP/1.1 200")
                    .contains("half")
                    .doesNotEndWith("0\r\n\r\n");
        }
        await().atMost(PATIENCE).until(() -> FIRST.peers().getFirst().hasEnded());
    }

    @Test
    void leavesABodyAloneThatKeepsMoving() throws IOException {
        FIRST.plays(peer -> {
            peer.readHead();
            peer.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (int i = 0; i < 10; i++) {
                new CountDownLatch(1).await(100, TimeUnit.MILLISECONDS);
                peer.write("1\r\nx\r\n");
            }
            peer.write("0\r\n\r\n");
        });
        routes.set(RouteDraft.of("shop", FIRST.url()).timeouts(500, 600, 600, 0).route());
        assertThat(Wire.get(port, "/shop/a")).endsWith("0\r\n\r\n");
    }

    @Test
    void saysThatAnUpstreamIsBusyInsteadOfQueueingWithoutEnd() throws IOException {
        FIRST.plays(Peer::readToEnd);
        routes.set(RouteDraft.of("shop", FIRST.url()).maxConnections(2).route());
        List<Wire> busy = new ArrayList<>();
        try {
            for (int i = 0; i < 2; i++) {
                busy.add(Wire.to(port).send("GET /shop/a HTTP/1.1\r\nHost: a\r\n\r\n"));
            }
            await().atMost(PATIENCE).until(() -> FIRST.peers().size() == 2);
            String answer = Wire.get(port, "/shop/a");
            assertProblem(answer, 503, "upstream_busy", "busy");
            assertThat(answer).contains("Retry-After: 1");
        } finally {
            for (Wire wire : busy) {
                wire.close();
            }
        }
        await().atMost(PATIENCE).until(() -> FIRST.peers().stream().allMatch(Peer::hasEnded));
        FIRST.plays(FailuresIT::answerAll);
        assertThat(Wire.get(port, "/shop/a")).startsWith("HTTP/1.1 200");
    }

    @Test
    void sendsARequestToAnotherTargetWhenOneCannotBeReached() throws IOException {
        FIRST.plays(FailuresIT::answerAll);
        routes.set(RouteDraft.of("shop", NOBODY, FIRST.url()).retry(2).route());
        for (int i = 0; i < 10; i++) {
            try (Wire wire = Wire.to(port)) {
                wire.send("POST /shop/a HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi");
                assertThat(wire.readToEnd()).startsWith("HTTP/1.1 200");
            }
        }
    }

    @Test
    void repeatsOnlyWhatIsSafeToRepeat() throws IOException {
        AtomicInteger requests = new AtomicInteger();
        FIRST.plays(peer -> {
            peer.readHead();
            requests.incrementAndGet();
        });
        routes.set(RouteDraft.of("shop", FIRST.url()).retry(3).route());
        assertProblem(Wire.get(port, "/shop/a"), 502, "bad_gateway", "closed");
        assertThat(requests).hasValue(3);
        assertProblem(Wire.exchange(port, "POST", "/shop/a"), 502, "bad_gateway", "closed");
        assertThat(requests).hasValue(4);
        try (Wire wire = Wire.to(port)) {
            wire.send("PUT /shop/a HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi");
            assertThat(wire.readToEnd()).startsWith("HTTP/1.1 502");
        }
        assertThat(requests).hasValue(5);
    }

    @Test
    void repeatsAFailingStatusAtAnotherTargetAndPassesTheLast() throws IOException {
        String busy = "HTTP/1.1 503 Busy\r\nContent-Length: 4\r\nX-Who: first\r\n\r\nbusy";
        FIRST.plays(peer -> {
            while (true) {
                peer.readHead();
                peer.write(busy);
            }
        });
        SECOND.plays(FailuresIT::answerAll);
        routes.set(
                RouteDraft.of("shop", FIRST.url(), SECOND.url()).retry(2, 503).route());
        for (int i = 0; i < 6; i++) {
            assertThat(Wire.get(port, "/shop/a")).startsWith("HTTP/1.1 200").doesNotContain("X-Who");
        }
        SECOND.plays(peer -> {
            peer.readHead();
            peer.write(busy);
        });
        assertThat(Wire.exchange(port, "POST", "/shop/a")).doesNotContain("problem+json");
        routes.set(RouteDraft.of("shop", FIRST.url()).retry(2, 503).route());
        assertThat(Wire.get(port, "/shop/a")).startsWith("HTTP/1.1 503").endsWith("busy");
    }

    @Test
    void leavesATargetAloneThatKeepsRefusing() throws IOException {
        routes.set(RouteDraft.of("shop", NOBODY)
                .breaker(0.5, 1_000, Duration.ofMinutes(1))
                .route());
        for (int i = 0; i < TargetBreaker.CONNECT_FAILURES; i++) {
            assertProblem(Wire.get(port, "/shop/a"), 502, "bad_gateway", "refused");
        }
        String answer = Wire.get(port, "/shop/a");
        assertProblem(answer, 503, "no_healthy_target", "no_target");
        assertThat(answer).contains("target 0 failed too often").containsPattern("Retry-After: (5[0-9]|60)");
    }

    @Test
    void takesATargetOutThatFailsItsHealthChecksAndBackIn() throws IOException {
        AtomicBoolean well = new AtomicBoolean();
        FIRST.plays(peer -> {
            while (true) {
                String head = peer.readHead();
                boolean bad = head.startsWith("GET /health") && !well.get();
                peer.write(bad ? "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n" : OK);
            }
        });
        HealthCheck check = new HealthCheck(Optional.of("/health"), Duration.ofMillis(50), Duration.ofSeconds(2), 2, 2);
        routes.set(RouteDraft.of("shop", FIRST.url()).health(check).route());
        await().atMost(PATIENCE).until(() -> Wire.get(port, "/shop/a").startsWith("HTTP/1.1 503"));
        String answer = Wire.get(port, "/shop/a");
        assertProblem(answer, 503, "no_healthy_target", "no_target");
        assertThat(answer).contains("target 0 fails its health checks");
        well.set(true);
        await().atMost(PATIENCE).until(() -> Wire.get(port, "/shop/a").startsWith("HTTP/1.1 200"));
        routes.set();
    }

    @Test
    void givesNothingToATargetWithoutWeight() throws IOException {
        FIRST.plays(FailuresIT::answerAll);
        SECOND.plays(FailuresIT::answerAll);
        routes.set(RouteDraft.of("shop")
                .targets(new Target(URI.create(FIRST.url()), 0), new Target(URI.create(SECOND.url()), 1))
                .route());
        for (int i = 0; i < 5; i++) {
            assertThat(Wire.get(port, "/shop/a")).startsWith("HTTP/1.1 200");
        }
        assertThat(FIRST.peers()).isEmpty();
    }

    private static void assertProblem(String answer, int status, String code, String reason) {
        assertThat(answer)
                .startsWith("HTTP/1.1 " + status)
                .contains("application/problem+json", "\"code\":\"" + code + "\"", "\"requestId\"")
                .contains("\"reason\":\"" + reason + "\"", "\"route\":\"")
                .doesNotContain("127.0.0.1", "Exception", "reactor");
    }
}
