package dev.sluice.platform.telemetry.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import dev.sluice.platform.telemetry.health.HealthCheck.Finding;
import dev.sluice.platform.telemetry.health.HealthCheck.Weight;
import dev.sluice.platform.web.SecretMask;
import dev.sluice.record.CheckStatus;
import dev.sluice.record.HealthCheckResult;
import dev.sluice.record.HealthReport;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HealthRoundsTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final Duration LONG = Duration.ofMinutes(1);

    private final AtomicLong nanos = new AtomicLong();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Log log = new Log();

    /** Keeps what comes, and confirms it when it is told to. */
    private static final class Log implements HealthRounds.Outlet {
        final List<HealthReport> reports = new ArrayList<>();
        final List<String> farewells = new ArrayList<>();
        CompletableFuture<Object> confirmation = CompletableFuture.completedFuture("");
        int failures;

        @Override
        public synchronized CompletableFuture<?> report(HealthReport report) {
            if (failures-- > 0) {
                throw new IllegalStateException("it broke");
            }
            reports.add(report);
            return confirmation;
        }

        @Override
        public synchronized CompletableFuture<?> leave(String service, String instance) {
            farewells.add(service + "|" + instance + " after " + (reports.isEmpty() ? "nothing" : "reports"));
            return CompletableFuture.completedFuture("");
        }

        synchronized int size() {
            return reports.size();
        }
    }

    @Test
    void reportsWhatEachCheckFoundAndHowLongItTook() throws Exception {
        HealthRounds rounds = rounds(
                HealthCheck.of("kafka", Weight.CRITICAL, () -> {
                    nanos.addAndGet(2_500_000);
                    return Finding.well("answers");
                }),
                HealthCheck.of("disk", Weight.SUPPORTING, () -> Finding.failing("7 MB of at least 512")));

        rounds.round();

        HealthReport report = log.reports.getFirst();
        assertThat(report.getService()).isEqualTo("some-service");
        assertThat(report.getInstance()).isEqualTo("cafe");
        assertThat(report.getAt()).isEqualTo(NOW);
        assertThat(report.getPaceMillis()).isEqualTo(10_000);
        assertThat(report.getChecks())
                .extracting(HealthCheckResult::getName, HealthCheckResult::getCritical, HealthCheckResult::getStatus)
                .containsExactly(
                        tuple("kafka", true, CheckStatus.HEALTHY), tuple("disk", false, CheckStatus.UNHEALTHY));
        assertThat(report.getChecks().getFirst().getDurationNanos()).isEqualTo(2_500_000);
        assertThat(rounds.latest()).contains(report);
        assertThat(meters.get("sluice.health.check")
                        .tag("check", "kafka")
                        .gauge()
                        .value())
                .isEqualTo(1);
        assertThat(meters.get("sluice.health.check")
                        .tag("check", "disk")
                        .gauge()
                        .value())
                .isZero();
    }

    @Test
    void aCheckThatBreaksFailsAndTellsNothingOfHow() throws Exception {
        HealthRounds rounds = rounds(HealthCheck.of("redis", Weight.SUPPORTING, () -> {
            throw new IllegalStateException("10.0.0.7 said no");
        }));
        rounds.round();
        assertThat(log.reports.getFirst().getChecks()).singleElement().satisfies(result -> {
            assertThat(result.getStatus()).isEqualTo(CheckStatus.UNHEALTHY);
            assertThat(result.getDetail()).contains("some-service").doesNotContain("10.0.0.7");
        });
    }

    @Test
    void aCheckThatFailsWithAnErrorHasEndedToo() throws Exception {
        HealthRounds rounds = rounds(HealthCheck.of("deep", Weight.SUPPORTING, () -> {
            throw new StackOverflowError();
        }));
        rounds.round();
        assertThat(log.reports.getFirst().getChecks().getFirst().getDetail()).contains("the check broke");
    }

    @Test
    void whatACheckSaysIsCutAndWithoutSecrets() throws Exception {
        String secret = "slk_live_abcdefgh_0123456789012345678901234567890123456789012";
        HealthRounds rounds = rounds(
                HealthCheck.of("secret", Weight.SUPPORTING, () -> Finding.failing("the key is " + secret)),
                HealthCheck.of("long", Weight.SUPPORTING, () -> Finding.failing("x".repeat(10_000))));
        rounds.round();
        List<HealthCheckResult> results = log.reports.getFirst().getChecks();
        assertThat(results.get(0).getDetail()).isEqualTo(SecretMask.mask("the key is " + secret));
        assertThat(results.get(1).getDetail()).hasSize(Probing.MAX_DETAIL_LENGTH);
    }

    /** Whoever hangs and heeds no interrupt holds one thread for ever, and not one more each round. */
    @Test
    void aCheckThatHangsFailsAndIsNotAskedAgainBeforeItEnds() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        AtomicBoolean released = new AtomicBoolean();
        CompletableFuture<Thread> hanging = new CompletableFuture<>();
        AtomicReference<Duration> patience = new AtomicReference<>(SHORT);
        HealthRounds rounds = real(
                new Patient("stuck", patience, () -> {
                    asked.incrementAndGet();
                    hanging.complete(Thread.currentThread());
                    while (!released.get()) {
                        LockSupport.parkNanos(1_000_000);
                        boolean _ = Thread.interrupted();
                    }
                    return Finding.well("at last");
                }),
                new Patient("well", new AtomicReference<>(LONG), () -> Finding.well("answers")));

        rounds.round();
        Thread thread = hanging.get();
        rounds.round();
        assertThat(asked).hasValue(1);
        assertThat(log.reports).allSatisfy(report -> {
            assertThat(report.getChecks().get(0).getStatus()).isEqualTo(CheckStatus.UNHEALTHY);
            assertThat(report.getChecks().get(0).getDetail()).contains("at most 20 ms");
            assertThat(report.getChecks().get(1).getStatus()).isEqualTo(CheckStatus.HEALTHY);
        });

        released.set(true);
        thread.join();
        patience.set(LONG);
        rounds.round();
        assertThat(asked).hasValue(2);
        assertThat(log.reports.getLast().getChecks().get(0).getStatus()).isEqualTo(CheckStatus.HEALTHY);
    }

    @Test
    void aCheckThatIsLateIsInterrupted() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        HealthRounds rounds = real(new Patient("late", new AtomicReference<>(SHORT), () -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
            }
            return Finding.well("never");
        }));
        rounds.round();
        interrupted.await();
    }

    @Test
    void nothingMoreIsSentWhileAReportIsOnItsWay() throws Exception {
        log.confirmation = new CompletableFuture<>();
        HealthRounds rounds = rounds(HealthCheck.of("kafka", Weight.CRITICAL, () -> Finding.well("answers")));
        rounds.round();
        rounds.round();
        assertThat(log.reports).hasSize(1);
        log.confirmation.complete("");
        rounds.round();
        assertThat(log.reports).hasSize(2);
    }

    @Test
    void aRoundThatBreaksIsNotTheLast() {
        log.failures = 1;
        HealthRounds rounds = new HealthRounds(
                "some-service",
                "cafe",
                List.of(HealthCheck.of("kafka", Weight.CRITICAL, () -> Finding.well("answers"))),
                SHORT,
                log,
                InstantSource.fixed(NOW),
                nanos::get,
                meters);
        rounds.start();
        Awaitility.await().atMost(LONG).until(() -> log.size() > 0);
        rounds.stop();
    }

    @Test
    void startsAtOnceSaysFarewellWhenItStopsAndMayStartAgain() {
        HealthRounds rounds = rounds(HealthCheck.of("kafka", Weight.CRITICAL, () -> Finding.well("answers")));
        rounds.start();
        Awaitility.await().until(() -> log.size() > 0);
        rounds.stop();
        assertThat(log.farewells).containsExactly("some-service|cafe after reports");
        assertThat(rounds.isRunning()).isFalse();
        rounds.stop();
        assertThat(log.farewells).hasSize(1);

        int before = log.size();
        rounds.start();
        Awaitility.await().until(() -> log.size() > before);
        rounds.stop();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Kafka", "a b", "a/b", "a|b", "1a", "-a", "a.b", "ä"})
    void refusesNamesThatCannotStandInAPath(String name) {
        assertThatThrownBy(() -> rounds(HealthCheck.of(name, Weight.CRITICAL, () -> Finding.well(""))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesTwoOfANameAndTooMany() {
        HealthCheck check = HealthCheck.of("kafka", Weight.CRITICAL, () -> Finding.well(""));
        assertThatThrownBy(() -> rounds(check, check)).hasMessageContaining("two health checks");
        assertThatThrownBy(() -> rounds(IntStream.range(0, HealthRounds.MAX_CHECKS + 1)
                        .mapToObj(number -> HealthCheck.of("c" + number, Weight.CRITICAL, () -> Finding.well("")))
                        .toArray(HealthCheck[]::new)))
                .hasMessageContaining("at most 50");
    }

    @Test
    void refusesACheckThatMayTakeNoTime() {
        assertThatThrownBy(() -> rounds(
                        new Patient("kafka", new AtomicReference<>(Duration.ZERO), () -> Finding.well("answers"))))
                .hasMessageContaining("timeout");
    }

    private HealthRounds rounds(HealthCheck... checks) {
        return new HealthRounds(
                "some-service",
                "cafe",
                List.of(checks),
                Duration.ofSeconds(10),
                log,
                InstantSource.fixed(NOW),
                nanos::get,
                meters);
    }

    private HealthRounds real(HealthCheck... checks) {
        return new HealthRounds(
                "some-service",
                "cafe",
                List.of(checks),
                Duration.ofSeconds(10),
                log,
                InstantSource.fixed(NOW),
                System::nanoTime,
                meters);
    }

    /** A check with a patience of its own. */
    private record Patient(String name, AtomicReference<Duration> patience, HealthCheck.Probe probe)
            implements HealthCheck {
        @Override
        public Weight weight() {
            return Weight.CRITICAL;
        }

        @Override
        public Finding check() throws Exception {
            return probe.check();
        }

        @Override
        public Duration timeout() {
            return patience.get();
        }
    }
}
