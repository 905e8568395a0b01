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

/** Batches of reads that WebFlux leads to the controller, because their paths have escapes, and those on the short way have the same answers. */
class BatchShortWayTest extends CacheHttpScenario {

    private static final String PLAIN = "/api/v1/cache/namespaces/feed/batch/get";
    private static final String ESCAPED = "/api/v1/cache/namespaces/feed/batch/g%65t";
    private static final String JSON = "Content-Type: application/json\r\n";
    private static final String KEYS = "{\"keys\":[\"a\",\"none\",\"b\"]}";

    @Autowired
    private MeterRegistry meters;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Accept: */*",
                "Accept: application/json",
                "Accept: application/json, text/plain",
                "Accept: text/plain",
                "Accept: nonsense",
                "Accept: text/plain\r\nAccept: application/json",
                "Content-Type: application/json",
                "Content-Type: application/json;charset=UTF-8",
                "Content-Type: text/plain",
                "Content-Type: nonsense",
                "Origin: https://example.org",
                "X-Request-Id: mine",
                "If-None-Match: *",
                "Expect: nothing"
            })
    void bothWaysAnswerTheSame(String header) throws IOException {
        store();
        String more = header.isEmpty() ? "" : header + "\r\n";
        String headers = (header.startsWith("Content-Type") ? "" : JSON) + more;
        assertThat(comparable(read(PLAIN, headers, KEYS)))
                .isEqualTo(comparable(read(ESCAPED, headers, KEYS)))
                .contains("HTTP/1.1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "{",
                "{\"keys\":[]}",
                "{\"keys\":[null]}",
                "{\"keys\":[1]}",
                "{\"keys\":[\"a\"],\"keys\":[\"b\"]}",
                "{\"keys\":[\"a\"],\"more\":1}",
                "{\"keys\":[\"\"]}",
                "{\"keys\":[\"a\",\"\\u0001\"]}",
                "{\"keys\":[\"\\ud800\"]}",
                "{\"keys\":[\"a\",\"a\",\"\\u00e9\\ud83d\\ude00\\\"\"]}"
            })
    void bothWaysThinkTheSameOfABody(String body) throws IOException {
        store();
        assertThat(comparable(read(PLAIN, JSON, body)))
                .isEqualTo(comparable(read(ESCAPED, JSON, body)))
                .contains("HTTP/1.1");
    }

    @Test
    void otherPathsAreLeftToWebFlux() throws IOException {
        for (String path : List.of("/batch/get", "//batch/get", "/Feed/batch/get", "/feed/x/batch/get")) {
            String namespaces = "/api/v1/cache/namespaces";
            String escaped = path.replace("get", "g%65t");
            assertThat(comparable(read(namespaces + path, JSON, KEYS)))
                    .isEqualTo(comparable(read(namespaces + escaped, JSON, KEYS)));
        }
        assertThat(comparable(read(PLAIN + "?x=1", JSON, KEYS)))
                .isEqualTo(comparable(read(ESCAPED + "?x=1", JSON, KEYS)))
                .contains("400");
    }

    @Test
    void bothWaysAskWhoIsAsking() throws IOException {
        for (String identity : List.of("", "nonsense", token(tenant, "cache:write"), token(tenant, "admin"))) {
            String headers = JSON + (identity.isEmpty() ? "" : IdentityToken.HEADER + ": " + identity + "\r\n");
            assertThat(comparable(exchange(PLAIN, headers, KEYS)))
                    .isEqualTo(comparable(exchange(ESCAPED, headers, KEYS)));
        }
    }

    @Test
    void bothWaysSayOfEachThatTheSharedLevelIsAway() throws IOException {
        store();
        redis.leave();
        assertThat(comparable(read(PLAIN, JSON, KEYS)))
                .isEqualTo(comparable(read(ESCAPED, JSON, KEYS)))
                .contains("\"status\":200", "\"status\":503");
    }

    @Test
    void bothWaysCountInTheSameMeter() throws IOException {
        read(ESCAPED, JSON, KEYS);
        await().atMost(PATIENCE).until(() -> count() > 0);
        long before = count();
        read(PLAIN, JSON, KEYS);
        await().atMost(PATIENCE).until(() -> count() == before + 1);
    }

    private long count() {
        return meters
                .find("http.server.requests")
                .tag("uri", "/api/v1/cache/namespaces/{namespace}/batch/get")
                .timers()
                .stream()
                .mapToLong(Timer::count)
                .sum();
    }

    private void store() {
        put("feed/keys/a", "hello \u00e9", headers -> headers.set("Content-Type", "text/plain; charset=\"utf-8\""));
        put("feed/keys/b", "", headers -> {});
    }

    private String read(String path, String headers, String body) throws IOException {
        return exchange(path, IdentityToken.HEADER + ": " + token(tenant, "cache:read") + "\r\n" + headers, body);
    }

    private String exchange(String path, String headers, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        String request = "POST " + path + " HTTP/1.1\r\nHost: cache\r\n" + headers + "Content-Length: " + bytes.length
                + "\r\nConnection: close\r\n\r\n";
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
                        .replaceAll("^date: .*", "date"))
                .sorted()
                .collect(Collectors.joining("\n"));
        return head.replace("http/1.1", "HTTP/1.1")
                + answer.substring(end).replaceAll("(\"requestId\":\")[0-9a-f]{32}", "$1id");
    }
}
