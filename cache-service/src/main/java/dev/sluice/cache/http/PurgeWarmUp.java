package dev.sluice.cache.http;

import dev.sluice.cache.coherence.CoherentCache;
import dev.sluice.cache.engine.Purge;
import dev.sluice.platform.web.StrictJson;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads and announces purges of nobody before the first one comes: who purges waits for the log, and the first record of a process waits for
 * connections, for what Kafka knows of the topic, and for code that was never run. Purges nothing. Without Kafka the start goes on.
 */
final class PurgeWarmUp {

    private static final Logger LOG = LoggerFactory.getLogger(PurgeWarmUp.class);

    private static final int PURGES = 50;

    /** Without Kafka, or on a platform whose topics are not made yet, the start takes so much longer. */
    private static final Duration MOST = Duration.ofSeconds(2);

    private static final byte[] REQUEST =
            "{\"namespace\":\"warm-up\",\"tags\":[\"a\"],\"soft\":false}".getBytes(StandardCharsets.UTF_8);

    private final CoherentCache cache;
    private final StrictJson json;

    PurgeWarmUp(CoherentCache cache, StrictJson json) {
        this.cache = cache;
        this.json = json;
    }

    void run() {
        for (int i = 0; i < PURGES; i++) {
            Purge _ = json.read(REQUEST, PurgeRequest.class).purge("sluice").orElseThrow();
            byte[] _ = json.write(new PurgeController.Done("1", 0));
        }
        cache.rehearsePurge(PURGES)
                .timeout(MOST)
                .doOnError(failure -> LOG.debug("purges were not rehearsed; the first will take longer", failure))
                .onErrorComplete()
                .block();
    }
}
