package dev.sluice.platform.kafka;

import java.util.Map;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Says whether the parts of this module are ready, and what they wait for. */
final class KafkaHealthIndicators {
    private KafkaHealthIndicators() {}

    static HealthIndicator topics(TopicProvisioner provisioner) {
        return () -> provisioner.ready().isDone()
                ? Health.up().build()
                : Health.outOfService()
                        .withDetail("waitingFor", provisioner.waitingFor())
                        .build();
    }

    static HealthIndicator tables(LogTables tables) {
        return () -> {
            Map<String, LogTable<?>> opened = tables.opened();
            boolean ready = opened.values().stream().allMatch(LogTable::ready);
            Health.Builder health = ready ? Health.up() : Health.outOfService();
            opened.forEach((topic, table) -> health.withDetail(
                    topic,
                    table.ready()
                            ? "complete " + table.staleness().toMillis() + " ms ago, "
                                    + table.entries().size() + " entries"
                            : "waiting for the log to be read to its end"));
            return health.build();
        };
    }

    static HealthIndicator listeners(RecordListenerContainers containers) {
        return () -> {
            Map<String, Boolean> states = containers.states();
            boolean ready = !states.containsValue(false);
            Health.Builder health = ready ? Health.up() : Health.outOfService();
            states.forEach((name, well) -> health.withDetail(name, well ? "listening" : "not listening"));
            return health.build();
        };
    }
}
