package dev.sluice.platform.telemetry.health;

import dev.sluice.record.CheckStatus;
import dev.sluice.record.HealthCheckResult;
import dev.sluice.record.HealthReport;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Makes all checks of this instance at a steady pace and reports what they found; takes its report back when it stops in good order. While a
 * report is on its way to Kafka, no other one is sent: what counts is the newest.
 */
public final class HealthRounds implements SmartLifecycle {

    /** A report stays small, and so do its gauges. */
    static final int MAX_CHECKS = 50;

    private static final Logger LOG = LoggerFactory.getLogger(HealthRounds.class);
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,39}");
    private static final Duration FAREWELL = Duration.ofSeconds(2);

    private final String service;
    private final String instance;
    private final List<Probing> probings;
    private final Duration pace;
    private final Outlet outlet;
    private final InstantSource clock;
    private @Nullable ScheduledExecutorService executor;
    private @Nullable CompletableFuture<?> underWay;
    private volatile @Nullable HealthReport latest;

    /** Where reports go. */
    interface Outlet {
        CompletableFuture<?> report(HealthReport report);

        /** This instance is gone and not to be missed. */
        CompletableFuture<?> leave(String service, String instance);
    }

    HealthRounds(
            String service,
            String instance,
            List<HealthCheck> checks,
            Duration pace,
            Outlet outlet,
            InstantSource clock,
            LongSupplier nanoTime,
            MeterRegistry meters) {
        requireUsable(checks);
        this.service = service;
        this.instance = instance;
        this.pace = pace;
        this.outlet = outlet;
        this.clock = clock;
        this.probings = checks.stream()
                .map(check -> new Probing(check, service, nanoTime))
                .toList();
        checks.forEach(check -> Gauge.builder("sluice.health.check", () -> gaugeOf(check.name()))
                .description("1 when the check found it well, 0 when not")
                .tag("check", check.name())
                .tag("critical", String.valueOf(check.weight() == HealthCheck.Weight.CRITICAL))
                .register(meters));
    }

    /** What the checks of this instance found last; empty before the first round has ended. */
    public Optional<HealthReport> latest() {
        return Optional.ofNullable(latest);
    }

    @Override
    public synchronized void start() {
        if (executor != null) {
            return;
        }
        ScheduledExecutorService started = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("health-rounds").daemon().factory());
        executor = started;
        var _ = started.scheduleAtFixedRate(this::turn, 0, pace.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void stop() {
        ScheduledExecutorService stopped;
        synchronized (this) {
            stopped = executor;
            executor = null;
        }
        if (stopped == null) {
            return;
        }
        stopped.shutdownNow();
        try {
            // A round that is ending must not report after the farewell.
            if (stopped.awaitTermination(FAREWELL.toMillis(), TimeUnit.MILLISECONDS)) {
                outlet.leave(service, instance).get(FAREWELL.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("Kafka did not take the farewell; others will miss this instance for a while", e);
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return executor != null;
    }

    private void turn() {
        try {
            round();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("a round of health checks failed; the next one is made all the same", e);
        }
    }

    /** All checks at once, and then the report. */
    void round() throws InterruptedException {
        probings.forEach(Probing::begin);
        List<HealthCheckResult> results = new ArrayList<>();
        for (Probing probing : probings) {
            results.add(probing.await());
        }
        HealthReport report = HealthReport.newBuilder()
                .setService(service)
                .setInstance(instance)
                .setAt(clock.instant())
                .setPaceMillis(pace.toMillis())
                .setChecks(results)
                .build();
        latest = report;
        if (underWay == null || underWay.isDone()) {
            underWay = outlet.report(report);
        }
    }

    private double gaugeOf(String check) {
        HealthReport report = latest;
        if (report == null) {
            return Double.NaN;
        }
        return report.getChecks().stream()
                        .anyMatch(result -> result.getName().equals(check) && result.getStatus() == CheckStatus.HEALTHY)
                ? 1
                : 0;
    }

    private static void requireUsable(List<HealthCheck> checks) {
        if (checks.size() > MAX_CHECKS) {
            throw new IllegalArgumentException("at most " + MAX_CHECKS + " health checks, not " + checks.size());
        }
        Set<String> names = new HashSet<>();
        for (HealthCheck check : checks) {
            if (!NAME.matcher(check.name()).matches()) {
                throw new IllegalArgumentException(
                        "a health check is named with up to 40 lower-case letters, digits and dashes: " + check.name());
            }
            if (!names.add(check.name())) {
                throw new IllegalArgumentException("two health checks are named " + check.name());
            }
            if (!check.timeout().isPositive()) {
                throw new IllegalArgumentException(
                        "the timeout of the health check " + check.name() + " must be positive");
            }
        }
    }
}
