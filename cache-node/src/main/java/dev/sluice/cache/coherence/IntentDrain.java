package dev.sluice.cache.coherence;

import dev.sluice.cache.engine.CacheKey;
import dev.sluice.cache.engine.TwoLevelCache;
import dev.sluice.cache.engine.WriteIntents;
import dev.sluice.cache.engine.WriteIntents.Intent;
import dev.sluice.platform.kafka.LogFollower;
import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Announces the changes of nodes that died before they could, or that never learnt that their change was made. Every
 * node drains; announcements of the same change by several are harmless.
 */
final class IntentDrain {
    private static final Logger LOG = LoggerFactory.getLogger(IntentDrain.class);

    /** A change that is not announced so long after it was made has nobody who will; if it has, no harm is done. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private static final int MAX_AT_ONCE = 500;

    private final WriteIntents intents;
    private final TwoLevelCache cache;
    private final InvalidationPublisher invalidations;
    private final LogFollower log;
    private final Duration maxLag;
    private final Counter drained;

    IntentDrain(
            WriteIntents intents,
            TwoLevelCache cache,
            InvalidationPublisher invalidations,
            LogFollower log,
            Duration maxLag,
            Counter drained) {
        this.intents = intents;
        this.cache = cache;
        this.invalidations = invalidations;
        this.log = log;
        this.maxLag = maxLag;
        this.drained = drained;
    }

    /** While the log cannot be reached this would only fill the queue to it. */
    Mono<Void> drain() {
        if (!log.following() || log.staleness().compareTo(maxLag) > 0) {
            return Mono.empty();
        }
        return intents.overdue(GRACE, MAX_AT_ONCE)
                .flatMapMany(Flux::fromIterable)
                .flatMap(this::announce, MAX_AT_ONCE)
                .then();
    }

    /** This node passes its own announcements over, so it drops its copy here. */
    private Mono<Boolean> announce(Intent intent) {
        CacheKey key = intent.key();
        cache.invalidate(key, intent.version());
        CompletableFuture<?> announced = invalidations.publish(key, intent.version(), ChangeMark.UNTOLD);
        return Mono.fromFuture(() -> announced, true)
                .then(intents.fulfilled(intent))
                .doOnNext(fulfilled -> {
                    if (fulfilled) {
                        drained.increment();
                        LOG.info("Announced a change of namespace {} that nobody had announced", key.namespace());
                    }
                });
    }
}
