package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.gateway.relay.ScriptedUpstream;
import dev.sluice.gateway.relay.Wire;
import dev.sluice.gateway.route.RouteFixture;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;

/** Bodies stream both ways at the pace of the slower side, and both sides learn what becomes of the other. */
@ProxyTest
class StreamingIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String GET = "GET /shop/a HTTP/1.1\r\nHost: a\r\n";
    private static final String PUT = "PUT /shop/a HTTP/1.1\r\nHost: a\r\n";

    private static final ScriptedUpstream UPSTREAM = new ScriptedUpstream();

    @Value("${local.server.port}")
    private int port;

    @Autowired
    private RouteFixture routes;

    @BeforeEach
    void reset() {
        // Connections of the test before play its script.
        routes.set();
        routes.set(RouteDraft.of("shop", UPSTREAM.url())
                .maxBodyBytes(1L << 30)
                .retry(2)
                .route());
    }

    @AfterAll
    static void stop() throws IOException {
        UPSTREAM.close();
    }

    @Test
    void takesNoMoreOfAnAnswerThanItsCallerDoes() throws IOException {
        byte[] piece = new byte[16 * 1024];
        UPSTREAM.plays(peer -> {
            peer.readHead();
            peer.write("HTTP/1.1 200 OK\r\nContent-Length: 268435456\r\n\r\n");
            for (int i = 0; i < 16_384; i++) {
                peer.write(piece);
            }
        });
        try (Wire wire = Wire.to(port)) {
            wire.send(GET + "\r\n");
            wire.readUntil("\r\n\r\n");
            AtomicLong before = new AtomicLong(-1);
            await().atMost(PATIENCE)
                    .pollInterval(1, TimeUnit.SECONDS)
                    .until(() -> before.getAndSet(written()) == written());
            // What fits into the buffers of two sockets and a few hundred pieces of 8 KiB between them.
            assertThat(written()).isBetween(1L, 32L << 20);
            assertThat(UPSTREAM.peers().getFirst().hasEnded()).isFalse();
        }
        await("the upstream hears that the caller has gone")
                .atMost(PATIENCE)
                .until(() -> UPSTREAM.peers().getFirst().hasEnded());
    }

    private static long written() {
        return UPSTREAM.peers().getFirst().written();
    }

    @Test
    void takesTheRequestToTheUpstreamAlongWhenTheCallerGoes() throws IOException {
        UPSTREAM.plays(peer -> peer.readToEnd());
        try (Wire wire = Wire.to(port)) {
            wire.send(GET + "\r\n");
            await().atMost(PATIENCE)
                    .until(() -> !UPSTREAM.peers().isEmpty()
                            && UPSTREAM.peers().getFirst().received().endsWith("\r\n\r\n"));
        }
        await().atMost(PATIENCE).until(() -> UPSTREAM.peers().getFirst().hasEnded());
    }

    @Test
    void handsOnEachPieceOfABodyAtOnceBothWays() throws IOException {
        UPSTREAM.plays(peer -> {
            peer.readHead();
            peer.readUntil("one");
            peer.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nuno\r\n");
            peer.readUntil("two");
            peer.write("3\r\ndos\r\n");
            peer.readUntil("0\r\n\r\n");
            peer.write("0\r\n\r\n");
            peer.readToEnd();
        });
        try (Wire wire = Wire.to(port)) {
            wire.send(PUT + "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n");
            assertThat(wire.readUntil("uno")).startsWith("HTTP/1.1 200");
            wire.send("3\r\ntwo\r\n");
            wire.readUntil("dos");
            wire.send("0\r\n\r\n");
            assertThat(wire.readToEnd()).endsWith("0\r\n\r\n");
        }
    }

    @Test
    void passesTrailersToWhoTakesThem() throws IOException {
        UPSTREAM.plays(peer -> {
            while (true) {
                peer.readHead();
                peer.write("HTTP/1.1 200 OK\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n");
                peer.write("0\r\nX-Sum: 7\r\nContent-Length: 5\r\nX-Sluice-Node: secret\r\n\r\n");
            }
        });
        try (Wire wire = Wire.to(port)) {
            wire.send(GET + "Connection: close, TE\r\nTE: trailers\r\n\r\n");
            assertThat(wire.readToEnd())
                    .containsIgnoringCase("Trailer: X-Sum\r\n")
                    .endsWith("\r\n0\r\nX-Sum: 7\r\n\r\n");
        }
        assertThat(UPSTREAM.peers().getFirst().received())
                .containsIgnoringCase("TE: trailers\r\n")
                .containsIgnoringCase("Connection: te\r\n");
        assertThat(Wire.get(port, "/shop/a")).endsWith("0\r\n\r\n").doesNotContain("X-Sum");
    }

    @ParameterizedTest
    @ValueSource(strings = {"417 Expectation Failed", "401 Unauthorized", "413 Too Large"})
    void passesARefusalWithoutAskingForTheBody(String status) throws IOException {
        UPSTREAM.plays(peer -> {
            peer.readHead();
            peer.write("HTTP/1.1 " + status + "\r\nContent-Length: 2\r\n\r\nno");
            peer.readToEnd();
        });
        try (Wire wire = Wire.to(port)) {
            wire.send(PUT + "Expect: 100-continue\r\nContent-Length: 5\r\n\r\n");
            String answer = wire.readToEnd();
            assertThat(answer)
                    .startsWith("HTTP/1.1 " + status.substring(0, 3))
                    .endsWith("no")
                    .doesNotContain("100 Continue");
        }
        assertThat(UPSTREAM.peers().getFirst().received())
                .containsIgnoringCase("expect: 100-continue")
                .endsWith("\r\n\r\n");
    }

    /** The second upstream knows no expectations and just waits for the body. */
    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 100 Continue\r\n\r\n", ""})
    void asksForABodyThatWaitsToBeAskedFor(String question) throws IOException {
        UPSTREAM.plays(peer -> {
            peer.readHead();
            peer.write(question);
            peer.readUntil("hello");
            peer.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            peer.readToEnd();
        });
        try (Wire wire = Wire.to(port)) {
            wire.send(PUT + "Connection: close\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
            assertThat(wire.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 100");
            wire.send("hello");
            assertThat(wire.readToEnd()).startsWith("HTTP/1.1 200").endsWith("ok");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"100 Continue", "102 Processing", "103 Early Hints"})
    void keepsInterimAnswersFromBeingTakenForTheLast(String interim) throws IOException {
        UPSTREAM.plays(peer -> {
            while (true) {
                String head = peer.readHead();
                String path = head.substring(4, head.indexOf(" HTTP"));
                peer.write("HTTP/1.1 " + interim + "\r\nLink: </a>\r\n\r\n");
                peer.write("HTTP/1.1 200 OK\r\nContent-Length: " + path.length() + "\r\n\r\n" + path);
            }
        });
        // On one event loop, so that each request has the upstream's connection of the one before.
        try (Wire wire = Wire.to(port)) {
            for (String path : new String[] {"/shop/1", "/shop/2", "/shop/3"}) {
                wire.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
                assertThat(wire.readUntil("\r\n\r\n" + path)).contains("HTTP/1.1 200 OK");
            }
        }
        assertThat(UPSTREAM.peers()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/shop/a", "/shop/%61"})
    void handsInterimAnswersOnBeforeTheLast(String path) throws IOException {
        routes.set(RouteDraft.of("shop", UPSTREAM.url()).maxConnections(1).route());
        CountDownLatch hinted = new CountDownLatch(1);
        UPSTREAM.plays(peer -> {
            peer.readHead();
            peer.write("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\nConnection: x-a\r\nX-A: 1\r\n\r\n");
            hinted.await();
            peer.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            peer.readHead();
            peer.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n");
            peer.readHead();
            peer.write("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nend");
        });
        try (Wire wire = Wire.to(port)) {
            // The second request stands there already: its answer must be taken for one to HEAD.
            wire.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\nHEAD /shop/b HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(wire.readUntil("\r\n\r\n"))
                    .isEqualTo(
                            "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\nVia: " + UpstreamHeaders.VIA + "\r\n\r\n");
            hinted.countDown();
            assertThat(wire.readUntil("\r\n\r\nok")).startsWith("HTTP/1.1 200");
            assertThat(wire.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 200");
            wire.send(GET + "Connection: close\r\n\r\n");
            assertThat(wire.readToEnd()).startsWith("HTTP/1.1 200").endsWith("\r\n\r\nend");
        }
    }

    @Test
    void handsOnAnInterimAnswerThatCameInOnePieceWithTheLast() throws IOException {
        UPSTREAM.plays(peer -> {
            peer.readHead();
            peer.write("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"
                    + "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        });
        assertThat(Wire.get(port, "/shop/a"))
                .startsWith("HTTP/1.1 103 Early Hints\r\nLink: </a.css>")
                .contains("HTTP/1.1 200")
                .endsWith("\r\n\r\nok");
    }

    @Test
    void keepsInterimAnswersFromCallersThatKnowNone() throws IOException {
        UPSTREAM.plays(peer -> {
            peer.readHead();
            peer.write("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n");
            peer.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        });
        try (Wire wire = Wire.to(port)) {
            wire.send("GET /shop/a HTTP/1.0\r\nHost: a\r\n\r\n");
            assertThat(wire.readToEnd())
                    .doesNotContain(" 103 ")
                    .contains(" 200 OK")
                    .endsWith("ok");
        }
    }

    @Test
    void endsAFloodOfInterimAnswers() throws IOException {
        UPSTREAM.plays(peer -> {
            peer.readHead();
            for (int i = 0; i < 1_000_000; i++) {
                peer.write("HTTP/1.1 102 Processing\r\n\r\n");
            }
        });
        assertThat(Wire.get(port, "/shop/a")).contains("HTTP/1.1 502").contains("\"reason\":\"invalid_answer\"");
        await().atMost(PATIENCE).until(() -> UPSTREAM.peers().getFirst().hasEnded());
    }

    @Test
    void answersWhoSendsFarTooMuchBeforeReading() throws IOException {
        routes.set(RouteDraft.of("shop", UPSTREAM.url()).maxBodyBytes(10).route());
        String piece = "x".repeat(1 << 20);
        try (Wire wire = Wire.to(port)) {
            wire.send(PUT + "Content-Length: " + (32 << 20) + "\r\n\r\n");
            for (int sent = 0; sent < 32; sent++) {
                wire.send(piece);
            }
            assertThat(wire.readToEnd()).startsWith("HTTP/1.1 413");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n186a0\r\n"
            })
    void neverMakesHalfAnAnswerLookWhole(String head) throws IOException {
        CountDownLatch read = new CountDownLatch(1);
        UPSTREAM.plays(peer -> {
            peer.readHead();
            peer.write(head + "x".repeat(50_000));
            read.await();
            peer.reset();
        });
        try (Wire wire = Wire.to(port)) {
            wire.send(GET + "Connection: close\r\n\r\n");
            wire.readUntil("xxxx");
            read.countDown();
            String rest = wire.readToEnd();
            assertThat(rest.length()).isLessThan(60_000);
            assertThat(rest).doesNotEndWith("0\r\n\r\n");
        }
    }
}
