package dev.sluice.cache.engine;

import dev.sluice.platform.test.FakeClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A second level in memory on a fake clock, whose answers can be held back, refused or lost. */
final class FakeSecondLevel implements SecondLevel {

    private static final Duration TOMBSTONE_LIFE = Duration.ofSeconds(60);

    /** What becomes of calls. */
    enum Mood {
        WELL,
        /** Answers with an error and does nothing. */
        FAILING,
        /** Does nothing and never answers. */
        SILENT,
        /** Does what it is told and never answers. */
        MUTE
    }

    private final FakeClock clock;
    private final Map<CacheKey, Slot> slots = new HashMap<>();
    private final Queue<Runnable> held = new ArrayDeque<>();
    private final AtomicBoolean holding = new AtomicBoolean();
    private final AtomicInteger fetches = new AtomicInteger();
    private final AtomicInteger calls = new AtomicInteger();
    private volatile Mood mood = Mood.WELL;

    FakeSecondLevel(FakeClock clock) {
        this.clock = clock;
    }

    @Override
    public Mono<Fetched> fetch(CacheKey key) {
        return answer(() -> {
            fetches.incrementAndGet();
            return live(key).map(slot -> slot.fetched(clock.instant()));
        });
    }

    @Override
    public Mono<Written> put(CacheKey key, CacheValue value, Duration ttl, Condition condition) {
        return answer(() -> {
            boolean existed = require(key, condition);
            long version = nextVersion(key);
            slots.put(
                    key,
                    new Slot(value, version, clock.instant(), clock.instant().plus(ttl)));
            return Optional.of(new Written(version, !existed));
        });
    }

    @Override
    public Mono<DeleteResult> delete(CacheKey key, Condition condition) {
        return answer(() -> {
            boolean existed = require(key, condition);
            long version = nextVersion(key);
            slots.put(
                    key,
                    new Slot(null, version, clock.instant(), clock.instant().plus(TOMBSTONE_LIFE)));
            return Optional.of(new DeleteResult(existed, version));
        });
    }

    void become(Mood next) {
        mood = next;
    }

    /** From now on calls are carried out at once and answered by {@link #releaseOne} or {@link #releaseAll}. */
    void holdAnswers() {
        holding.set(true);
    }

    void stopHolding() {
        holding.set(false);
    }

    /** False when nothing is held. */
    boolean releaseOne() {
        Runnable first = held.poll();
        if (first != null) {
            first.run();
        }
        return first != null;
    }

    void releaseAll() {
        stopHolding();
        while (releaseOne()) {}
    }

    /** As a Redis that starts without its data. */
    void loseEverything() {
        slots.clear();
    }

    int fetches() {
        return fetches.get();
    }

    int calls() {
        return calls.get();
    }

    private <T> Mono<T> answer(Supplier<Optional<T>> act) {
        return Mono.defer(() -> {
            calls.incrementAndGet();
            return switch (mood) {
                case FAILING -> Mono.error(new IllegalStateException("told to fail"));
                case SILENT -> Mono.never();
                case MUTE -> Mono.fromSupplier(act).then(Mono.never());
                case WELL -> holding.get() ? heldBack(act) : Mono.justOrEmpty(act.get());
            };
        });
    }

    private <T> Mono<T> heldBack(Supplier<Optional<T>> act) {
        Sinks.One<T> sink = Sinks.one();
        Runnable release;
        try {
            Optional<T> result = act.get();
            release = () -> result.ifPresentOrElse(sink::tryEmitValue, sink::tryEmitEmpty);
        } catch (ConditionFailedException e) {
            release = () -> sink.tryEmitError(e);
        }
        held.add(release);
        return sink.asMono();
    }

    /** Whether there is an entry. */
    private boolean require(CacheKey key, Condition condition) {
        Optional<Slot> slot = live(key);
        OptionalLong version = slot.isPresent() ? OptionalLong.of(slot.get().version) : OptionalLong.empty();
        if (!condition.holds(version)) {
            throw new ConditionFailedException(version);
        }
        return slot.isPresent();
    }

    /** The version that the next change of the key would get. */
    long versionIfChangedNow(CacheKey key) {
        return nextVersion(key);
    }

    private long nextVersion(CacheKey key) {
        Slot slot = slots.get(key);
        long old = slot == null || slot.hasExpired(clock.instant()) ? 0 : slot.version;
        return Math.max(old + 1, clock.instant().toEpochMilli() * 1000);
    }

    private Optional<Slot> live(CacheKey key) {
        return Optional.ofNullable(slots.get(key))
                .filter(slot -> slot.value != null && !slot.hasExpired(clock.instant()));
    }

    /** A value or, without one, a tombstone. */
    private record Slot(@Nullable CacheValue value, long version, Instant storedAt, Instant expiresAt) {

        boolean hasExpired(Instant now) {
            return !expiresAt.isAfter(now);
        }

        Fetched fetched(Instant now) {
            if (value == null) {
                throw new IllegalStateException("a tombstone has no value");
            }
            return new Fetched(value, version, Duration.between(storedAt, now), Duration.between(now, expiresAt));
        }
    }
}
