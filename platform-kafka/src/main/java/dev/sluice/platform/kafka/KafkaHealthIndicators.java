package dev.sluice.platform.kafka;

import java.time.Duration;
import java.util.Map;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Says whether the parts of this module are ready, and what they wait for. */
final class KafkaHealthIndicators {
    /** Tables ask for the end of the log every second. */
    private static final Duration STALE = Duration.ofSeconds(5);

    private KafkaHealthIndicators() {}

    static HealthIndicator topics(TopicProvisioner provisioner) {
        return () -> {
            if (!provisioner.ready().isDone()) {
                return Health.outOfService()
                        .withDetail("waitingFor", provisioner.waitingFor())
                        .build();
            }
            Health.Builder health = Health.up();
            if (!provisioner.differences().isEmpty()) {
                health.withDetail("otherThanPlanned", provisioner.differences());
            }
            return health.build();
        };
    }

    /** Tables that were read once stay in service while Kafka is away: what they hold is better than nothing. */
    static HealthIndicator tables(LogTables tables, TopicProvisioner provisioner) {
        return () -> {
            Map<String, LogTable<?>> opened = tables.opened();
            boolean ready = opened.values().stream().allMatch(LogTable::ready);
            Health.Builder health = ready ? Health.up() : Health.outOfService();
            opened.forEach((topic, table) -> health.withDetail(topic, describe(table, provisioner)));
            return health.build();
        };
    }

    private static String describe(LogTable<?> table, TopicProvisioner provisioner) {
        if (!provisioner.ready().isDone()) {
            return "waiting for " + provisioner.waitingFor();
        }
        if (!table.ready()) {
            return "waiting for the log to be read to its end";
        }
        Duration staleness = table.staleness();
        String state = "complete " + staleness.toMillis() + " ms ago, "
                + table.entries().size() + " entries";
        return staleness.compareTo(STALE) > 0 ? "stale, Kafka does not answer: " + state : state;
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
