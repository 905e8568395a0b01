package dev.sluice.cache.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.platform.web.IdentityToken;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

/** Puts and purges that WebFlux leads to the controllers, because their paths have escapes, and those on the short way have the same answers. */
class ChangeShortWayTest extends CacheHttpScenario {

    private static final String NAMESPACES = "/api/v1/cache/namespaces/";
    private static final String PLAIN = NAMESPACES + "feed/keys/a:b";
    private static final String ESCAPED = NAMESPACES + "feed/keys/%61:b";
    private static final String PURGE = "/api/v1/cache/purge";
    private static final String ESCAPED_PURGE = "/api/v1/cache/purg%65";
    private static final String JSON = "Content-Type: application/json\r\n";

    @Autowired
    private MeterRegistry meters;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "If-None-Match: *",
                "If-None-Match: \"1\"",
                "If-Match: *",
                "If-Match: \"1\"",
                "If-Match: 1",
                "Accept: nonsense",
                "Accept: image/png",
                "Cache-Control: max-age=60, stale-while-revalidate=30",
                "Cache-Control: max-age=0",
                "Cache-Control: no-store",
                "Cache-Control: max-age=nonsense",
                "Cache-Groups: \"x\", \"y\"",
                "Cache-Groups: x y",
                "Cache-Absent: ?1",
                "Cache-Lease: 1",
                "Content-Type: text/plain; charset=\"utf-8\"",
                "Content-Type: nonsense",
                "Content-Encoding: gzip",
                "Origin: https://example.org",
                "X-Request-Id: mine",
                "Expect: nothing"
            })
    void bothWaysPutTheSame(String header) throws IOException {
        String more = header.isEmpty() ? "" : header + "\r\n";
        for (String value : List.of("hello \u00e9", "")) {
            String first = comparable(call("PUT", PLAIN, more, value));
            assertThat(first).isEqualTo(comparable(call("PUT", NAMESPACES + "other/keys/%61:b", more, value)));
            assertThat(comparable(call("PUT", PLAIN, more, value)))
                    .isEqualTo(comparable(call("PUT", ESCAPED, more, value)))
                    .contains("HTTP/1.1");
            assertThat(stored("feed")).isEqualTo(stored("other"));
        }
    }

    @Test
    void bothWaysPutWhatComesInPieces() throws IOException {
        String pieces = "Transfer-Encoding: chunked\r\n";
        String body = "5\r\nhello\r\n4\r\n you\r\n0\r\n\r\n";
        assertThat(comparable(send("PUT", PLAIN, authorized() + pieces, body))).contains("201");
        assertThat(comparable(send("PUT", NAMESPACES + "other/keys/%61:b", authorized() + pieces, body)))
                .contains("201");
        assertThat(stored("feed")).isEqualTo(stored("other")).endsWith("hello you");
    }

    @Test
    void bothWaysRefuseWhatIsTooLarge() throws IOException {
        String announced = "Content-Length: 1048577\r\n";
        assertThat(comparable(send("PUT", PLAIN, authorized() + announced, "")))
                .isEqualTo(comparable(send("PUT", ESCAPED, authorized() + announced, "")))
                .contains("413");
    }

    @Test
    void bothWaysSayThatTheSharedLevelIsAway() throws IOException {
        redis.leave();
        for (String path : List.of(PLAIN, ESCAPED)) {
            assertThat(call("PUT", path, "", "hello")).contains("HTTP/1.1 503", "\"code\":\"unavailable\"");
        }
        for (String path : List.of(PURGE, ESCAPED_PURGE)) {
            assertThat(call("POST", path, JSON, "{\"namespace\":\"feed\"}"))
                    .contains("HTTP/1.1 503", "\"code\":\"unavailable\"");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Accept: */*",
                "Accept: application/json",
                "Accept: text/plain",
                "Accept: nonsense",
                "Content-Type: application/json;charset=UTF-8",
                "Content-Type: text/plain",
                "Content-Type: nonsense",
                "Origin: https://example.org",
                "X-Request-Id: mine",
                "Expect: nothing"
            })
    void bothWaysPurgeTheSame(String header) throws IOException {
        String more = (header.startsWith("Content-Type") ? "" : JSON) + (header.isEmpty() ? "" : header + "\r\n");
        assertThat(comparable(call("POST", PURGE, more, "{\"namespace\":\"feed\"}")))
                .isEqualTo(comparable(call("POST", ESCAPED_PURGE, more, "{\"namespace\":\"feed\"}")))
                .contains("HTTP/1.1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "{",
                "{}",
                "{\"namespace\":\"Feed\"}",
                "{\"namespace\":\"feed\",\"tags\":[]}",
                "{\"namespace\":\"feed\",\"tags\":[\"\\u0001\"]}",
                "{\"namespace\":\"feed\",\"keys\":[\"a\",\"b\"]}",
                "{\"namespace\":\"feed\",\"keys\":[\"a\"],\"tags\":[\"x\"]}",
                "{\"namespace\":\"feed\",\"keys\":[\"a\"],\"soft\":true}",
                "{\"namespace\":\"feed\",\"namespace\":\"other\"}",
                "{\"namespace\":\"feed\",\"more\":1}"
            })
    void bothWaysThinkTheSameOfABody(String body) throws IOException {
        assertThat(comparable(call("POST", PURGE, JSON, body)))
                .isEqualTo(comparable(call("POST", ESCAPED_PURGE, JSON, body)))
                .contains("HTTP/1.1");
    }

    @Test
    void bothWaysAskWhoIsAsking() throws IOException {
        for (String identity : List.of("", "nonsense", token(tenant, "cache:read"))) {
            String headers = JSON + "Content-Length: 20\r\n"
                    + (identity.isEmpty() ? "" : IdentityToken.HEADER + ": " + identity + "\r\n");
            String body = "{\"namespace\":\"feed\"}";
            assertThat(comparable(send("POST", PURGE, headers, body)))
                    .isEqualTo(comparable(send("POST", ESCAPED_PURGE, headers, body)));
            assertThat(comparable(send("PUT", PLAIN, headers, body)))
                    .isEqualTo(comparable(send("PUT", ESCAPED, headers, body)));
        }
    }

    @Test
    void bothWaysCountInTheSameMeters() throws IOException {
        for (String path : List.of(ESCAPED_PURGE, PURGE)) {
            long before = count(PURGE, "POST");
            call("POST", path, JSON, "{\"namespace\":\"feed\"}");
            await().atMost(PATIENCE).until(() -> count(PURGE, "POST") == before + 1);
        }
        for (String path : List.of(ESCAPED, PLAIN)) {
            long before = count(CacheController.ENTRY, "PUT");
            call("PUT", path, "", "hello");
            await().atMost(PATIENCE).until(() -> count(CacheController.ENTRY, "PUT") == before + 1);
        }
    }

    private long count(String uri, String method) {
        return meters.find("http.server.requests").tag("uri", uri).tag("method", method).timers().stream()
                .mapToLong(Timer::count)
                .sum();
    }

    private String stored(String namespace) throws IOException {
        return comparable(call("GET", NAMESPACES + namespace + "/keys/a:b", "", ""));
    }

    private String authorized() {
        return IdentityToken.HEADER + ": " + token(tenant, "cache:read", "cache:write") + "\r\n";
    }

    private String call(String method, String path, String headers, String body) throws IOException {
        int length = body.getBytes(StandardCharsets.UTF_8).length;
        return send(method, path, authorized() + headers + "Content-Length: " + length + "\r\n", body);
    }

    private String send(String method, String path, String headers, String body) throws IOException {
        String request = method + " " + path + " HTTP/1.1\r\nHost: cache\r\n" + headers + "Connection: close\r\n\r\n";
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
            socket.getOutputStream().write((request + body).getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Without what is another for every request, and with the headers in one order. */
    private static String comparable(String answer) {
        int end = answer.indexOf("\r\n\r\n");
        String head = Arrays.stream(answer.substring(0, end).split("\r\n", -1))
                .map(line -> line.toLowerCase(Locale.ROOT)
                        .replaceAll("^(x-request-id: )[0-9a-f]{32}$", "$1id")
                        .replaceAll("^(etag: )\"[0-9]+\"", "$1tag")
                        .replaceAll("^(location: .*/)[0-9]+$", "$1id")
                        .replaceAll("^(cache-control: .*)max-age=[0-9]+", "$1max-age")
                        .replaceAll("^date: .*", "date"))
                .sorted()
                .collect(Collectors.joining("\n"));
        return head.replace("http/1.1", "HTTP/1.1")
                + answer.substring(end)
                        .replaceAll("(\"requestId\":\")[0-9a-f]{32}", "$1id")
                        .replaceAll("(\"id\":\")[0-9]+", "$1id");
    }
}
