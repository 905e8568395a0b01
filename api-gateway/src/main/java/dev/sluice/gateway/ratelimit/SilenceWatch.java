package dev.sluice.gateway.ratelimit;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Everybody who waits for one Redis, and the one timer that looks, each half of the patience, whether it fell silent. Thread-safe; holds no lock.
 *
 * <p><b>When it is silent.</b> The answers of Redis come in order over one connection. So a call that is out for
 * a while says nothing by itself: those before it may just take their time. It says something when nothing at all was
 * heard meanwhile: silence is measured from the last word, or from when the oldest call that is out was sent, if that is later. A silence
 * as long as the patience is a loss, and a loss is one for all: everybody is sent away at once. Else each waits up to the
 * deadline. Both only concern the head of a queue, so a call costs the same however many others are out.
 *
 * <p><b>This process or Redis.</b> When this process was stopped (garbage collection, a busy machine), answers lie unread in
 * the socket. So before silence is a loss, the thread that reads them is let catch up ({@link SharedLimits#caughtUp}): it
 * is silence only when nothing has arrived. The time before a look that came late by more than it was to wait, itself or for that
 * thread, counts for nothing: where this process got no processor, Redis beside it had none either.
 *
 * <p>The timer has a thread of its own, which does nothing else: elsewhere it would stand in line behind the very requests
 * it is to free. Who is sent away has to go on on another thread. A look that fails is followed by the next one like any other:
 * else nobody would be sent away any more.
 */
final class SilenceWatch {

    private static final int LOOKS_A_PATIENCE = 2;

    private final String name;
    private final Breaker breaker;
    private final Runnable onLoss;
    private final Supplier<Mono<Void>> caughtUp;
    private final long patience;
    private final long look;
    private final long deadline;
    private final LongSupplier micros;
    private final Scheduler timer;
    private final Consumer<Throwable> onFailure;

    private final WaitQueue calls = new WaitQueue();
    private final WaitQueue others = new WaitQueue();
    private final Publisher<Void> endOfCall = waiter -> join(calls, waiter);
    private final Publisher<Void> endOfPatience = waiter -> join(others, waiter);
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile long heardAt = Long.MIN_VALUE;

    // Only of who looks.
    private long lookedAt;
    private long delay;
    private long quiet;

    /**
     * @param name whose silence it is, for the breaker
     * @param onLoss is run when silence was the reason to open the breaker
     * @param micros microseconds of a clock that never steps
     * @param timer does nothing else
     * @param onFailure hears of a look that failed; must not fail itself
     */
    SilenceWatch(
            String name,
            Breaker breaker,
            Runnable onLoss,
            Supplier<Mono<Void>> caughtUp,
            Duration patience,
            Duration deadline,
            LongSupplier micros,
            Scheduler timer,
            Consumer<Throwable> onFailure) {
        this.name = name;
        this.timer = timer;
        this.onFailure = onFailure;
        this.breaker = breaker;
        this.onLoss = onLoss;
        this.caughtUp = caughtUp;
        this.patience = micros(patience);
        this.look = this.patience / LOOKS_A_PATIENCE;
        this.deadline = micros(deadline);
        this.micros = micros;
    }

    /** To be subscribed to before a call is sent, until it is answered: fails when it is not waited for any longer. */
    Publisher<Void> endOfCall() {
        return endOfCall;
    }

    /** The same for who waits for calls of others, which says nothing of Redis. */
    Publisher<Void> endOfPatience() {
        return endOfPatience;
    }

    /** Something came from Redis. */
    void heard() {
        heardAt = micros.getAsLong();
    }

    private void join(WaitQueue queue, Subscriber<?> waiter) {
        queue.join(waiter, micros.getAsLong());
        startLooking();
    }

    private void startLooking() {
        if (!looking.get() && looking.compareAndSet(false, true)) {
            quiet = 0;
            lookAfter(look);
        }
    }

    private void lookAfter(long wait) {
        delay = Math.clamp(wait, 1, look);
        lookedAt = micros.getAsLong();
        try {
            Disposable _ = timer.schedule(() -> safely(this::look), delay, TimeUnit.MICROSECONDS);
        } catch (RejectedExecutionException e) {
            // It is closed: nobody will look.
            sendAway(Long.MAX_VALUE, NotWaitedForException::late);
        }
    }

    /** Whoever was at the head of a queue when it failed has left it, so the next look comes further. */
    private void safely(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            failed(e);
        }
    }

    private void failed(Throwable failure) {
        onFailure.accept(failure);
        lookAfter(look);
    }

    private void look() {
        long now = micros.getAsLong();
        long heardBefore = heardAt;
        long oldest = calls.oldest();
        long since = Math.max(oldest, heardBefore);
        boolean isLate = now - lookedAt > delay + look;
        long before = since > lookedAt ? 0 : quiet;
        quiet = Math.clamp(now - since, 0, before + (isLate ? 0 : now - lookedAt));
        if (quiet < patience || breaker.isOpen()) {
            goOn();
            return;
        }
        long most = Math.clamp(oldest + deadline - now, 0, patience);
        Mono<Boolean> catchUp = Mono.defer(caughtUp).thenReturn(true);
        catchUp.timeout(Duration.of(most, ChronoUnit.MICROS), Mono.just(false), timer)
                .onErrorReturn(false)
                .publishOn(timer)
                .subscribe(hasCaughtUp -> safely(() -> caughtUp(hasCaughtUp, now, heardBefore)), this::failed);
    }

    private void caughtUp(boolean hasCaughtUp, long began, long heardBefore) {
        boolean isLate = !hasCaughtUp || micros.getAsLong() - began > look;
        if (isLate) {
            quiet = patience - look;
        } else if (heardAt == heardBefore && breaker.openForSilence(name)) {
            onLoss.run();
        }
        goOn();
    }

    private void goOn() {
        if (breaker.isOpen()) {
            sendAway(Long.MAX_VALUE, NotWaitedForException::lost);
        }
        long now = micros.getAsLong();
        sendAway(now - deadline, NotWaitedForException::late);
        long oldest = oldest();
        if (oldest < WaitQueue.NOBODY) {
            lookAfter(Math.min(patience - quiet, oldest + deadline - now));
            return;
        }
        looking.set(false);
        if (oldest() < WaitQueue.NOBODY) {
            startLooking();
        }
    }

    private void sendAway(long since, Supplier<NotWaitedForException> reason) {
        calls.sendAway(came -> came <= since, reason);
        others.sendAway(came -> came <= since, reason);
    }

    private long oldest() {
        return Math.min(calls.oldest(), others.oldest());
    }

    private static long micros(Duration length) {
        return TimeUnit.NANOSECONDS.toMicros(length.toNanos());
    }
}
