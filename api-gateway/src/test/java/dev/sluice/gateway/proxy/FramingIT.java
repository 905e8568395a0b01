package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.gateway.relay.ScriptedUpstream;
import dev.sluice.gateway.relay.Wire;
import dev.sluice.gateway.route.RouteFixture;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.test.context.TestPropertySource;

/**
 * Request smuggling: a request that two implementations could read as one or as two is refused, and whatever is sent, an
 * upstream never sees the second request that hides in the first.
 */
@ProxyTest
@TestPropertySource(
        properties = {
            "sluice.web.idle-timeout=1s",
            "sluice.web.read-timeout=1s",
            "sluice.web.request-timeout=1s",
        })
class FramingIT {

    private static final String POST = "POST /shop/a HTTP/1.1\r\nHost: a\r\n";
    private static final String HIDDEN = "GET /shop/hidden HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final Pattern REQUEST_LINE = Pattern.compile("[A-Z]+ [^ \r\n]* HTTP/[0-9.]+");

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    /** One for each test: what one test sent may reach its upstream when the next has begun. */
    private final ScriptedUpstream upstream = new ScriptedUpstream();

    @Value("${local.server.port}")
    private int port;

    @Autowired
    private RouteFixture routes;

    /** Takes every head for a request, and never reads a body as one. */
    @BeforeEach
    void reset() {
        routes.set();
        upstream.plays(peer -> {
            while (true) {
                peer.readHead();
                peer.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            }
        });
        routes.set(RouteDraft.of("shop", upstream.url()).route());
    }

    @AfterEach
    void stop() throws IOException {
        upstream.close();
    }

    /** The numbers are those of the catalogue of bad input, section A; empty where any 4xx or a cut will do. */
    static Stream<Arguments> ambiguities() {
        String chunked = "0\r\n\r\n" + HIDDEN;
        return Stream.of(
                Arguments.of(
                        "1 CL+TE", POST + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked, "400"),
                Arguments.of(
                        "1 TE+CL", POST + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n" + chunked, "400"),
                Arguments.of(
                        "2 CL+TE in HTTP/1.0",
                        "POST /shop/a HTTP/1.0\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
                                + chunked,
                        "400"),
                Arguments.of("3", POST + "Transfer-Encoding: chunked, xchunked\r\n\r\n" + chunked, "400"),
                Arguments.of("4 folded TE", POST + "Transfer-Encoding:\r\n chunked\r\n\r\n" + chunked, "400"),
                Arguments.of(
                        "5 two TE",
                        POST + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked,
                        "400"),
                Arguments.of(
                        "5 TE and another TE",
                        POST + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n" + chunked,
                        "400"),
                Arguments.of("6", POST + "Transfer-Encoding: xchunked, chunked\r\n\r\n" + chunked, "400"),
                Arguments.of("6 gzip", POST + "Transfer-Encoding: gzip, chunked\r\n\r\n" + chunked, "400"),
                Arguments.of("7", POST + "Transfer-Encoding: xchunked\r\n\r\n" + chunked, "400"),
                Arguments.of("8 space", POST + "Transfer-Encoding : chunked\r\n\r\n" + chunked, "400"),
                Arguments.of("8 tab", POST + "Transfer-Encoding:\u000bchunked\r\n\r\n" + chunked, "400"),
                Arguments.of("9 two CL", POST + "Content-Length: 0\r\nContent-Length: 44\r\n\r\n" + HIDDEN, "400"),
                Arguments.of("9 same CL", POST + "Content-Length: 0\r\nContent-Length: 0\r\n\r\n" + HIDDEN, ""),
                Arguments.of("9 list", POST + "Content-Length: 0, 0\r\n\r\n" + HIDDEN, "400"),
                Arguments.of("9 plus", POST + "Content-Length: +0\r\n\r\n" + HIDDEN, "400"),
                Arguments.of("9 minus", POST + "Content-Length: -1\r\n\r\n" + HIDDEN, "400"),
                Arguments.of("9 hex", POST + "Content-Length: 0x0\r\n\r\n" + HIDDEN, "400"),
                Arguments.of("10", POST + "Content-Length: 2147483648\r\n\r\n" + HIDDEN, "413"),
                Arguments.of(
                        "11 0x5", POST + "Transfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n" + HIDDEN, ""),
                Arguments.of("11 negative", POST + "Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n" + HIDDEN, ""),
                Arguments.of(
                        "11 17 digits",
                        POST + "Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\n\r\n" + HIDDEN,
                        ""),
                Arguments.of("11 bare LF", POST + "Transfer-Encoding: chunked\r\n\r\n1;a\nx\r\n0\r\n\r\n" + HIDDEN, ""),
                Arguments.of("12 bare LF", "GET /shop/a HTTP/1.1\nHost: a\n\n" + HIDDEN, "400"),
                Arguments.of("12 bare CR", "GET /shop/a HTTP/1.1\r\nHost: a\r\nX: a\rY: b\r\n\r\n" + HIDDEN, "400"),
                Arguments.of("12 NUL", "GET /shop/a HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n" + HIDDEN, "400"),
                Arguments.of(
                        "12 LF in value",
                        "GET /shop/a HTTP/1.1\r\nHost: a\r\nX: a\nContent-Length: 44\r\n\r\n" + HIDDEN,
                        "400"),
                Arguments.of("13", "GET /shop/a HTTP/1.1\r\nHost: a\r\nX: a\r\n b: c\r\n\r\n" + HIDDEN, "400"),
                Arguments.of("14", "GET /shop/a HTTP/1.1\r\n\r\n" + HIDDEN, "400"),
                Arguments.of("15", "GET /shop/a HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n" + HIDDEN, "400"),
                Arguments.of("16", "GET /shop/a HTTP/9.9\r\nHost: a\r\n\r\n" + HIDDEN, "505"),
                Arguments.of("17", "GET http://b/shop/a HTTP/1.1\r\nHost: a\r\n\r\n" + HIDDEN, "400"),
                Arguments.of("18", "CONNECT /shop/a HTTP/1.1\r\nHost: a\r\n\r\n" + HIDDEN, "405"),
                Arguments.of("20", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + HIDDEN, ""),
                Arguments.of("23", "GET /shop/a b HTTP/1.1\r\nHost: a\r\n\r\n" + HIDDEN, "400"),
                Arguments.of("Host", "GET /shop/a HTTP/1.1\r\nHost: a\"b\r\n\r\n" + HIDDEN, "400"),
                Arguments.of("Host with a path", "GET /shop/a HTTP/1.1\r\nHost: a/b\r\n\r\n" + HIDDEN, "400"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ambiguities")
    void letsNoAmbiguousRequestThrough(String name, String bytes, String status) throws IOException {
        String answer;
        try (Wire wire = Wire.to(port)) {
            answer = wire.send(bytes).readToEnd();
        }
        String seen = seen();
        long requests = REQUEST_LINE.matcher(seen).results().count();
        long answers =
                Pattern.compile("HTTP/1\\.1 200").matcher(answer).results().count();
        // A request behind a refused one may count as one of its own, when its beginning was never in doubt.
        assertThat(requests).as(seen).isLessThanOrEqualTo(1);
        assertThat(answers).as(answer).isEqualTo(answered(seen));
        if (!status.isEmpty()) {
            assertThat(answer).containsPattern("^HTTP/[0-9.]+ " + status);
            assertThat(seen).doesNotContain("/shop/a");
        }
    }

    private static long answered(String seen) {
        return seen.contains("\r\n\r\n") && !seen.contains("transfer-encoding") ? 1 : 0;
    }

    @Test
    void passesOneRequestAsOneWhateverItsBodySays() throws IOException {
        upstream.plays(peer -> {
            peer.readUntil(HIDDEN);
            peer.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        });
        try (Wire wire = Wire.to(port)) {
            wire.send(POST + "Connection: close\r\nContent-Length: " + HIDDEN.length() + "\r\n\r\n" + HIDDEN);
            assertThat(wire.readToEnd()).startsWith("HTTP/1.1 200");
        }
        String seen = seen();
        assertThat(seen).startsWith("POST /shop/a").endsWith(HIDDEN).contains("Content-Length: " + HIDDEN.length());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0x5\r\nhello", "-1\r\nx", "10000000000000000\r\nx", "zz\r\nx", "1;a\nx", "2\r\nabc"})
    void neverMakesABrokenBodyLookWhole(String chunk) throws IOException {
        upstream.plays(ScriptedUpstream.Peer::readToEnd);
        try (Wire wire = Wire.to(port)) {
            wire.send(POST + "Transfer-Encoding: chunked\r\n\r\n" + chunk + "\r\n0\r\n\r\n" + HIDDEN);
            assertThat(wire.readToEnd()).startsWith("HTTP/1.1 4").doesNotContain("HTTP/1.1 200");
        }
        await().atMost(PATIENCE).until(() -> upstream.peers().stream().allMatch(ScriptedUpstream.Peer::hasEnded));
        assertThat(seen()).doesNotContain("\r\n0\r\n\r\n");
    }

    @Test
    void writesChunksAnewSoThatTheirExtensionsEndHere() throws IOException {
        upstream.plays(peer -> {
            peer.readUntil("\r\n0\r\n\r\n");
            peer.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        });
        try (Wire wire = Wire.to(port)) {
            wire.send(
                    POST + "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n2;a=b\r\nhi\r\n0\r\nX-T: 1\r\n\r\n");
            assertThat(wire.readToEnd()).startsWith("HTTP/1.1 200");
        }
        assertThat(seen()).doesNotContain("a=b", "X-T");
    }

    private String seen() {
        List<String> all =
                upstream.peers().stream().map(ScriptedUpstream.Peer::received).toList();
        return String.join("", all);
    }
}
