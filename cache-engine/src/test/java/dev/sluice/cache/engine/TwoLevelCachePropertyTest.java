package dev.sluice.cache.engine;

import static dev.sluice.cache.engine.Samples.await;
import static dev.sluice.cache.engine.Samples.begin;
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
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import reactor.core.publisher.Mono;

/**
 * Three nodes over one second level against a map. The seed is the repetition. In the first property every step ends
 * before the next; in the second answers are held back and invalidations come late, twice and out of order, and the
 * nodes are compared with the map once all have come.
 */
class TwoLevelCachePropertyTest {

    private static final int STEPS = 400;
    private static final int NODES = 3;
    private static final List<CacheKey> KEYS =
            List.of(new CacheKey("t", "n", "a"), new CacheKey("t", "n", "b"), new CacheKey("u", "n", "a"));

    private final FakeClock clock = FakeClock.fixed();
    private final FakeSecondLevel second = new FakeSecondLevel(clock);
    private final Map<CacheKey, CacheEntry> oracle = new HashMap<>();
    private final List<TwoLevelCache> nodes = new ArrayList<>();
    private final List<Runnable> invalidations = new ArrayList<>();
    private Random random = new Random(0);
    private boolean tracked;

    @RepeatedTest(60)
    void stepByStepEveryNodeAnswersAsTheMap(RepetitionInfo repetition) {
        start(repetition);
        for (int step = 0; step < STEPS; step++) {
            change(false);
            deliver(invalidations.size());
            passTime();
            assertNodesAnswerAsTheMap();
        }
    }

    @RepeatedTest(200)
    void afterAnyDisorderEveryNodeAnswersAsTheMap(RepetitionInfo repetition) {
        start(repetition);
        for (int step = 0; step < STEPS; step++) {
            second.stopHolding();
            if (random.nextInt(3) > 0) {
                second.holdAnswers();
            }
            anyStep();
            if (step % 20 == 19) {
                second.releaseAll();
                Collections.shuffle(invalidations, random);
                deliver(invalidations.size());
                assertNodesAnswerAsTheMap();
            }
        }
    }

    /** Redis says which key was changed, at once and nothing more; entries are also removed behind the nodes' backs. */
    @RepeatedTest(200)
    void afterAnyDisorderNodesThatAreOnlyToldTheKeysAnswerAsTheMap(RepetitionInfo repetition) {
        tracked = true;
        afterAnyDisorderEveryNodeAnswersAsTheMap(repetition);
    }

    private void loseAnEntry() {
        CacheKey key = key();
        second.lose(key);
        oracle.remove(key);
        doubt(key);
        // Redis forgets the version too; its clock sees to it that none is given twice.
        clock.advance(Duration.ofMillis(1));
    }

    private void doubt(CacheKey key) {
        for (TwoLevelCache node : nodes) {
            invalidations.add(() -> node.doubt(key));
        }
    }

    private void anyStep() {
        if (tracked && random.nextInt(12) == 0) {
            loseAnEntry();
        }
        switch (random.nextInt(6)) {
            case 0 -> change(true);
            case 1 -> begin(node().get(key()));
            case 2 -> begin(node().getAll(KEYS));
            case 3 -> second.releaseOne();
            case 4 -> deliver(1);
            default -> passTime();
        }
    }

    private void start(RepetitionInfo repetition) {
        random = new Random(repetition.getCurrentRepetition());
        for (int i = 0; i < NODES; i++) {
            nodes.add(TwoLevelCache.builder(CacheSettings.defaults())
                    .secondLevel(second)
                    .clock(clock)
                    .build());
        }
    }

    /** The map learns of a change when it is made, which is before it is answered. */
    private void change(boolean concurrently) {
        CacheKey key = key();
        Condition condition = condition(key);
        boolean holds = condition.holds(versionOf(key), 0);
        Mono<?> change = random.nextInt(4) == 0 ? delete(key, condition, holds) : put(key, condition, holds);
        Mono<Boolean> done = begin(change.thenReturn(true).onErrorReturn(ConditionFailedException.class, false));
        if (tracked && holds) {
            doubt(key);
        }
        if (!concurrently) {
            assertThat(await(done)).isEqualTo(holds);
        }
    }

    private Mono<PutResult> put(CacheKey key, Condition condition, boolean holds) {
        CacheValue value = text("v" + random.nextInt());
        Duration ttl = Duration.ofMillis(1 + random.nextInt(2000));
        boolean created = versionOf(key).isEmpty();
        if (holds) {
            Instant now = clock.instant();
            oracle.put(
                    key, new CacheEntry(value, second.versionIfChangedNow(key), now, Lifetime.of(ttl), Duration.ZERO));
        }
        return node().put(key, value, ttl, condition).doOnNext(put -> {
            assertThat(put.created()).isEqualTo(created);
            announce(key, put.entry().version());
        });
    }

    private Mono<DeleteResult> delete(CacheKey key, Condition condition, boolean holds) {
        boolean existed = versionOf(key).isPresent();
        if (holds) {
            oracle.remove(key);
        }
        return node().delete(key, condition).doOnNext(deleted -> {
            assertThat(deleted.existed()).isEqualTo(existed);
            announce(key, deleted.version());
        });
    }

    private void announce(CacheKey key, long version) {
        if (tracked) {
            return;
        }
        for (TwoLevelCache node : nodes) {
            invalidations.add(() -> node.invalidate(key, version));
        }
    }

    /** Some a second time. */
    private void deliver(int count) {
        for (int i = 0; i < count && !invalidations.isEmpty(); i++) {
            Runnable next = invalidations.removeFirst();
            next.run();
            if (random.nextInt(5) == 0) {
                next.run();
            }
        }
    }

    private void passTime() {
        clock.advance(Duration.ofMillis(random.nextInt(5) == 0 ? random.nextInt(3000) : random.nextInt(3)));
    }

    private void assertNodesAnswerAsTheMap() {
        for (TwoLevelCache node : nodes) {
            if (random.nextBoolean()) {
                assertThat(await(node.getAll(KEYS)).stream().map(ReadResult::entry))
                        .isEqualTo(KEYS.stream().map(this::live).toList());
            }
            for (CacheKey key : KEYS) {
                assertThat(await(node.get(key)).entry()).isEqualTo(live(key));
            }
        }
    }

    private Condition condition(CacheKey key) {
        long current = versionOf(key).orElse(1);
        return switch (random.nextInt(7)) {
            case 0 -> Condition.absent();
            case 1 -> Condition.present();
            case 2 -> Condition.version(current);
            case 3 -> Condition.version(current + 1);
            default -> Condition.any();
        };
    }

    private OptionalLong versionOf(CacheKey key) {
        Optional<CacheEntry> entry = live(key);
        return entry.isPresent() ? OptionalLong.of(entry.get().version()) : OptionalLong.empty();
    }

    private Optional<CacheEntry> live(CacheKey key) {
        return Optional.ofNullable(oracle.get(key))
                .filter(entry -> entry.expiresAt().isAfter(clock.instant()));
    }

    private TwoLevelCache node() {
        return nodes.get(random.nextInt(NODES));
    }

    private CacheKey key() {
        return KEYS.get(random.nextInt(KEYS.size()));
    }
}
