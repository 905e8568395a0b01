package dev.sluice.metrics.query;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.sluice.metrics.frequent.FrequentKeys;
import dev.sluice.metrics.frequent.FrequentKeys.Frequent;
import dev.sluice.metrics.freshness.Freshness;
import dev.sluice.metrics.query.CacheAnswers.Period;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The keys that were read most, by their hashes.
 *
 * @param total_requests reads of the patterns that were asked for, whatever their keys
 * @param max_error a key that is not there was read at most so often, unless the limit has left it out
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
record TopKeys(
        @JsonUnwrapped Period period,
        @Nullable Instant asOf,
        @Nullable FreshnessView freshness,
        long total_requests,
        long max_error,
        List<Key> keys) {

    /**
     * One of them.
     *
     * @param key_hash as on the log: 64 bits of the tenant, the namespace and the key, in hexadecimal
     * @param count how often it was read, at least
     * @param max_error how much oftener that may have been, at most
     * @param share of the reads of its pattern, at least
     */
    record Key(String namespace, String pattern, String key_hash, long count, long max_error, double share) {}

    static TopKeys of(Period period, @Nullable Freshness freshness, CacheStats stats, KeyGlob asked, int limit) {
        List<Key> keys = new ArrayList<>();
        long[] reads = {0};
        long[] worst = {0};
        stats.forEachPattern((namespace, pattern, tally) -> {
            if (asked.matches(pattern)) {
                FrequentKeys frequent = tally.frequent();
                long error = frequent.maxError();
                reads[0] += tally.reads();
                worst[0] = Math.max(worst[0], error);
                for (Frequent key : frequent.top()) {
                    keys.add(new Key(
                            namespace,
                            pattern,
                            HexFormat.of().toHexDigits(key.hash()),
                            key.count(),
                            error,
                            NamedFigures.share(key.count(), tally.reads())));
                }
            }
        });
        keys.sort(Comparator.comparingLong(Key::count).reversed().thenComparing(Key::key_hash));
        return new TopKeys(
                period,
                freshness == null ? null : freshness.completeTo(),
                FreshnessView.of(freshness),
                reads[0],
                worst[0],
                keys.stream().limit(limit).toList());
    }
}
