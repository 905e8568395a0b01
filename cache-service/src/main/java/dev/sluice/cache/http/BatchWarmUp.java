package dev.sluice.cache.http;

import dev.sluice.cache.engine.CacheEntry;
import dev.sluice.cache.engine.PutResult;
import dev.sluice.cache.namespace.NamespaceRules;
import dev.sluice.cache.namespace.NamespaceWrites.Reach;
import dev.sluice.cache.namespace.NamespaceWrites.Written;
import dev.sluice.platform.web.StrictJson;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Reads and answers batches of nobody before the first one comes. While the items of a batch are read one after the other, the
 * first of them wait for Redis already: with code that was never run before, for longer than they may. Stores nothing.
 */
final class BatchWarmUp {

    private static final int BATCHES = 20;

    private static final byte[] BATCH = IntStream.range(0, 100)
            .mapToObj(item -> """
                {"key":"item-%d","value":"d2FybQ==","contentType":"text/plain","cacheControl":"max-age=60","cacheGroups":"\\"a\\""}""".formatted(item))
            .collect(Collectors.joining(",", "{\"items\":[", "]}"))
            .getBytes(StandardCharsets.UTF_8);

    private final StrictJson json;

    BatchWarmUp(StrictJson json) {
        this.json = json;
    }

    void run() {
        for (int i = 0; i < BATCHES; i++) {
            List<BatchAnswer.Item> items = json.read(BATCH, BatchRequest.Puts.class).complete().stream()
                    .map(BatchWarmUp::stored)
                    .toList();
            byte[] _ = BatchWriter.write(items);
        }
    }

    private static BatchAnswer.Item stored(BatchRequest.Put item) {
        BatchRequest.Terms terms = item.terms(NamespaceRules.USUAL);
        CacheEntry entry = new CacheEntry(terms.value(), 1, Instant.EPOCH, terms.lifetime(), Duration.ZERO);
        return BatchAnswer.ofPut(item.key(), new Written(new PutResult(entry, true), Reach.ALL_NODES));
    }
}
