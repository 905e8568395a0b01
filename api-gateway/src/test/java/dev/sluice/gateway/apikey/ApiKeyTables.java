package dev.sluice.gateway.apikey;

import dev.sluice.platform.kafka.LogTable;
import dev.sluice.record.ApiKey;

/** Tables of API keys for tests. */
public final class ApiKeyTables {

    private ApiKeyTables() {}

    /** One that waits for no first key. */
    public static ApiKeyTable seeded(LogTable<ApiKey> log) {
        ApiKeyTable table = new ApiKeyTable(log);
        table.markSeeded();
        return table;
    }
}
