package dev.sluice.metrics.query;

import dev.sluice.metrics.partition.PartitionQuestion;
import dev.sluice.metrics.partition.PeerCall;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What was read of a tenant's cache in a range of time.
 *
 * @param namespace the only one to look at; null for all
 */
record CacheStatsQuestion(
        CacheStatsReader reader, String tenant, @Nullable String namespace, Instant from, Instant to)
        implements PartitionQuestion<CacheStats> {
    static final String PATH = "/internal/v1/cache/stats";

    static CacheStatsQuestion of(CacheStatsReader reader, PeerCall call) {
        return new CacheStatsQuestion(
                reader, call.tenant(), call.optional("namespace"), call.instant("from"), call.instant("to"));
    }

    @Override
    public String store() {
        return reader.store();
    }

    @Override
    public String path() {
        return PATH;
    }

    @Override
    public Map<String, String> parameters() {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("from", from.toString());
        parameters.put("to", to.toString());
        if (namespace != null) {
            parameters.put("namespace", namespace);
        }
        return parameters;
    }

    @Override
    public CacheStats read(Set<Integer> partitions) {
        return reader.fetch(partitions, tenant, namespace, from, to);
    }

    @Override
    public CacheStats decode(byte[] share) {
        return CacheStats.decode(share);
    }

    @Override
    public CacheStats plus(CacheStats left, CacheStats right) {
        return left.plus(right);
    }
}
