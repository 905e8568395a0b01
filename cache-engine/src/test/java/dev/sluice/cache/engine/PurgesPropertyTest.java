package dev.sluice.cache.engine;

import static dev.sluice.cache.engine.Samples.await;
import static dev.sluice.cache.engine.Samples.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.test.FakeClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import reactor.core.publisher.Mono;

/**
 * Puts, deletes and purges of every kind on three nodes, or on one alone, against a map from which a purge takes what it
 * covers at once. Time is simulated; the seed is the repetition.
 */
class PurgesPropertyTest {

    private static final int STEPS = 300;
    private static final List<String> NAMES = List.of("a", "ab", "abc", "b", "ba");
    private static final List<CacheKey> KEYS = Stream.of("n", "m")
            .flatMap(namespace -> NAMES.stream().map(name -> new CacheKey("t", namespace, name)))
            .toList();

    private final FakeClock clock = FakeClock.fixed();
    private final FakeSecondLevel second = new FakeSecondLevel(clock);
    private final Map<CacheKey, Expected> oracle = new HashMap<>();
    private final List<TwoLevelCache> nodes = new ArrayList<>();
    private final List<Runnable> log = new ArrayList<>();
    private Random random = new Random(0);

    /**
     * What the map has of a key. It is stale from the first soft purge on, and its stale time counts from one of them.
     */
    private record Expected(
            CacheValue value, Lifetime lifetime, Instant storedAt, Instant firstStale, Instant lastStale) {

        static Expected of(CacheValue value, Lifetime lifetime, Instant now) {
            Instant end = now.plus(lifetime.fresh());
            return new Expected(value, lifetime, now, end, end);
        }

        Expected purgedSoftly(Instant now) {
            Instant least = storedAt.plusMillis(1);
            Instant from = now.isBefore(least) ? least : now;
            Instant end = storedAt.plus(lifetime.fresh());
            return from.isBefore(end)
                    ? new Expected(value, lifetime, storedAt, from.isBefore(firstStale) ? from : firstStale, from)
                    : new Expected(value, lifetime, storedAt, firstStale, end);
        }

        boolean mustBeServed(Instant now) {
            return now.isBefore(firstStale.plus(lifetime.staleWhileRevalidate()));
        }

        boolean mayBeServed(Instant now) {
            return now.isBefore(lastStale.plus(lifetime.staleWhileRevalidate()));
        }
    }

    @RepeatedTest(60)
    void threeNodesAnswerAsTheMap(RepetitionInfo repetition) {
        random = new Random(repetition.getCurrentRepetition());
        IntStream.range(0, 3).forEach(i -> nodes.add(node(true)));
        for (int step = 0; step < STEPS; step++) {
            anyStep();
            Collections.shuffle(log, random);
            tell(log.size());
            assertNodesAnswerAsTheMap();
        }
    }

    /** What is read from the second level does not wait for the log; a node that has told of nothing serves no copies. */
    @RepeatedTest(60)
    void nodesWithoutAFirstLevelAnswerAsTheMapThoughNobodyTellsThem(RepetitionInfo repetition) {
        random = new Random(repetition.getCurrentRepetition());
        IntStream.range(0, 3).forEach(i -> nodes.add(node(true)));
        nodes.forEach(TwoLevelCache::suspendFirstLevel);
        for (int step = 0; step < STEPS; step++) {
            anyStep();
            assertNodesAnswerAsTheMap();
        }
    }

    @RepeatedTest(60)
    void aNodeAloneAnswersAsTheMap(RepetitionInfo repetition) {
        random = new Random(repetition.getCurrentRepetition());
        nodes.add(node(false));
        for (int step = 0; step < STEPS; step++) {
            anyStep();
            assertNodesAnswerAsTheMap();
        }
    }

    private void anyStep() {
        switch (random.nextInt(8)) {
            case 0, 1, 2 -> put();
            case 3 -> delete();
            case 4 -> purge();
            case 5 -> putUnderALeaseFromBeforeAPurge();
            case 6 -> sweepAll();
            default -> {}
        }
        clock.advance(Duration.ofMillis(1 + random.nextInt(random.nextInt(5) == 0 ? 3000 : 50)));
    }

    private void put() {
        CacheKey key = key();
        CacheValue value = value();
        Lifetime lifetime = lifetime();
        boolean absent =
                Optional.ofNullable(oracle.get(key)).filter(this::mayBeServed).isEmpty();
        Condition condition = absent && random.nextBoolean() ? Condition.absent() : Condition.any();
        oracle.put(key, Expected.of(value, lifetime, clock.instant()));
        CacheEntry entry = await(node().put(key, value, lifetime, condition)).entry();
        nodes.forEach(node -> log.add(() -> node.invalidate(key, entry.version())));
    }

    private void delete() {
        CacheKey key = key();
        oracle.remove(key);
        long version = await(node().delete(key, Condition.any())).version();
        nodes.forEach(node -> log.add(() -> node.invalidate(key, version)));
    }

    private void purge() {
        Purge purge = new Purge("t", random.nextBoolean() ? "n" : "m", scopes(), random.nextBoolean());
        for (CacheKey key : KEYS) {
            oracle.computeIfPresent(key, (ignored, expected) -> {
                if (!covers(purge, key, expected.value())) {
                    return expected;
                }
                return purge.soft() ? expected.purgedSoftly(clock.instant()) : null;
            });
        }
        for (Epoch epoch : await(node().purge(purge))) {
            nodes.forEach(node -> log.add(() -> node.purged(epoch)));
        }
    }

    /** Nothing is stored of what was read at the origin before. */
    private void putUnderALeaseFromBeforeAPurge() {
        CacheKey key = key();
        TwoLevelCache loader = node();
        Optional<Lease> lease = await(loader.getOrLease(key)).lease();
        clock.advance(Duration.ofMillis(5));
        purge();
        clock.advance(Duration.ofMillis(5));
        if (lease.orElse(null) instanceof Lease.Granted granted) {
            CacheValue value = value();
            Lifetime lifetime = lifetime();
            Epochs told = new Epochs();
            nodes.forEach(node -> node.epochs().forEach(told::add));
            Mono<PutResult> put = loader.put(key, value, lifetime, Condition.lease(granted.token()));
            await(put.map(Optional::of).onErrorReturn(ConditionFailedException.class, Optional.empty()))
                    .ifPresent(result -> {
                        nodes.forEach(node -> log.add(
                                () -> node.invalidate(key, result.entry().version())));
                        learn(key, told.judge(key, result.entry()), result.entry());
                    });
        }
    }

    /** The purge before is the newest: it covers the value whenever one does. */
    private void learn(CacheKey key, Optional<CacheEntry> judged, CacheEntry entry) {
        if (judged.isEmpty()) {
            oracle.remove(key);
            return;
        }
        Expected fresh = Expected.of(entry.value(), entry.lifetime(), clock.instant());
        oracle.put(key, judged.get().equals(entry) ? fresh : fresh.purgedSoftly(clock.instant()));
    }

    /** As a pass over Redis does, long after; then all forget. */
    private void sweepAll() {
        List<Epoch> known = nodes.stream()
                .flatMap(node -> node.epochs().stream())
                .distinct()
                .toList();
        if (nodes.size() == 1) {
            return;
        }
        Epochs matcher = new Epochs();
        known.forEach(matcher::add);
        tell(log.size());
        second.carryOut(matcher);
        second.forgetPurges();
        nodes.forEach(node -> known.forEach(node::swept));
        assertThat(nodes).allSatisfy(node -> assertThat(node.epochs()).isEmpty());
    }

    /** Some a second time. */
    private void tell(int count) {
        for (int i = 0; i < count && !log.isEmpty(); i++) {
            Runnable next = log.removeFirst();
            next.run();
            if (random.nextInt(5) == 0) {
                next.run();
            }
        }
    }

    private void assertNodesAnswerAsTheMap() {
        for (CacheKey key : KEYS) {
            Optional<Expected> expected = Optional.ofNullable(oracle.get(key));
            for (TwoLevelCache node : nodes) {
                Optional<CacheValue> found = await(node.get(key)).entry().map(CacheEntry::value);
                assertThat(found.isPresent()
                                || expected.filter(this::mustBeServed).isEmpty())
                        .as(key.toString())
                        .isTrue();
                found.ifPresent(
                        value -> assertThat(expected.filter(this::mayBeServed).map(Expected::value))
                                .as(key.toString())
                                .contains(value));
            }
        }
    }

    private boolean mustBeServed(Expected expected) {
        return expected.mustBeServed(clock.instant());
    }

    private boolean mayBeServed(Expected expected) {
        return expected.mayBeServed(clock.instant());
    }

    private List<PurgeScope> scopes() {
        return IntStream.range(0, 1 + random.nextInt(2))
                .mapToObj(i -> switch (random.nextInt(5)) {
                    case 0 -> PurgeScope.wholeNamespace();
                    case 1 -> PurgeScope.key(name());
                    case 2 -> PurgeScope.tag(name());
                    case 3 -> PurgeScope.prefix(name());
                    default -> PurgeScope.pattern("*" + name());
                })
                .toList();
    }

    private static boolean covers(Purge purge, CacheKey key, CacheValue value) {
        return purge.namespace().equals(key.namespace())
                && purge.scopes().stream().anyMatch(scope -> switch (scope.kind()) {
                    case NAMESPACE -> true;
                    case KEY -> key.key().equals(scope.name());
                    case TAG -> value.tags().contains(scope.name());
                    case PREFIX -> key.key().startsWith(scope.name());
                    case PATTERN -> key.key().endsWith(scope.name().substring(1));
                });
    }

    private CacheValue value() {
        return text("v" + random.nextInt())
                .withTags(IntStream.range(0, random.nextInt(3))
                        .mapToObj(i -> name())
                        .toList());
    }

    private Lifetime lifetime() {
        Duration stale = random.nextBoolean() ? Duration.ZERO : Duration.ofMillis(random.nextInt(1000));
        return new Lifetime(Duration.ofMillis(1 + random.nextInt(4000)), stale, Duration.ZERO);
    }

    private TwoLevelCache node(boolean shared) {
        TwoLevelCacheBuilder builder = TwoLevelCache.builder(
                        CacheSettings.defaults().withEarlyRefresh(0).withLeaseLife(Duration.ofSeconds(1)))
                .clock(clock);
        return shared ? builder.secondLevel(second).build() : builder.build();
    }

    private TwoLevelCache node() {
        return nodes.get(random.nextInt(nodes.size()));
    }

    private CacheKey key() {
        return KEYS.get(random.nextInt(KEYS.size()));
    }

    private String name() {
        return NAMES.get(random.nextInt(NAMES.size()));
    }
}
