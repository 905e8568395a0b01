package dev.sluice.cache.engine;

import dev.sluice.platform.test.FakeClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A second level in memory on a fake clock, whose answers can be held back, refused or lost. */
final class FakeSecondLevel implements SecondLevel {

    static final Duration TOMBSTONE_LIFE = Duration.ofSeconds(60);

    static final int MOST_AT_ONCE = 64;

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

    /** What a second level could leave undone, to show what it is for. */
    enum Weakness {
        LEASE_SURVIVES_DELETE,
        NO_TOMBSTONE,
        VERSION_IS_THE_TIME,
        LEASE_WITHOUT_END,
        PURGES_UNTOLD
    }

    private final FakeClock clock;
    private final Set<Weakness> weaknesses;
    private final Map<CacheKey, FakeSlot> slots = new HashMap<>();
    private final Map<String, Map<String, Epoch>> epochs = new HashMap<>();
    private final Map<String, Long> lastEpochs = new HashMap<>();
    private final Queue<Runnable> held = new ArrayDeque<>();
    private final AtomicBoolean holding = new AtomicBoolean();
    private final AtomicBoolean holdingTouches = new AtomicBoolean();
    private final AtomicInteger fetchesOfMany = new AtomicInteger();
    private final AtomicInteger fetches = new AtomicInteger();
    private final AtomicInteger putsOfMany = new AtomicInteger();
    private final AtomicInteger touches = new AtomicInteger();
    private final AtomicInteger calls = new AtomicInteger();
    private volatile Mood mood = Mood.WELL;

    FakeSecondLevel(FakeClock clock) {
        this(clock, Set.of());
    }

    FakeSecondLevel(FakeClock clock, Set<Weakness> weaknesses) {
        this.clock = clock;
        this.weaknesses = weaknesses;
    }

    @Override
    public Mono<Fetched> fetch(CacheKey key) {
        return answer(() -> {
            fetches.incrementAndGet();
            return fetched(
                    key, slot(key).map(slot -> touched(key, slot.version()).orElse(slot)));
        });
    }

    private Optional<Fetched> fetched(CacheKey key, Optional<FakeSlot> found) {
        long lastPurge = has(Weakness.PURGES_UNTOLD) ? 0 : lastEpochs.getOrDefault(key.tenant(), 0L);
        return found.flatMap(slot -> slot.fetched(clock.instant(), lastPurge));
    }

    @Override
    public int mostAtOnce() {
        return MOST_AT_ONCE;
    }

    /** What ends idle is to be fetched by itself. */
    @Override
    public Mono<Map<CacheKey, Optional<Fetched>>> fetchAll(List<CacheKey> keys) {
        return answer(() -> {
            fetchesOfMany.incrementAndGet();
            Map<CacheKey, Optional<Fetched>> found = new HashMap<>();
            for (CacheKey key : keys) {
                Optional<FakeSlot> slot = slot(key);
                if (slot.filter(there -> there.lifetime().endsIdle()).isEmpty()) {
                    found.put(key, fetched(key, slot));
                }
            }
            return Optional.of(found);
        });
    }

    @Override
    public Mono<Stamp> stamp(CacheKey key) {
        return answer(() -> slot(key).map(slot -> new Stamp(slot.version(), slot.value() != null)));
    }

    @Override
    public Mono<Written> put(
            CacheKey key, CacheValue value, Lifetime lifetime, Condition condition, Duration patience) {
        return answer(() -> Optional.of(written(new PutRequest(key, value, lifetime, condition))));
    }

    /** What ends idle is to be put by itself. */
    @Override
    public Mono<List<PutOutcome>> putAll(List<PutRequest> puts, Duration patience) {
        return answer(() -> {
            putsOfMany.incrementAndGet();
            return Optional.of(puts.stream().map(this::outcome).toList());
        });
    }

    private PutOutcome outcome(PutRequest put) {
        if (put.lifetime().endsIdle()) {
            return PutOutcome.LEFT;
        }
        try {
            return new PutOutcome(written(put), null);
        } catch (ConditionFailedException refusal) {
            return new PutOutcome(null, refusal);
        }
    }

    private Written written(PutRequest put) {
        CacheKey key = put.key();
        boolean existed = require(key, put.condition());
        long version = nextVersion(key);
        long cost = put.condition() instanceof Condition.Leased lease ? micros() - lease.token() : 0;
        long start = put.condition() instanceof Condition.Leased lease ? lease.token() : version;
        slots.put(key, FakeSlot.of(put.value(), version, start, clock.instant(), put.lifetime(), Math.max(0, cost)));
        return new Written(version, !existed);
    }

    @Override
    public Mono<DeleteResult> delete(CacheKey key, Condition condition) {
        return answer(() -> {
            boolean existed = require(key, condition);
            long version = nextVersion(key);
            bury(key, FakeSlot.tombstone(version, clock.instant()));
            return Optional.of(new DeleteResult(existed, version));
        });
    }

    private void bury(CacheKey key, FakeSlot tombstone) {
        FakeSlot before = slot(key).orElse(tombstone);
        boolean leased = has(Weakness.LEASE_SURVIVES_DELETE);
        slots.put(key, leased ? tombstone.leased(before.lease(), before.leasedUntil()) : tombstone);
        if (has(Weakness.NO_TOMBSTONE)) {
            slots.remove(key);
        }
    }

    @Override
    public Mono<Lease> lease(CacheKey key, long seenVersion, Duration life) {
        return answer(() -> {
            FakeSlot slot = slot(key).orElse(FakeSlot.tombstone(0, clock.instant()));
            if (slot.value() != null && slot.version() != seenVersion) {
                return Optional.of(new Lease.Changed());
            }
            if (slot.leasedUntil().isAfter(clock.instant())) {
                return Optional.of(new Lease.Held(Duration.between(clock.instant(), slot.leasedUntil())));
            }
            long token = nextVersion(key);
            FakeSlot kept = slot.value() == null ? FakeSlot.tombstone(token, clock.instant()) : slot;
            slots.put(key, kept.leased(token, clock.instant().plus(life)));
            return Optional.of(new Lease.Granted(token));
        });
    }

    @Override
    public Mono<Boolean> release(CacheKey key, long token) {
        return answer(() -> {
            Optional<FakeSlot> own = slot(key).filter(slot -> slot.lease() == token);
            own.ifPresent(slot -> slots.put(key, slot.leased(token, Instant.EPOCH)));
            return Optional.of(own.isPresent());
        });
    }

    @Override
    public Mono<Duration> touch(CacheKey key, long version) {
        return answer(holdingTouches, () -> {
            touches.incrementAndGet();
            return touched(key, version).map(slot -> Duration.between(clock.instant(), slot.endsAt()));
        });
    }

    private Optional<FakeSlot> touched(CacheKey key, long version) {
        Optional<FakeSlot> touched = slot(key)
                .filter(slot -> slot.value() != null && slot.version() == version)
                .map(slot -> slot.touched(clock.instant()));
        touched.ifPresent(slot -> slots.put(key, slot));
        return touched;
    }

    @Override
    public Mono<Long> purge(Purge purge) {
        return answer(() -> {
            Map<String, Epoch> known = epochs.computeIfAbsent(purge.tenant(), ignored -> new HashMap<>());
            long number = Math.max(lastEpochs.getOrDefault(purge.tenant(), 0L) + 1, micros());
            long added = purge.epochs(number).stream()
                    .filter(epoch -> !known.containsKey(epoch.field()))
                    .count();
            if (known.size() + added > Epochs.MAX_PER_TENANT) {
                throw new TooManyPurgesException();
            }
            purge.epochs(number).forEach(epoch -> known.put(epoch.field(), epoch));
            lastEpochs.put(purge.tenant(), number);
            return Optional.of(number);
        });
    }

    @Override
    public Mono<Purges> purges(String tenant) {
        return answer(() -> Optional.of(new Purges(
                List.copyOf(epochs.getOrDefault(tenant, Map.of()).values()), lastEpochs.getOrDefault(tenant, 0L))));
    }

    @Override
    public Mono<Boolean> sweep(CacheKey key, long version, long epoch) {
        return answer(() -> {
            Optional<FakeSlot> meant = slot(key).filter(slot -> slot.value() != null && slot.version() == version);
            meant.ifPresent(slot -> {
                if (slot.leasedUntil().isAfter(clock.instant()) && slot.lease() >= epoch) {
                    slots.put(
                            key, FakeSlot.tombstone(version, clock.instant()).leased(slot.lease(), slot.leasedUntil()));
                } else {
                    slots.remove(key);
                }
            });
            return Optional.of(meant.isPresent());
        });
    }

    /** As a sweep does. */
    void carryOut(Epochs known) {
        slots.replaceAll((key, slot) -> slot.carriedOut(key, known));
    }

    /** All that was purged is gone from here, and forgotten. */
    void forgetPurges() {
        epochs.clear();
    }

    void become(Mood next) {
        mood = next;
    }

    /** From now on calls are carried out at once and answered by {@link #releaseOne} or {@link #releaseAll}. */
    void holdAnswers() {
        holding.set(true);
    }

    /** The same for touches alone. */
    void holdTouches() {
        holdingTouches.set(true);
    }

    void stopHolding() {
        holdingTouches.set(false);
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

    /** As by hand, behind the back of all nodes. */
    void lose(CacheKey key) {
        slots.remove(key);
    }

    /** Calls, of however many keys. */
    int fetchesOfMany() {
        return fetchesOfMany.get();
    }

    /** Calls, of however many keys. */
    int putsOfMany() {
        return putsOfMany.get();
    }

    int fetches() {
        return fetches.get();
    }

    int touches() {
        return touches.get();
    }

    int calls() {
        return calls.get();
    }

    private <T> Mono<T> answer(Supplier<Optional<T>> act) {
        return answer(holding, act);
    }

    private <T> Mono<T> answer(AtomicBoolean hold, Supplier<Optional<T>> act) {
        return Mono.defer(() -> {
            calls.incrementAndGet();
            return switch (mood) {
                case FAILING -> Mono.error(new IllegalStateException("told to fail"));
                case SILENT -> Mono.never();
                case MUTE -> Mono.fromSupplier(act).then(Mono.never());
                case WELL -> hold.get() || holding.get() ? heldBack(act) : Mono.justOrEmpty(act.get());
            };
        });
    }

    private <T> Mono<T> heldBack(Supplier<Optional<T>> act) {
        Sinks.One<T> sink = Sinks.one();
        Runnable release;
        try {
            Optional<T> result = act.get();
            release = () -> result.ifPresentOrElse(sink::tryEmitValue, sink::tryEmitEmpty);
        } catch (ConditionFailedException | TooManyPurgesException e) {
            release = () -> sink.tryEmitError(e);
        }
        held.add(release);
        return sink.asMono();
    }

    /** Whether there is an entry. */
    private boolean require(CacheKey key, Condition condition) {
        Optional<FakeSlot> slot = slot(key)
                .filter(there -> there.value() != null && !there.value().isAbsence());
        OptionalLong version = slot.isPresent() ? OptionalLong.of(slot.get().version()) : OptionalLong.empty();
        boolean tooLate = condition instanceof Condition.Leased lease
                && micros() - lease.token() > Lease.MAX_LIFE.toNanos() / 1000
                && !has(Weakness.LEASE_WITHOUT_END);
        if (tooLate
                || !condition.holds(
                        version, slot(key).map(there -> there.lease()).orElse(0L))) {
            throw new ConditionFailedException(version);
        }
        return slot.isPresent();
    }

    /** The version that the next change of the key would get. */
    long versionIfChangedNow(CacheKey key) {
        return nextVersion(key);
    }

    private boolean has(Weakness weakness) {
        return weaknesses.contains(weakness);
    }

    private long nextVersion(CacheKey key) {
        if (has(Weakness.VERSION_IS_THE_TIME)) {
            return micros();
        }
        long old = slot(key).map(slot -> Math.max(slot.version(), slot.lease())).orElse(0L);
        return Math.max(old + 1, micros());
    }

    private long micros() {
        return clock.instant().toEpochMilli() * 1000;
    }

    private Optional<FakeSlot> slot(CacheKey key) {
        return Optional.ofNullable(slots.get(key)).filter(slot -> slot.endsAt().isAfter(clock.instant()));
    }
}
