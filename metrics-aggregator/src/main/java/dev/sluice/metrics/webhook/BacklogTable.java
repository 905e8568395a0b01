package dev.sluice.metrics.webhook;

import dev.sluice.platform.kafka.LogTable;
import dev.sluice.platform.kafka.LogTables;
import dev.sluice.platform.kafka.Versioned;
import dev.sluice.record.WebhookEndpointState;
import dev.sluice.schemas.Topics;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Which webhooks are behind, as their dispatchers say, in the memory of every instance. It only reads. Thread-safe. */
public final class BacklogTable {

    private final LogTable<WebhookEndpointState> table;

    BacklogTable(LogTable<WebhookEndpointState> table) {
        this.table = table;
    }

    static BacklogTable over(LogTables tables) {
        return new BacklogTable(tables.of(Topics.WEBHOOK_ENDPOINT_STATE));
    }

    /**
     * Those that are behind, by the id of the webhook; empty while it is not known which are.
     *
     * @param tenants whose are asked for
     */
    public Optional<SortedMap<String, WebhookBacklog>> find(Predicate<String> tenants) {
        if (!table.ready()) {
            return Optional.empty();
        }
        SortedMap<String, WebhookBacklog> behind = new TreeMap<>();
        for (Versioned<WebhookEndpointState> entry : table.entries()) {
            WebhookEndpointState state = entry.value();
            if (!state.getLaggards().isEmpty() && tenants.test(state.getTenant())) {
                behind.put(state.getEndpointId(), WebhookBacklog.of(state));
            }
        }
        return Optional.of(behind);
    }
}
