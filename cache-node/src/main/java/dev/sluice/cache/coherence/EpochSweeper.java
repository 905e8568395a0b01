package dev.sluice.cache.coherence;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/** Sweeps again and again, each time when the one before is done. */
final class EpochSweeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EpochSweeper.class);
    private static final Duration INTERVAL = Duration.ofMillis(500);

    private final Disposable sweeps;

    EpochSweeper(EpochSweep sweep) {
        sweeps = Mono.defer(sweep::sweep)
                .onErrorResume(error -> {
                    // Redis or Kafka is away, which others say louder.
                    LOG.debug("Purges were not carried out in Redis; trying again", error);
                    return Mono.empty();
                })
                .repeatWhen(ended -> ended.delayElements(INTERVAL))
                .subscribe();
    }

    @Override
    public void close() {
        sweeps.dispose();
    }
}
