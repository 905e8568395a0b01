package dev.sluice.platform.telemetry.health;

import dev.sluice.platform.telemetry.health.HealthCheck.Finding;
import dev.sluice.platform.telemetry.health.HealthCheck.Weight;
import dev.sluice.platform.web.SecretMask;
import dev.sluice.record.CheckStatus;
import dev.sluice.record.HealthCheckResult;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks one check again and again, on a thread of its own. One that does not answer is interrupted, and not asked again before it has ended: a check that
 * hangs for ever holds one thread. Not thread-safe.
 */
final class Probing {

    static final int MAX_DETAIL_LENGTH = 300;

    private static final Logger LOG = LoggerFactory.getLogger(Probing.class);

    private final HealthCheck check;
    private final String service;
    private final LongSupplier nanoTime;
    private @Nullable Probe underWay;

    /** One answer to come. */
    private static final class Probe {
        final CompletableFuture<Finding> finding = new CompletableFuture<>();
        final long begunNanos;
        final Thread thread;
        volatile long tookNanos;

        Probe(HealthCheck check, LongSupplier nanoTime) {
            begunNanos = nanoTime.getAsLong();
            thread = Thread.ofVirtual().name("health-check-" + check.name()).start(() -> {
                try {
                    Finding found = check.check();
                    tookNanos = nanoTime.getAsLong() - begunNanos;
                    finding.complete(found);
                } catch (Throwable e) {
                    // An Error must not leave the check under way for ever.
                    tookNanos = nanoTime.getAsLong() - begunNanos;
                    finding.completeExceptionally(e);
                }
            });
        }
    }

    /** @param nanoTime what the time that the check takes is measured by */
    Probing(HealthCheck check, String service, LongSupplier nanoTime) {
        this.check = check;
        this.service = service;
        this.nanoTime = nanoTime;
    }

    /** Asks, unless the last question is still open. */
    void begin() {
        if (underWay == null || underWay.finding.isDone()) {
            underWay = new Probe(check, nanoTime);
        }
    }

    /** What was found; waits for as long as the check may take. Only after {@link #begin}. */
    HealthCheckResult await() throws InterruptedException {
        Probe probe = underWay;
        if (probe == null) {
            throw new IllegalStateException("not begun");
        }
        Duration timeout = check.timeout();
        long leftNanos = timeout.toNanos() - (nanoTime.getAsLong() - probe.begunNanos);
        try {
            Finding found = probe.finding.get(Math.max(0, leftNanos), TimeUnit.NANOSECONDS);
            return result(found, probe.tookNanos);
        } catch (TimeoutException _) {
            probe.thread.interrupt();
            long waited = nanoTime.getAsLong() - probe.begunNanos;
            return result(
                    Finding.failing("no answer for %d ms; it should be at most %d ms"
                            .formatted(Duration.ofNanos(waited).toMillis(), timeout.toMillis())),
                    waited);
        } catch (ExecutionException e) {
            LOG.warn("the check {} broke", check.name(), e.getCause());
            return result(Finding.failing("the check broke; the log of " + service + " says how"), probe.tookNanos);
        }
    }

    private HealthCheckResult result(Finding found, long tookNanos) {
        String detail = SecretMask.mask(found.detail());
        return HealthCheckResult.newBuilder()
                .setName(check.name())
                .setCritical(check.weight() == Weight.CRITICAL)
                .setStatus(found.isWell() ? CheckStatus.HEALTHY : CheckStatus.UNHEALTHY)
                .setDetail(detail.substring(0, Math.min(detail.length(), MAX_DETAIL_LENGTH)))
                .setDurationNanos(tookNanos)
                .build();
    }
}
