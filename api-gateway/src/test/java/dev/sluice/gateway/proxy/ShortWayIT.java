package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.gateway.relay.Upstream;
import dev.sluice.gateway.relay.Wire;
import dev.sluice.gateway.route.RouteFixture;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import reactor.core.publisher.Mono;

/** Requests that WebFlux leads to a route, because their paths have escapes, and those on the short way have the same answers. */
@ProxyTest
class ShortWayIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String REQUESTS = "http.server.requests";

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
        routes.set(RouteDraft.of("shop", UPSTREAM.url()).maxBodyBytes(10).route());
    }

    @AfterAll
    static void stop() {
        UPSTREAM.stop();
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /shop/a, /shop/%61",
        "GET, /shop/a?b=c, /shop/a?b=%63",
        "OPTIONS, /shop/a, /shop/%61",
        "GET, /nowhere/a, /nowhere/%61",
        "PUT, /nowhere/a, /nowhere/%61",
        "GET, /shop/a/, /shop/%61/",
        "GET, /shop/../a, /shop/../%61",
        "GET, /shop//a, /shop//%61"
    })
    void bothWaysAnswerTheSame(String method, String plain, String escaped) throws IOException {
        assertThat(comparable(Wire.exchange(port, method, plain)))
                .isEqualTo(comparable(Wire.exchange(port, method, escaped)))
                .contains("X-Request-Id");
    }

    @Test
    void bothWaysRefuseABodyThatIsTooLarge() throws IOException {
        String rest = " HTTP/1.1\r\nHost: gateway\r\nContent-Length: 11\r\nConnection: close\r\n\r\n12345678901";
        String[] answers = new String[2];
        String[] targets = {"/shop/a", "/shop/%61"};
        for (int i = 0; i < targets.length; i++) {
            try (Wire wire = Wire.to(port)) {
                answers[i] = wire.send("POST " + targets[i] + rest).readToEnd();
            }
        }
        assertThat(answers[0]).startsWith("HTTP/1.1 413");
        assertThat(comparable(answers[0])).isEqualTo(comparable(answers[1]));
    }

    @Test
    void bothWaysCountInTheSameMeters() throws IOException {
        Wire.get(port, "/shop/%61");
        Wire.get(port, "/nowhere/%61");
        Wire.get(port, "/shop/%61/");
        UPSTREAM.answers((request, response) -> response.status(503).sendString(Mono.just("no")));
        Wire.get(port, "/shop/%61");
        await().atMost(PATIENCE).until(() -> sum(Timer::count) >= 4);
        Collection<Meter> before = all();
        long counted = sum(Timer::count);
        Wire.get(port, "/shop/a");
        UPSTREAM.reset();
        Wire.get(port, "/nowhere/a");
        Wire.get(port, "/shop/a/");
        Wire.get(port, "/shop/a");
        await().atMost(PATIENCE).until(() -> sum(Timer::count) == counted + 4);
        assertThat(all()).containsExactlyInAnyOrderElementsOf(before);
    }

    @Test
    void neitherWayTimesAStream() throws IOException {
        Wire.get(port, "/shop/a");
        Wire.get(port, "/shop/%61");
        await().atMost(PATIENCE).until(() -> sum(Timer::count) >= 2);
        UPSTREAM.answers((request, response) -> response.header("Content-Type", "text/event-stream; charset=utf-8")
                .sendString(Mono.just("data: 1\n\n")));
        long counted = sum(Timer::count);
        assertThat(Wire.get(port, "/shop/a")).contains("data: 1");
        assertThat(Wire.get(port, "/shop/%61")).contains("data: 1");
        UPSTREAM.reset();
        Wire.get(port, "/shop/a");
        Wire.get(port, "/shop/%61");
        await().during(Duration.ofMillis(200)).atMost(PATIENCE).until(() -> sum(Timer::count) == counted + 2);
    }

    private Collection<Meter> all() {
        return meters.getMeters().stream()
                .filter(meter -> meter.getId().getName().startsWith(REQUESTS))
                .toList();
    }

    private long sum(ToLongFunction<Timer> value) {
        return meters.find(REQUESTS).timers().stream().mapToLong(value).sum();
    }

    /** Without what is another for every request. */
    private static String comparable(String answer) {
        return answer.replaceAll("(?i)(x-request-id: |\"requestId\":\")[0-9a-f]+", "$1")
                .replaceAll("(?i)date: .*", "date")
                .replaceAll("dur=[0-9.]+", "dur");
    }
}
