package dev.sluice.cache.engine;

import dev.sluice.cache.engine.CacheStatistics.Evictions;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;

/** Where everything counts what it does. Thread-safe; counting allocates nothing. */
final class CacheCounts {

    /** In the order of the outcomes. */
    private final LongAdder[] reads =
            Stream.of(ReadOutcome.values()).map(ignored -> new LongAdder()).toArray(LongAdder[]::new);

    final ChangeCounts puts = new ChangeCounts();
    final ChangeCounts deletes = new ChangeCounts();
    final LoadCounts loads = new LoadCounts();
    final LeaseCounts leases = new LeaseCounts();
    final EvictionCounts evictedForSize = new EvictionCounts();
    final EvictionCounts expired = new EvictionCounts();
    final LongAdder purged = new LongAdder();
    final LongAdder touched = new LongAdder();
    final LongAdder voidedFills = new LongAdder();

    @SuppressWarnings("EnumOrdinal") // on the path of every hit
    void read(ReadOutcome outcome) {
        reads[outcome.ordinal()].increment();
    }

    @SuppressWarnings("EnumOrdinal") // as above
    long reads(ReadOutcome outcome) {
        return reads[outcome.ordinal()].sum();
    }

    CacheStatistics.Reads readsSoFar() {
        return new CacheStatistics.Reads(
                reads(ReadOutcome.L1_HIT),
                reads(ReadOutcome.L2_HIT),
                reads(ReadOutcome.STALE),
                reads(ReadOutcome.MISS),
                reads(ReadOutcome.NEGATIVE),
                reads(ReadOutcome.ERROR));
    }

    /** How the changes of one kind ended. */
    static final class ChangeCounts {
        final LongAdder done = new LongAdder();
        final LongAdder conditionFailed = new LongAdder();
        final LongAdder unavailable = new LongAdder();
        final LongAdder overQuota = new LongAdder();
        final LongAdder failed = new LongAdder();

        <T> Mono<T> count(Mono<T> change) {
            return change.doOnSuccess(ignored -> done.increment())
                    .doOnError(error -> of(error).increment());
        }

        private LongAdder of(Throwable error) {
            return switch (error) {
                case ConditionFailedException ignored -> conditionFailed;
                case SecondLevelUnavailableException ignored -> unavailable;
                case QuotaExceededException ignored -> overQuota;
                default -> failed;
            };
        }

        CacheStatistics.Changes soFar() {
            return new CacheStatistics.Changes(
                    done.sum(), conditionFailed.sum(), unavailable.sum(), overQuota.sum(), failed.sum());
        }
    }

    /** What loaders did, and for whom. */
    static final class LoadCounts {
        final LongAdder succeeded = new LongAdder();
        final LongAdder failed = new LongAdder();
        final LongAdder timedOut = new LongAdder();
        final LongAdder early = new LongAdder();
        final LongAdder revalidating = new LongAdder();
        final LongAdder coveredByStale = new LongAdder();
        final LongAdder nanos = new LongAdder();
        private final LongAdder asked = new LongAdder();
        private final LongAdder begun = new LongAdder();

        /** Somebody waits for a load, be it another's. */
        void asked() {
            asked.increment();
        }

        /** One begins, for something in that state. */
        void begun(Freshness found) {
            begun.increment();
            switch (found) {
                case FRESH_BUT_DUE -> early.increment();
                case STALE_WHILE_REVALIDATE, STALE_IF_ERROR -> revalidating.increment();
                case FRESH, GONE -> {}
            }
        }

        void ended(LongAdder how, long latencyNanos) {
            how.increment();
            nanos.add(latencyNanos);
        }

        long coalesced() {
            // What is begun first is asked for before: read in the other order, the difference is never negative.
            long alone = begun.sum();
            return asked.sum() - alone;
        }

        long all() {
            return succeeded.sum() + failed.sum() + timedOut.sum();
        }

        CacheStatistics.Loads soFar() {
            return new CacheStatistics.Loads(
                    succeeded.sum(),
                    failed.sum(),
                    timedOut.sum(),
                    coalesced(),
                    early.sum(),
                    revalidating.sum(),
                    coveredByStale.sum(),
                    Duration.ofNanos(nanos.sum()));
        }
    }

    /** What was answered to those who asked for a lease. */
    static final class LeaseCounts {
        final LongAdder granted = new LongAdder();
        final LongAdder held = new LongAdder();
        final LongAdder changed = new LongAdder();

        void answered(Lease lease) {
            switch (lease) {
                case Lease.Granted ignored -> granted.increment();
                case Lease.Held ignored -> held.increment();
                case Lease.Changed ignored -> changed.increment();
            }
        }

        CacheStatistics.Leases soFar() {
            return new CacheStatistics.Leases(granted.sum(), held.sum(), changed.sum());
        }
    }

    /** Copies that left, and their weight. */
    static final class EvictionCounts {
        private final LongAdder count = new LongAdder();
        private final LongAdder weight = new LongAdder();

        void add(int bytes) {
            count.increment();
            weight.add(bytes);
        }

        long count() {
            return count.sum();
        }

        long weight() {
            return weight.sum();
        }

        Evictions soFar() {
            return new Evictions(count(), weight());
        }
    }
}
