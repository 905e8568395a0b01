package dev.sluice.webhook.health;

import dev.sluice.platform.kafka.LogTable;
import dev.sluice.platform.kafka.LogTables;
import dev.sluice.platform.kafka.Versioned;
import dev.sluice.record.WebhookEndpointState;
import dev.sluice.schemas.Topics;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The health of endpoints, on the log and in memory. Thread-safe. */
final class HealthTable {

    private final LogTable<WebhookEndpointState> table;

    HealthTable(LogTable<WebhookEndpointState> table) {
        this.table = table;
    }

    static HealthTable over(LogTables tables) {
        return new HealthTable(tables.of(Topics.WEBHOOK_ENDPOINT_HEALTH));
    }

    CompletableFuture<Void> whenReady() {
        return table.whenReady();
    }

    /** Endpoints of which something was written before then, and nothing since. */
    List<String> writtenBefore(Instant time) {
        return table.entries().stream()
                .filter(entry -> entry.value().getUpdatedAt().isBefore(time))
                .map(Versioned::key)
                .toList();
    }

    Health find(String endpointId) {
        return Health.of(table.find(endpointId).orElse(null));
    }

    /** Writes whatever is there now: one reader alone has an endpoint's attempts. One that is well takes no room. */
    CompletableFuture<Void> put(String tenant, String endpointId, Health health, Instant now) {
        if (health.equals(Health.GOOD)) {
            return remove(endpointId);
        }
        WebhookEndpointState state = WebhookEndpointState.newBuilder()
                .setEndpointId(endpointId)
                .setTenant(tenant)
                .setConsecutiveFailures(health.failures())
                .setFailingSince(health.failingSince())
                .setDisabledAt(health.disabledAt())
                .setUpdatedAt(now)
                .build();
        return table.put(endpointId, state).thenApply(stored -> null);
    }

    CompletableFuture<Void> remove(String endpointId) {
        return table.find(endpointId).isPresent() ? table.remove(endpointId) : CompletableFuture.completedFuture(null);
    }
}
