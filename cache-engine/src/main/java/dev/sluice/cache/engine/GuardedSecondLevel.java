package dev.sluice.cache.engine;

import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * A second level that answers within a deadline or fails with {@link SecondLevelUnavailableException}, and that is left
 * alone for a while once it did not answer several times. A refused condition is an answer.
 */
final class GuardedSecondLevel implements SecondLevel {

    private static final Logger log = LoggerFactory.getLogger(GuardedSecondLevel.class);

    private final SecondLevel level;
    private final Breaker breaker;
    private final Duration deadline;
    private final InstantSource clock;
    private final Scheduler scheduler;
    private final Runnable beforeRecovery;

    /** The last argument is run when it answers again after an outage, before any other call is let through */
    GuardedSecondLevel(
            SecondLevel level,
            CacheSettings settings,
            InstantSource clock,
            Scheduler scheduler,
            Runnable beforeRecovery) {
        this.level = level;
        this.breaker =
                new Breaker(settings.breakerFailures(), settings.breakerPause().toMillis());
        this.deadline = settings.secondLevelDeadline();
        this.clock = clock;
        this.scheduler = scheduler;
        this.beforeRecovery = beforeRecovery;
    }

    @Override
    public Mono<Fetched> fetch(CacheKey key) {
        return guarded(() -> level.fetch(key));
    }

    @Override
    public Mono<Written> put(CacheKey key, CacheValue value, Duration ttl, Condition condition) {
        return guarded(() -> level.put(key, value, ttl, condition));
    }

    @Override
    public Mono<DeleteResult> delete(CacheKey key, Condition condition) {
        return guarded(() -> level.delete(key, condition));
    }

    Breaker.State state() {
        return breaker.state();
    }

    private <T> Mono<T> guarded(Supplier<Mono<T>> call) {
        return Mono.defer(() -> {
            long permit = breaker.acquire(clock.millis());
            if (permit == Breaker.REFUSED) {
                return Mono.error(SecondLevelUnavailableException.notAsked());
            }
            return Mono.defer(call)
                    .timeout(deadline, scheduler)
                    .doOnSuccess(ignored -> answered(permit))
                    .doOnCancel(() -> breaker.failed(permit, clock.millis()))
                    .onErrorMap(error -> judge(error, permit));
        });
    }

    private Throwable judge(Throwable error, long permit) {
        if (error instanceof ConditionFailedException) {
            answered(permit);
            return error;
        }
        Breaker.State before = breaker.state();
        breaker.failed(permit, clock.millis());
        if (before != Breaker.State.OPEN && breaker.state() == Breaker.State.OPEN) {
            log.warn("the second level is left alone for a while: {}", error.toString());
        }
        return SecondLevelUnavailableException.asked(error);
    }

    private void answered(long permit) {
        if (breaker.wouldClose(permit)) {
            log.info("the second level answers again");
            beforeRecovery.run();
        }
        breaker.succeeded(permit);
    }
}
