package dev.sluice.cache.engine;

import dev.sluice.cache.engine.SecondLevel.Stamp;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Copies of which the second level says that their key was changed, without saying by whom. All of them are dropped. What
 * this node has just written itself is likely only told of its own change: the second level is asked for the version,
 * and what it confirms is kept again, by the rules of any value that was read.
 */
class Doubts {

    private static final Logger log = LoggerFactory.getLogger(Doubts.class);

    /** More are not asked about at once; their next reader fetches them. */
    private static final int MAX_UNDER_WAY = 256;

    /** A key that is told of again while it is asked about is asked about again, so many times in all. */
    private static final int ATTEMPTS = 3;

    private final FirstLevel first;
    private final SecondLevel second;
    private final AtomicInteger underWay = new AtomicInteger();
    private volatile boolean raised;

    Doubts(FirstLevel first, SecondLevel second) {
        this.first = first;
        this.second = second;
    }

    void raise(CacheKey key) {
        raised = true;
        first.doubt(key).ifPresent(copy -> ask(key, Copy.of(copy.entry(), 0, copy.aliveUntilMillis())));
    }

    /** Asked of a thread of the driver, which must not be held up for as long as many copies take. */
    void raiseAll() {
        raised = true;
        first.giveUp();
        Disposable _ = Schedulers.boundedElastic().schedule(first::reclaim);
    }

    /**
     * What this node has written, or read in a way that counts, and not kept, since its key was told of before the answer
     * came; or another that shares its counter, so its own echo may be still to come.
     */
    void overtaken(CacheKey key, Copy copy) {
        if (raised) {
            ask(key, copy.awaitingEcho());
        }
    }

    void expectEcho(CacheKey key) {
        if (raised) {
            first.expectEcho(key);
        }
    }

    boolean confirms(Stamp stamp, Copy copy) {
        return stamp.live() && stamp.version() == copy.version();
    }

    private void ask(CacheKey key, Copy copy) {
        if (underWay.incrementAndGet() > MAX_UNDER_WAY) {
            underWay.decrementAndGet();
            return;
        }
        attempt(key, copy, ATTEMPTS)
                .doFinally(ignored -> underWay.decrementAndGet())
                .subscribe(
                        ignored -> {}, error -> log.debug("a value was not confirmed; it will be read again", error));
    }

    /** The token is taken before the question, as for any value that is to be kept. */
    private Mono<Void> attempt(CacheKey key, Copy copy, int left) {
        return Mono.defer(() -> {
            long token = first.guard().token(key);
            return second.stamp(key)
                    .filter(stamp -> confirms(stamp, copy))
                    .filter(ignored -> !first.confirm(key, copy, token) && left > 1)
                    .flatMap(ignored -> attempt(key, copy, left - 1));
        });
    }
}
