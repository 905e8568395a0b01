package dev.sluice.metrics.streams;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Up when the windows can be read; otherwise down with the reason. */
final class StreamsHealthIndicator implements HealthIndicator {
    private final StreamsRunner runner;

    StreamsHealthIndicator(StreamsRunner runner) {
        this.runner = runner;
    }

    @Override
    public Health health() {
        StreamsStatus status = runner.status();
        Health.Builder health = status.isRunning() ? Health.up() : Health.down();
        return health.withDetail("phase", status.phase().name())
                .withDetail("reason", status.reason())
                .build();
    }
}
