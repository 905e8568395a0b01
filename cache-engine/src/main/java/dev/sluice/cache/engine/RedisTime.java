package dev.sluice.cache.engine;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.sluice.cache.engine.EntryScript.Answer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * What the clock of Redis says at most when a time of this node has come, so that a change can be told until when it may be made.
 * An answer that tells the time was on its way for a while, so the clock was ahead of this node's by no less than the difference to when it
 * was heard: that is what is reckoned with, a little less with every second as clocks go, until another answer shows more. One that
 * shows less than it can have been tells that the clock of Redis went back. When it went forward, a change is refused that was in time, and made
 * with what the refusal has told. Until a clock that went back is heard of, changes may be as much too late. Of a
 * Redis Cluster each set of slots is one that has a clock. Thread-safe; never waits.
 */
final class RedisTime {

    /** A clock that is being set goes wrong by 500 ppm at most, and so may both (RFC 5905, section 11.3). */
    private static final int WRONG_BY_ONE_IN = 1_000;

    /** Before any time: Redis refuses, and tells its own. */
    private static final long UNKNOWN = 1;

    private static final ByteBuffer ANY_TIME = RedisArguments.number(0);

    private final RedisNames names;
    private final Ticker ticker;
    private final long origin;
    private final AtomicReferenceArray<@Nullable Lead> leads = new AtomicReferenceArray<>(RedisNames.SETS);

    RedisTime(RedisNames names, Ticker ticker) {
        this.names = names;
        this.ticker = ticker;
        this.origin = ticker.read();
    }

    /** By how much a clock was ahead of this node's at least. */
    private record Lead(long micros, long at) {

        long least(long now) {
            return micros - Math.abs(now - at) / WRONG_BY_ONE_IN;
        }
    }

    /** From now on. */
    Deadline within(CacheKey key, Duration patience) {
        boolean hurry = patience.compareTo(SecondLevel.NO_HURRY) < 0;
        return new Deadline(names.ledgerOf(key), hurry ? now() + patience.toNanos() / 1000 : Long.MAX_VALUE);
    }

    private long now() {
        return (ticker.read() - origin) / 1000;
    }

    /** Until when one change may be made, in microseconds of this node. */
    final class Deadline {

        private final int clock;
        private final long end;

        private Deadline(int clock, long end) {
            this.clock = clock;
            this.end = end;
        }

        /**
         * Has a change made that is given the last microsecond of Redis in which it may be. Fails with {@link TimeoutException} when that was over.
         */
        Mono<Answer> keep(Function<ByteBuffer, Mono<Answer>> change) {
            return keepAll(latest -> change.apply(latest).map(List::of)).map(List::getFirst);
        }

        /** The same of several that are made at the same time, or none of them. */
        Mono<List<Answer>> keepAll(Function<ByteBuffer, Mono<List<Answer>>> changes) {
            return Mono.defer(() -> {
                long sent = now();
                return changes.apply(end == Long.MAX_VALUE ? ANY_TIME.duplicate() : RedisArguments.number(latest()))
                        .flatMap(answers -> {
                            answers.forEach(answer -> heard(answer, sent));
                            Optional<Answer> late =
                                    answers.stream().filter(Answer::isLate).findFirst();
                            return late.isPresent() ? late(late.get(), changes) : Mono.just(answers);
                        });
            });
        }

        private Mono<List<Answer>> late(Answer answer, Function<ByteBuffer, Mono<List<Answer>>> changes) {
            return latest() > answer.at()
                    ? keepAll(changes)
                    : Mono.error(new TimeoutException("a change came too late and was not made"));
        }

        private long latest() {
            Lead lead = leads.get(clock);
            return lead == null ? UNKNOWN : end + lead.least(end);
        }

        private void heard(Answer answer, long sent) {
            if (answer.at() == 0) {
                return;
            }
            long heard = now();
            long least = answer.at() - heard - 1;
            long most = answer.at() - sent + 1;
            leads.updateAndGet(clock, known -> {
                boolean better = known == null || least > known.least(heard) || most < known.least(heard);
                return better ? new Lead(least, heard) : known;
            });
        }
    }
}
