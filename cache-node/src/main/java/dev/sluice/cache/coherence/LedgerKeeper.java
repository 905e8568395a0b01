package dev.sluice.cache.coherence;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/** Keeps ledgers again and again, each time when the round before is done. */
final class LedgerKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LedgerKeeper.class);
    private static final Duration INTERVAL = Duration.ofSeconds(2);

    private final Disposable rounds;

    LedgerKeeper(LedgerKeeping keeping) {
        rounds = Mono.defer(keeping::round)
                .onErrorResume(error -> {
                    // Redis is away, which others say louder.
                    LOG.debug("What counts towards quotas was not looked after; trying again", error);
                    return Mono.empty();
                })
                .repeatWhen(ended -> ended.delayElements(INTERVAL))
                .subscribe();
    }

    @Override
    public void close() {
        rounds.dispose();
    }
}
