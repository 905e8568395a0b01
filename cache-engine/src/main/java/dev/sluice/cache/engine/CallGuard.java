package dev.sluice.cache.engine;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Sees that calls are answered within a deadline or fail with {@link SecondLevelUnavailableException}, and makes none
 * for a while once several were not. A refused condition is an answer.
 */
final class CallGuard implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(CallGuard.class);

    private final Breaker breaker;
    private final Duration deadline;
    private final InstantSource clock;
    private final Scheduler scheduler;
    private final Runnable beforeRecovery;
    private final Supplier<Mono<Void>> probe;
    private final Duration pause;
    private volatile Runnable afterRecovery = () -> {};
    private final Disposable.Swap nextProbe = Disposables.swap();

    /**
     * A guard with a breaker of its own.
     *
     * @param beforeRecovery run when there is an answer again, before any other call is let through
     * @param probe a call that changes nothing: it finds that an outage is over also when nobody asks
     */
    CallGuard(
            CacheSettings settings,
            InstantSource clock,
            Scheduler scheduler,
            Runnable beforeRecovery,
            Supplier<Mono<Void>> probe) {
        this.breaker =
                new Breaker(settings.breakerFailures(), settings.breakerPause().toMillis());
        this.deadline = settings.secondLevelDeadline();
        this.clock = clock;
        this.scheduler = scheduler;
        this.beforeRecovery = beforeRecovery;
        this.probe = probe;
        this.pause = settings.breakerPause();
    }

    /** Ends the probes, also one that is to come. */
    @Override
    public void close() {
        nextProbe.dispose();
    }

    Breaker.State state() {
        return breaker.state();
    }

    /** Whether the last call that was made had no answer, or none are made. */
    boolean isFailing() {
        return breaker.isFailing();
    }

    /** Has the task run when there is an answer again, be it after a single call that had none. */
    void onRecovery(Runnable task) {
        afterRecovery = task;
    }

    <T> Mono<T> guarded(Supplier<Mono<T>> call) {
        return Mono.defer(() -> {
            long permit = breaker.acquire(clock.millis());
            if (permit == Breaker.REFUSED) {
                return Mono.error(SecondLevelUnavailableException.notAsked());
            }
            // Asked for before its time begins, so that what is to be made in time is not made after its end.
            return called(call)
                    .timeout(deadline, scheduler)
                    .doOnSuccess(ignored -> answered(permit))
                    .doOnCancel(() -> failed(permit, "a call was given up"))
                    .onErrorMap(error -> judge(error, permit));
        });
    }

    private static <T> Mono<T> called(Supplier<Mono<T>> call) {
        try {
            return call.get();
        } catch (RuntimeException e) {
            return Mono.error(e);
        }
    }

    /** What a call may take at most. */
    Duration orLess(Duration patience) {
        return patience.compareTo(deadline) < 0 ? patience : deadline;
    }

    private Throwable judge(Throwable error, long permit) {
        if (error instanceof ConditionFailedException
                || error instanceof TooManyPurgesException
                || error instanceof QuotaExceededException) {
            answered(permit);
            return error;
        }
        failed(permit, error.toString());
        return SecondLevelUnavailableException.asked(error);
    }

    private void failed(long permit, String reason) {
        Breaker.State before = breaker.state();
        breaker.failed(permit, clock.millis());
        if (before != Breaker.State.OPEN && breaker.state() == Breaker.State.OPEN) {
            log.warn("the second level is left alone for a while: {}", reason);
            probeLater();
        }
    }

    private void probeLater() {
        if (!nextProbe.isDisposed()) {
            nextProbe.replace(scheduler.schedule(this::probe, pause.toMillis(), TimeUnit.MILLISECONDS));
        }
    }

    /** A probe that fails opens the breaker again, and so leads to the next. */
    private void probe() {
        guarded(probe).subscribe(ignored -> {}, error -> {
            boolean tooEarly = error instanceof SecondLevelUnavailableException away && !away.mayHaveHappened();
            if (tooEarly && breaker.state() == Breaker.State.OPEN) {
                probeLater();
            }
        });
    }

    private void answered(long permit) {
        boolean failing = breaker.isFailing();
        if (breaker.wouldClose(permit)) {
            log.info("the second level answers again");
            beforeRecovery.run();
        }
        breaker.succeeded(permit);
        if (failing && !breaker.isFailing()) {
            afterRecovery.run();
        }
    }
}
