package dev.sluice.gateway.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.gateway.relay.RawUpstream;
import dev.sluice.gateway.relay.Upstream;
import dev.sluice.gateway.relay.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import reactor.core.publisher.Mono;

/** Whatever a service or its caller does wrong, the other one gets an answer that is true, or a broken connection. */
@SpringBootTest(
        classes = ForwardSlice.class,
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "management.server.port=0",
            "management.endpoint.health.validate-group-membership=false",
            "sluice.web.max-body-size=1MB",
            "sluice.web.read-timeout=1s",
            "sluice.internal.secret=0123456789abcdef0123456789abcdef",
            "sluice.gateway.forward.response-timeout=1500ms",
            "sluice.gateway.forward.max-connections=2",
            "sluice.gateway.forward.max-waiting=1",
            "sluice.gateway.forward.max-waiting-time=200ms",
            // Nothing listens on the port that is never given out.
            "sluice.gateway.services.metrics=http://127.0.0.1:1"
        })
class BrokenServiceIT {

    private static final String KEY = "/api/v1/cache/namespaces/n/keys/k";
    private static final String HOOKS = "/api/v1/webhooks";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final Upstream CACHE = new Upstream();
    private static final RawUpstream WEBHOOKS = new RawUpstream();

    @Value("${local.server.port}")
    private int port;

    @DynamicPropertySource
    static void properties(DynamicPropertyRegistry registry) {
        registry.add("sluice.gateway.services.cache", CACHE::url);
        registry.add("sluice.gateway.services.webhooks", WEBHOOKS::url);
    }

    @BeforeEach
    void reset() {
        CACHE.reset();
        WEBHOOKS.answers();
    }

    @AfterAll
    static void stop() throws IOException {
        CACHE.stop();
        WEBHOOKS.close();
    }

    @Test
    void saysThatAServiceCannotBeReached() throws IOException {
        String answer = Wire.get(port, "/api/v1/cache/stats");
        assertProblem(answer, 503, "unavailable");
        assertThat(answer).contains("Retry-After: 1").contains("nothing was done");
    }

    @Test
    void saysThatAServiceDidNotAnswerInTime() throws IOException {
        CACHE.answers((request, response) -> Mono.never());
        assertProblem(Wire.get(port, KEY), 504, "gateway_timeout");
        await("the service hears of it").atMost(PATIENCE).until(() -> CACHE.gone() == 1);
    }

    @Test
    void saysThatAServiceIsBusyInsteadOfQueueingWithoutEnd() throws IOException {
        CACHE.answers((request, response) -> Mono.never());
        List<Wire> busy = new ArrayList<>();
        try {
            for (int i = 0; i < 2; i++) {
                busy.add(Wire.to(port).send("GET " + KEY + " HTTP/1.1\r\nHost: a\r\n\r\n"));
            }
            await().atMost(PATIENCE).until(() -> CACHE.seen().size() == 2);
            String answer = Wire.get(port, KEY);
            assertProblem(answer, 503, "unavailable");
            assertThat(answer).contains("Retry-After: 1").contains("is busy");
            assertThat(CACHE.seen()).hasSize(2);
        } finally {
            for (Wire wire : busy) {
                wire.close();
            }
        }
        await().atMost(PATIENCE).until(() -> CACHE.gone() == 2);
        CACHE.reset();
        assertThat(Wire.get(port, KEY)).startsWith("HTTP/1.1 200");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HELLO\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: abc\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
                "HTTP/1.1 200 OK\r\nX-A: b\rSet-Cookie: stolen=1\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX-A: b\nSet-Cookie stolen\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX-A: b\0Set-Cookie: stolen=1\r\nContent-Length: 0\r\n\r\n"
            })
    void passesNoAnswerThatIsNone(String bytes) throws IOException {
        WEBHOOKS.answers(bytes);
        String answer = Wire.exchange(port, "POST", HOOKS);
        assertProblem(answer, 502, "bad_gateway");
        assertThat(answer).doesNotContain("stolen");
    }

    @Test
    void doesNotRepeatWhatMayHaveBeenDone() throws IOException {
        WEBHOOKS.answers("", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        assertProblem(Wire.exchange(port, "POST", HOOKS), 502, "bad_gateway");
        assertThat(WEBHOOKS.requests()).isEqualTo(1);
    }

    @Test
    void repeatsOnceWhatIsSafeToRepeat() throws IOException {
        WEBHOOKS.answers("", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        assertThat(Wire.get(port, HOOKS)).startsWith("HTTP/1.1 200").endsWith("ok");
        assertThat(WEBHOOKS.requests()).isEqualTo(2);
        WEBHOOKS.answers("", "", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        assertProblem(Wire.get(port, HOOKS), 502, "bad_gateway");
        assertThat(WEBHOOKS.requests()).isEqualTo(2);
    }

    @Test
    void passesTheFinalAnswerAfterInterimOnes() throws IOException {
        WEBHOOKS.answers("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        assertThat(Wire.exchange(port, "POST", HOOKS))
                .startsWith("HTTP/1.1 200")
                .endsWith("ok");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n186a0\r\n"
            })
    void neverMakesHalfAnAnswerLookWhole(String head) throws IOException {
        WEBHOOKS.answers(head + "x".repeat(50_000));
        String answer = Wire.exchange(port, "POST", HOOKS);
        boolean problem = answer.startsWith("HTTP/1.1 502");
        boolean broken = answer.startsWith("HTTP/1.1 200")
                && !answer.endsWith("0\r\n\r\n")
                && bodyOf(answer).length() < 100_000;
        assertThat(problem || broken)
                .as(answer.substring(0, Math.min(600, answer.length())))
                .isTrue();
    }

    @Test
    void keepsTheHeadersOfABrokenAnswerOutOfTheProblem() throws IOException {
        WEBHOOKS.answers("HTTP/1.1 200 OK\r\nX-Theirs: 1\r\nETag: \"7\"\r\nContent-Length: 5\r\n\r\n");
        String answer = Wire.exchange(port, "POST", HOOKS);
        assertThat(answer).startsWith("HTTP/1.1 502").doesNotContain("X-Theirs", "\"7\"", "ETag");
    }

    @Test
    void answersTheCallerWhoseBodyStops() throws IOException {
        try (Wire wire = Wire.to(port)) {
            wire.send("PUT " + KEY + " HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf");
            assertThat(wire.readToEnd()).startsWith("HTTP/1.1 408").contains("request_timeout");
        }
        assertThat(CACHE.seen()).isEmpty();
        assertThat(Wire.get(port, KEY)).startsWith("HTTP/1.1 200");
    }

    @Test
    void recoversFromCallersThatLeaveWithinTheirBody() throws IOException {
        for (int i = 0; i < 10; i++) {
            try (Wire wire = Wire.to(port)) {
                wire.send("PUT " + KEY + " HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf");
            }
        }
        await("both connections are free again")
                .atMost(PATIENCE)
                .until(() -> Wire.get(port, KEY).startsWith("HTTP/1.1 200"));
        assertThat(CACHE.seen()).allSatisfy(seen -> assertThat(seen.method()).isEqualTo("GET"));
    }

    @Test
    void answersWhatAServiceSaysBeforeItReadTheBody() throws IOException {
        WEBHOOKS.answers("HTTP/1.1 422 Unprocessable\r\nContent-Length: 3\r\nConnection: close\r\n\r\nbad");
        try (Wire wire = Wire.to(port)) {
            wire.send("POST " + HOOKS + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 4\r\n\r\nbody");
            assertThat(wire.readToEnd()).startsWith("HTTP/1.1 422").endsWith("bad");
        }
    }

    private static String bodyOf(String answer) {
        return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }

    private static void assertProblem(String answer, int status, String code) {
        assertThat(answer)
                .startsWith("HTTP/1.1 " + status)
                .contains("application/problem+json", "\"code\":\"" + code + "\"", "\"requestId\"")
                .doesNotContain("127.0.0.1", "Exception", "reactor");
    }
}
