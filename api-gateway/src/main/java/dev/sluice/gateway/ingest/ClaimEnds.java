package dev.sluice.gateway.ingest;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Gathers what became of the claims of a batch, so that Redis is told in one call. It is told once all have ended; and of those that have, soon after
 * the first of them, since an event that the log does not confirm must not keep the others' claims open. Thread-safe; never blocks.
 *
 * @param <T> what ends a claim
 */
final class ClaimEnds<T> {

    /** Longer than the log takes as a rule for all of a batch. */
    static final Duration PATIENCE = Duration.ofMillis(20);

    private final Function<List<T>, Mono<Void>> redis;
    private final Consumer<List<T>> then;
    private final Scheduler scheduler;
    private int missing;
    private List<T> ended = new ArrayList<>();
    private boolean impatient;
    private boolean telling;

    /**
     * For so many ends.
     *
     * @param redis tells it; never fails
     * @param then is given those that Redis was told, on a thread of the scheduler
     */
    ClaimEnds(int expected, Function<List<T>, Mono<Void>> redis, Consumer<List<T>> then, Scheduler scheduler) {
        this.missing = expected;
        this.redis = redis;
        this.then = then;
        this.scheduler = scheduler;
    }

    /** May be called on a thread that must not be held up. */
    void add(T end) {
        boolean first;
        boolean due;
        synchronized (this) {
            first = ended.isEmpty() && !impatient;
            ended.add(end);
            missing--;
            // Who tells now, looks again after; one more in a list is seen with the first of it.
            due = !telling && (missing == 0 || (impatient && ended.size() == 1));
        }
        if (due) {
            Disposable _ = scheduler.schedule(this::tell);
        } else if (first) {
            Disposable _ = scheduler.schedule(this::hurry, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void hurry() {
        synchronized (this) {
            impatient = true;
        }
        tell();
    }

    private void tell() {
        List<T> now;
        synchronized (this) {
            if (telling || ended.isEmpty()) {
                return;
            }
            telling = true;
            now = ended;
            ended = new ArrayList<>();
        }
        Disposable _ = redis.apply(now).subscribe(nothing -> {}, failure -> told(now), () -> told(now));
    }

    /** Whatever ended meanwhile, is told in one call again. */
    private void told(List<T> now) {
        synchronized (this) {
            telling = false;
        }
        then.accept(now);
        tell();
    }
}
