package dev.sluice.cache.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.sluice.platform.web.IdentityToken;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;

/** Reads that WebFlux leads to the controller, because their paths have escapes, and those on the short way have the same answers. */
class ShortWayTest extends CacheHttpScenario {

    private static final String REQUESTS = "http.server.requests";
    private static final String NAMESPACES = "/api/v1/cache/namespaces/";

    @Autowired
    private MeterRegistry meters;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "If-None-Match: *",
                "If-None-Match: W/\"1\", \"2\"",
                "If-None-Match: none",
                "If-Match: *",
                "If-Match: \"1\"",
                "If-Match: 1",
                "Accept: text/*",
                "Accept: text/plain, */*",
                "Accept: image/png",
                "Accept: nonsense",
                "Accept: */*",
                "Cache-Control: max-stale",
                "Cache-Lease: ?1",
                "Cache-Lease: yes",
                "Range: bytes=0-1",
                "Origin: https://example.org",
                "Content-Length: 0",
                "X-Request-Id: mine",
                "X-Request-Id: not one",
                "Transfer-Encoding: gzip",
                "Expect: nothing",
                "If-Modified-Since: Sun, 06 Nov 2094 08:49:37 GMT",
                "Host: another"
            })
    void bothWaysAnswerTheSame(String header) throws IOException {
        put("feed/keys/a:b", "hello", headers -> {
            headers.set("Content-Type", "text/plain; charset=ISO-8859-1");
            headers.set("Cache-Control", "max-age=60, stale-while-revalidate=30, stale-if-error=90");
            headers.set("Cache-Groups", "\"x\", \"y\"");
        });
        String more = header.isEmpty() ? "" : header + "\r\n";
        assertThat(comparable(read("feed/keys/a:b", more)))
                .isEqualTo(comparable(read("feed/keys/%61:b", more)))
                .contains("HTTP/1.1");
    }

    @Test
    void bothWaysSayThatTheAskerHasItAlready() throws IOException {
        String tag = header(put("feed/keys/a", "hello", headers -> {}), "ETag");
        assertThat(tag).startsWith("\"");
        String more = "If-None-Match: " + tag + "\r\n";
        assertThat(comparable(read("feed/keys/a", more)))
                .isEqualTo(comparable(read("feed/keys/%61", more)))
                .contains("304");
    }

    @ParameterizedTest
    @CsvSource({
        "feed/keys/none, feed/keys/non%65",
        "feed/keys/empty, feed/keys/empt%79",
        "feed/keys/absent, feed/keys/absen%74",
        "Feed/keys/a, Feed/keys/%61",
        "-/keys/a, -/keys/%61",
        "feed/keys/.., feed/keys/%2e%2e",
        "feed/keys/a/, feed/keys/%61/",
        "feed/keys/, %66eed/keys/",
        "feed/keys//a, feed/keys//%61",
        "feed/keys/a/lease, feed/keys/%61/lease",
        "feed/keys/a?x=1, feed/keys/%61?x=1",
        "feed/batch/get, %66eed/batch/get"
    })
    void bothWaysLeadToTheSame(String plain, String escaped) throws IOException {
        put("feed/keys/empty", "", headers -> {});
        put("feed/keys/absent", "", headers -> headers.set("Cache-Absent", "?1"));
        assertThat(comparable(read(plain, ""))).isEqualTo(comparable(read(escaped, "")));
    }

    @Test
    void bothWaysRefuseAKeyThatIsTooLong() throws IOException {
        assertThat(comparable(read("feed/keys/" + "a".repeat(513), "")))
                .isEqualTo(comparable(read("feed/keys/%61" + "a".repeat(512), "")))
                .contains("400");
    }

    @Test
    void bothWaysAskWhoIsAsking() throws IOException {
        put("feed/keys/a", "hello", headers -> {});
        for (String identity : List.of(
                "",
                IdentityToken.HEADER + ": nonsense\r\n",
                identity(token(tenant, "cache:write")),
                identity(token("another", "cache:read")),
                identity(token(tenant, "admin")),
                identity(token(tenant, "cache:read")) + identity(token(tenant, "cache:read")))) {
            assertThat(comparable(exchange("feed/keys/a", identity)))
                    .isEqualTo(comparable(exchange("feed/keys/%61", identity)));
        }
    }

    @Test
    void bothWaysSayThatTheSharedLevelIsAway() throws IOException {
        put("feed/keys/a", "hello", headers -> {});
        redis.leave();
        assertThat(comparable(read("feed/keys/a", ""))).isEqualTo(comparable(read("feed/keys/%61", "")));
        assertThat(comparable(read("feed/keys/b", "")))
                .isEqualTo(comparable(read("feed/keys/%62", "")))
                .contains("503");
    }

    @Test
    void bothWaysCountInTheSameMeters() throws IOException {
        put("feed/keys/a", "hello", headers -> {});
        List<String> escaped = List.of("feed/keys/%61", "feed/keys/%62", "Feed/keys/%61");
        for (String path : escaped) {
            read(path, "");
        }
        exchange("feed/keys/%61", "");
        await().atMost(PATIENCE).until(() -> count("/api/v1/cache/namespaces/{namespace}/keys/{key}") >= 4);
        await().atMost(PATIENCE).until(() -> count("UNKNOWN") >= 1);
        Collection<Meter> before = all();
        long counted = sum();
        read("feed/keys/a", "");
        read("feed/keys/b", "");
        read("Feed/keys/a", "");
        exchange("feed/keys/a", "");
        await().atMost(PATIENCE).until(() -> sum() == counted + 4);
        assertThat(all()).containsExactlyInAnyOrderElementsOf(before);
    }

    @Test
    void bothWaysAreLoggedTheSame() throws IOException {
        Logger access = (Logger) LoggerFactory.getLogger("access");
        Lines lines = new Lines();
        lines.start();
        access.addAppender(lines);
        try {
            put("logged/keys/a", "hello", headers -> {});
            for (String path : List.of("logged/keys/a", "logged/keys/%61", "logged/keys/b", "logged/keys/%62")) {
                read(path, "");
            }
            await().atMost(PATIENCE).until(() -> lines.ofReads().size() == 4);
            List<Map<String, String>> logged = lines.ofReads();
            assertThat(logged.get(0)).isEqualTo(logged.get(1)).containsKeys("http.route", "tenant", "key.id");
            assertThat(logged.get(2)).isEqualTo(logged.get(3)).containsEntry("http.response.status_code", "404");
        } finally {
            access.detachAppender(lines);
        }
    }

    /** The access log as it is written. */
    private static final class Lines extends AppenderBase<ILoggingEvent> {

        private static final List<String> OF_ITS_OWN =
                List.of("url.path", "event.duration", "http.request.id", "trace.id");

        private final Queue<ILoggingEvent> events = new ConcurrentLinkedQueue<>();

        @Override
        protected void append(ILoggingEvent event) {
            events.add(event);
        }

        /** Without what is another for every request. */
        List<Map<String, String>> ofReads() {
            return events.stream()
                    .map(event -> event.getKeyValuePairs().stream()
                            .collect(Collectors.toMap(pair -> pair.key, pair -> String.valueOf(pair.value))))
                    .filter(line -> line.getOrDefault("http.request.method", "").equals("GET")
                            && line.getOrDefault("url.path", "").startsWith(NAMESPACES + "logged/"))
                    .map(line -> {
                        Map<String, String> common = new HashMap<>(line);
                        common.keySet().removeAll(OF_ITS_OWN);
                        return common;
                    })
                    .toList();
        }
    }

    private String read(String path, String more) throws IOException {
        return exchange(path, identity(token(tenant, "cache:read", "cache:write")) + more);
    }

    private String exchange(String path, String headers) throws IOException {
        String host = headers.contains("Host: ") ? "" : "Host: cache\r\n";
        String request = "GET " + NAMESPACES + path + " HTTP/1.1\r\n" + host + headers + "Connection: close\r\n\r\n";
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String identity(String token) {
        return IdentityToken.HEADER + ": " + token + "\r\n";
    }

    /** Without what is another for every request, and with the headers in one order. */
    private static String comparable(String answer) {
        int end = answer.indexOf("\r\n\r\n");
        List<String> head = new ArrayList<>(List.of(answer.substring(0, end).split("\r\n", -1)));
        String status = head.removeFirst();
        Stream<String> headers = head.stream()
                .map(line -> line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT)
                        + line.substring(line.indexOf(':')))
                .map(line -> line.replaceAll("^(x-request-id: )[0-9a-f]{32}$", "$1id")
                        .replaceAll("^date: .*", "date"))
                .sorted();
        String body = answer.substring(end).replaceAll("(\"requestId\":\")[0-9a-f]{32}", "$1id");
        return status + "\n" + headers.collect(Collectors.joining("\n")) + body;
    }

    private Collection<Meter> all() {
        return meters.getMeters().stream()
                .filter(meter -> meter.getId().getName().equals(REQUESTS))
                .toList();
    }

    private long sum() {
        return meters.find(REQUESTS).timers().stream().mapToLong(Timer::count).sum();
    }

    private long count(String uri) {
        return meters.find(REQUESTS).tag("uri", uri).timers().stream()
                .mapToLong(Timer::count)
                .sum();
    }
}
