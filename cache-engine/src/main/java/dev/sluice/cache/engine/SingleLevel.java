package dev.sluice.cache.engine;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The first level alone: it issues the versions itself, from the clock of this node, and is never suspended. */
final class SingleLevel implements Levels {

    /** What a Lua number holds exactly; no second level issues more. */
    private static final long MAX_VERSION = 1L << 53;

    private final FirstLevel first;
    private final Epochs epochs;
    private final InstantSource clock;
    private final LocalLeases leases;
    private final AtomicLong lastVersion = new AtomicLong();

    SingleLevel(FirstLevel first, Epochs epochs, InstantSource clock) {
        this.first = first;
        this.epochs = epochs;
        this.clock = clock;
        this.leases = new LocalLeases(clock);
    }

    /** Looks again: a load may have landed since, and who does not see that is told for ever that something has changed. */
    @Override
    public Mono<ReadResult> read(CacheKey key) {
        return Mono.fromSupplier(() -> {
            Copy copy = first.find(key);
            return copy == null ? ReadResult.MISS : ReadResult.of(ReadOutcome.L1_HIT, copy.entry());
        });
    }

    /** There is nobody to be asked. */
    @Override
    public Together together() {
        return new Together() {
            @Override
            public Mono<ReadResult> read(CacheKey key) {
                return SingleLevel.this.read(key);
            }

            @Override
            public Mono<PutResult> put(CacheKey key, CacheValue value, Lifetime lifetime, Condition condition) {
                return SingleLevel.this.put(key, value, lifetime, condition);
            }

            @Override
            public void send() {}
        };
    }

    @Override
    public Mono<ReadResult> readAnew(CacheKey key) {
        return Mono.just(ReadResult.MISS);
    }

    @Override
    public Mono<PutResult> put(CacheKey key, CacheValue value, Lifetime lifetime, Condition condition) {
        return Mono.fromSupplier(() -> {
            AtomicReference<@Nullable PutResult> result = new AtomicReference<>();
            first.change(key, (ignored, old) -> {
                OptionalLong version = require(key, condition, old);
                Instant now = Instant.ofEpochMilli(clock.millis());
                Duration held = leases.end(key);
                long made = nextVersion();
                CacheEntry entry = condition instanceof Condition.Leased lease
                        ? new CacheEntry(value, made, lease.token(), now, lifetime, held)
                        : new CacheEntry(value, made, now, lifetime, Duration.ZERO);
                result.set(new PutResult(entry, version.isEmpty()));
                return Copy.of(entry, first.guard().generation());
            });
            return result.get();
        });
    }

    @Override
    public Mono<DeleteResult> delete(CacheKey key, Condition condition) {
        return Mono.fromSupplier(() -> {
            AtomicReference<@Nullable DeleteResult> result = new AtomicReference<>();
            first.change(key, (ignored, old) -> {
                OptionalLong version = require(key, condition, old);
                Duration _ = leases.end(key);
                result.set(new DeleteResult(version.isPresent(), nextVersion()));
                return null;
            });
            return result.get();
        });
    }

    @Override
    public Mono<Lease> lease(CacheKey key, long seenVersion, Duration life) {
        return Mono.fromSupplier(() -> {
            AtomicReference<@Nullable Lease> result = new AtomicReference<>();
            first.change(key, (ignored, old) -> {
                boolean changed = old != null && old.version() != seenVersion;
                result.set(changed ? new Lease.Changed() : leases.ask(key, life, this::nextVersion));
                return old;
            });
            return result.get();
        });
    }

    /** Every read is on this node: whether the copy is still there is seen when it is kept for longer. */
    @Override
    public Mono<Duration> touch(CacheKey key, CacheEntry entry) {
        return Mono.just(entry.lifetime().idleBound());
    }

    @Override
    public Mono<Boolean> release(CacheKey key, long token) {
        return Mono.fromSupplier(() -> leases.release(key, token));
    }

    /** There is nothing to hold a copy against. */
    @Override
    public Mono<SecondLevel.Stamp> stamp(CacheKey key) {
        return Mono.error(SecondLevelUnavailableException.notAsked());
    }

    @Override
    public Mono<List<Epoch>> purge(Purge purge) {
        return Mono.fromSupplier(() -> {
            forgetOldPurges();
            long there = epochs.all().stream()
                    .filter(epoch -> epoch.tenant().equals(purge.tenant()))
                    .count();
            if (there + purge.scopes().size() > Epochs.MAX_PER_TENANT) {
                throw new TooManyPurgesException();
            }
            List<Epoch> issued = purge.epochs(nextVersion());
            epochs.addAll(purge.tenant(), issued, 0);
            return issued;
        });
    }

    /** Those before which no load under way can have begun are carried out on the copies that there are. */
    private void forgetOldPurges() {
        long newest = (clock.millis() - Lease.MAX_LIFE.toMillis()) * 1000;
        List<Epoch> old =
                epochs.all().stream().filter(epoch -> epoch.number() < newest).toList();
        if (!old.isEmpty()) {
            first.carryOutPurges();
            old.forEach(epochs::remove);
        }
    }

    /** Later versions are higher than any that was heard of; one that nobody can have issued only drops the copy. */
    @Override
    public void invalidate(CacheKey key, long version) {
        if (version <= MAX_VERSION) {
            lastVersion.accumulateAndGet(version, Math::max);
        }
        first.invalidate(key, version);
    }

    /** There is none that could be away. */
    @Override
    public List<Epoch> renounce(Purge purge) {
        throw SecondLevelUnavailableException.notAsked();
    }

    @Override
    public Mono<PutResult> putHere(CacheKey key, CacheValue value, Lifetime lifetime) {
        return Mono.error(SecondLevelUnavailableException.notAsked());
    }

    @Override
    public void doubt(CacheKey key) {}

    @Override
    public void doubtAll() {}

    @Override
    public void suspendFirstLevel() {}

    @Override
    public void resumeFirstLevel() {}

    /** Higher than any that was heard of, and than this one. */
    long versionAbove(long version) {
        lastVersion.accumulateAndGet(version, Math::max);
        return nextVersion();
    }

    private long nextVersion() {
        long micros = clock.millis() * 1000;
        return lastVersion.updateAndGet(last -> Math.max(last + 1, micros));
    }

    /** The version of the entry, if there is one. */
    private OptionalLong require(CacheKey key, Condition condition, @Nullable Copy copy) {
        OptionalLong version = copy == null || copy.entry().value().isAbsence()
                ? OptionalLong.empty()
                : OptionalLong.of(copy.version());
        if (!condition.holds(version, leases.token(key))) {
            throw new ConditionFailedException(version);
        }
        return version;
    }
}
