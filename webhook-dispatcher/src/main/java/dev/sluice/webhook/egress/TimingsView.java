package dev.sluice.webhook.egress;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How long the parts of a request took as the owner of its endpoint sees it, in milliseconds; absent are those that it did not come to
 * or had no need of.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TimingsView(
        @Nullable Double resolveMillis,
        @Nullable Double connectMillis,
        @Nullable Double tlsMillis,
        @Nullable Double waitMillis,
        double totalMillis) {

    public static TimingsView of(Timings timings) {
        return new TimingsView(
                millis(timings.resolve()),
                millis(timings.connect()),
                millis(timings.tls()),
                millis(timings.waiting()),
                millis(timings.total()));
    }

    private static @Nullable Double millis(Optional<Duration> duration) {
        return duration.map(TimingsView::millis).orElse(null);
    }

    /** In microseconds' steps. */
    public static double millis(Duration duration) {
        return Math.floorDiv(duration.toNanos(), 1_000L) / 1_000.0;
    }
}
