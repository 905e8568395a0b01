package dev.sluice.platform.telemetry.health;

import dev.sluice.platform.kafka.RecordPublisher;
import dev.sluice.platform.kafka.RecordPublishers;
import dev.sluice.record.HealthReport;
import dev.sluice.schemas.Topics;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Puts reports on their topic, and takes back those of an instance that stops. */
final class HealthPublisher implements HealthRounds.Outlet {

    private final RecordPublisher<HealthReport> reports;

    HealthPublisher(RecordPublishers publishers) {
        this.reports = publishers.to(Topics.HEALTH);
    }

    @Override
    public CompletableFuture<?> report(HealthReport report) {
        return reports.publish(keyOf(report.getService(), report.getInstance()), report);
    }

    @Override
    public CompletableFuture<?> leave(String service, String instance) {
        return reports.publishTombstone(keyOf(service, instance), Map.of());
    }

    private static String keyOf(String service, String instance) {
        return service + "|" + instance;
    }
}
