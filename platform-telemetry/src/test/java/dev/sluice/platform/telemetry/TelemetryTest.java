package dev.sluice.platform.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import dev.sluice.platform.web.RequestContext;
import dev.sluice.platform.web.RequestObserver.Answered;
import dev.sluice.platform.web.TraceParent;
import dev.sluice.record.ErrorReport;
import dev.sluice.record.Span;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TelemetryTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final TraceParent KEPT = parse("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    private static final TraceParent PASSED_OVER = parse("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00");

    private final List<Span> spans = new ArrayList<>();
    private final List<ErrorReport> errors = new ArrayList<>();
    private final List<String> dropped = new ArrayList<>();
    private final List<CompletableFuture<Object>> underWay = new ArrayList<>();
    private final Telemetry telemetry = new Telemetry(
            "api-gateway",
            (key, span) -> {
                spans.add(span);
                return sent();
            },
            (key, error) -> {
                errors.add(error);
                return sent();
            },
            dropped::add);
    private final RequestTelemetry requests = new RequestTelemetry(telemetry, InstantSource.fixed(NOW));

    private CompletableFuture<Object> sent() {
        CompletableFuture<Object> result = new CompletableFuture<>();
        underWay.add(result);
        return result;
    }

    @Test
    void aRequestIsASpanUnderItsCallers() {
        requests.answered(
                new RequestContext("req-1", KEPT, "a3ce929d0e0e4736", 0),
                new Answered(NOW, Duration.ofMillis(20), "GET", "/api/v1/keys/{id}", 503, "acme"));

        assertThat(spans).singleElement().satisfies(span -> {
            assertThat(span.getTraceId()).isEqualTo(KEPT.traceId());
            assertThat(span.getSpanId()).isEqualTo(KEPT.spanId());
            assertThat(span.getParentSpanId()).isEqualTo("a3ce929d0e0e4736");
            assertThat(span.getName()).isEqualTo("GET /api/v1/keys/{id}");
            assertThat(span.getStartedAt()).isEqualTo(NOW.minusMillis(20));
            assertThat(span.getDurationNanos()).isEqualTo(20_000_000);
            assertThat(span.getFailed()).isTrue();
            assertThat(span.getTenant()).isEqualTo("acme");
            assertThat(span.getAttributes()).containsEntry("http.response.status_code", "503");
        });
    }

    @Test
    void whatIsNotKeptIsNoSpan() {
        span(PASSED_OVER);
        assertThat(spans).isEmpty();
        assertThat(dropped).isEmpty();
    }

    @Test
    void soManyAreUnderWayAndTheOthersAreDroppedAndCounted() {
        for (int i = 0; i < Telemetry.MAX_IN_FLIGHT + 5; i++) {
            span(KEPT);
        }
        assertThat(spans).hasSize(Telemetry.MAX_IN_FLIGHT);
        assertThat(dropped).hasSize(5).containsOnly("span");

        underWay.get(0).complete("");
        underWay.get(1).completeExceptionally(new IllegalStateException("Kafka is away"));
        assertThat(dropped).hasSize(6);
        span(KEPT);
        span(KEPT);
        span(KEPT);
        assertThat(spans).hasSize(Telemetry.MAX_IN_FLIGHT + 2);
        assertThat(dropped).hasSize(7);
    }

    @Test
    void aFailedRequestIsReportedWithoutSecrets() {
        requests.failed(
                new RequestContext("req-1", KEPT, null, 0),
                "acme",
                new IllegalStateException("key slk_live_0123456789abcdef0123456789abcdef is odd"));

        assertThat(errors).singleElement().satisfies(error -> {
            assertThat(error.getType()).isEqualTo("java.lang.IllegalStateException");
            assertThat(error.getMessage()).doesNotContain("0123456789").contains("is odd");
            assertThat(error.getTenant()).isEqualTo("acme");
            assertThat(error.getRequestId()).isEqualTo("req-1");
            assertThat(error.getTraceId()).isEqualTo(KEPT.traceId());
            assertThat(error.getAt()).isEqualTo(NOW);
        });
    }

    @Test
    void errorsOfOnePlaceAreOfOneKindWhateverTheySay() {
        requests.failed(context(), null, thrownHere("a"));
        requests.failed(context(), null, thrownHere("b"));
        requests.failed(context(), null, new IllegalStateException("a"));
        assertThat(errors).hasSize(3);
        assertThat(errors.get(1).getFingerprint()).isEqualTo(errors.get(0).getFingerprint());
        assertThat(errors.get(2).getFingerprint()).isNotEqualTo(errors.get(0).getFingerprint());
    }

    @ParameterizedTest
    @CsvSource({"499, 499", "500, 500", "501, 500", "5000, 500"})
    void aMessageIsCut(int length, int left) {
        requests.failed(context(), null, new IllegalStateException("x".repeat(length)));
        assertThat(errors.getFirst().getMessage()).hasSize(left);
    }

    @Test
    void aMessageIsNotCutWithinACharacter() {
        requests.failed(context(), null, new IllegalStateException("x".repeat(499) + "\uD83D\uDE00"));
        assertThat(errors.getFirst().getMessage()).isEqualTo("x".repeat(499));
    }

    @Test
    void whatIsLoggedAsAnErrorIsReported() {
        Logger logger = logger("dev.sluice.some.Class");
        logger.warn("not this");
        logger.error("{} failed", "one");
        logger.error("{} failed", "another", new IllegalArgumentException("of no use"));
        logger("dev.sluice.platform.web.ProblemExceptionHandler").error("reported with its request");

        assertThat(errors)
                .extracting(ErrorReport::getMessage)
                .containsExactly("one failed", "another failed: of no use");
        assertThat(errors)
                .extracting(ErrorReport::getType)
                .containsExactly("dev.sluice.some.Class", "java.lang.IllegalArgumentException");
    }

    @Test
    void manyErrorsInASecondAreNotAllReported() {
        Logger logger = logger("dev.sluice.some.Class");
        for (int i = 0; i < 10_000; i++) {
            logger.error("failed");
        }
        assertThat(errors).hasSizeBetween(20, 1_000);
    }

    private Logger logger(String name) {
        LoggerContext context = new LoggerContext();
        ErrorAppender appender = new ErrorAppender(telemetry);
        appender.setContext(context);
        appender.start();
        context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(appender);
        context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.INFO);
        return context.getLogger(name);
    }

    private void span(TraceParent at) {
        telemetry.span(at, null, "acme", "work", NOW, Duration.ofMillis(1), false, Map.of());
    }

    private static RequestContext context() {
        return new RequestContext("req-1", PASSED_OVER, null, 0);
    }

    private static IllegalStateException thrownHere(String message) {
        return new IllegalStateException(message);
    }

    private static TraceParent parse(String header) {
        return TraceParent.parse(header).orElseThrow();
    }
}
