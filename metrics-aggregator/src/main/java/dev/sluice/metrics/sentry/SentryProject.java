package dev.sluice.metrics.sentry;

import dev.sluice.metrics.collector.Collector;
import dev.sluice.metrics.collector.RefusedException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The project that takes errors. What it does not take is dropped and counted, and after a 429 so is all until the time that it has named, as Sentry
 * wants it of those who send. Blocks; not thread-safe.
 */
final class SentryProject {

    private static final Logger LOG = LoggerFactory.getLogger(SentryProject.class);

    private static final String CLIENT = "sluice/1";
    private static final String TYPE = "application/x-sentry-envelope";

    /** Sentry's own clients rest for so long when no time is named. */
    private static final Duration UNNAMED_REST = Duration.ofMinutes(1);

    private static final Duration LONGEST_REST = Duration.ofHours(1);

    private final Collector collector;
    private final InstantSource clock;
    private final Counter sent;
    private final Counter dropped;
    private Instant restsUntil = Instant.EPOCH;

    SentryProject(SentryDsn dsn, Duration timeout, InstantSource clock, MeterRegistry meters) {
        this.collector = new Collector(
                dsn.envelopes(),
                TYPE,
                Map.of(
                        "X-Sentry-Auth",
                        "Sentry sentry_version=7, sentry_client=" + CLIENT + ", sentry_key=" + dsn.key()),
                timeout);
        this.clock = clock;
        this.sent = counter(meters, "sent");
        this.dropped = counter(meters, "dropped");
    }

    private static Counter counter(MeterRegistry meters, String result) {
        return Counter.builder("sluice.metrics.sentry.errors")
                .description("Errors that were handed on to Sentry, or could not be")
                .tag("result", result)
                .register(meters);
    }

    void send(byte[] envelope) {
        if (clock.instant().isBefore(restsUntil)) {
            dropped.increment();
            return;
        }
        try {
            collector.post(envelope);
            sent.increment();
        } catch (RefusedException e) {
            dropped.increment();
            if (e.status() == RefusedException.TOO_MANY) {
                rest(e.retryAfter().orElse(UNNAMED_REST));
            }
            // No error: that would be reported, and handed on.
            LOG.warn("Sentry did not take an error: {}", e.getMessage());
        } catch (RuntimeException e) {
            dropped.increment();
            LOG.warn("Sentry could not be reached: {}", e.getMessage());
        }
    }

    private void rest(Duration asked) {
        Duration rest = asked.compareTo(LONGEST_REST) > 0 ? LONGEST_REST : asked;
        restsUntil = clock.instant().plus(rest);
    }
}
