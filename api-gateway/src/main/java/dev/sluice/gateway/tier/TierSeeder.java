package dev.sluice.gateway.tier;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** Puts the shipped tiers on the log in the background, as often as it takes. */
final class TierSeeder implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(TierSeeder.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final TierTable tiers;
    private volatile Disposable work = Disposables.disposed();

    TierSeeder(TierTable tiers) {
        this.tiers = tiers;
    }

    @Override
    public void start() {
        work = Mono.fromFuture(tiers::seed)
                .retryWhen(Retry.backoff(Long.MAX_VALUE, FIRST_PAUSE)
                        .maxBackoff(LONGEST_PAUSE)
                        .doBeforeRetry(retry -> LOG.warn(
                                "the shipped tiers are not on the log yet: {}",
                                retry.failure().toString())))
                .subscribe(nothing -> {}, failure -> LOG.error("the shipped tiers were not put on the log", failure));
    }

    @Override
    public void stop() {
        work.dispose();
    }

    @Override
    public boolean isRunning() {
        return !work.isDisposed();
    }
}
