package dev.sluice.cache.engine;

import static dev.sluice.cache.engine.Samples.await;
import static dev.sluice.cache.engine.Samples.begin;
import static dev.sluice.cache.engine.Samples.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.test.FakeClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/**
 * Entries that end when nobody reads them, against one that notes each read. Up to its idle time after the last read an entry is
 * there, a quarter of it later it is gone; between the two it may be either. The end of its life is kept to the millisecond. The seed is the
 * repetition.
 */
class IdleExpiryPropertyTest {

    private static final int STEPS = 600;
    private static final List<CacheKey> KEYS =
            List.of(new CacheKey("t", "n", "a"), new CacheKey("t", "n", "b"), new CacheKey("u", "n", "a"));

    private final FakeClock clock = FakeClock.fixed();
    private final FakeSecondLevel second = new FakeSecondLevel(clock);
    private final Map<CacheKey, Noted> oracle = new HashMap<>();
    private final List<TwoLevelCache> nodes = new ArrayList<>();
    private Random random = new Random(0);

    @RepeatedTest(100)
    void onThreeNodesReadsOnAnyOfThemCount(RepetitionInfo repetition) {
        start(repetition, 3, true);
        for (int step = 0; step < STEPS; step++) {
            step(true);
        }
    }

    @RepeatedTest(60)
    void onOneNodeAlone(RepetitionInfo repetition) {
        start(repetition, 1, false);
        for (int step = 0; step < STEPS; step++) {
            step(true);
        }
    }

    /** Answers that come late, or not at all, let an entry end early; never is one served that should be gone. */
    @RepeatedTest(100)
    void whateverBecomesOfTouchesNothingIsKeptForLonger(RepetitionInfo repetition) {
        start(repetition, 3, true);
        for (int step = 0; step < STEPS; step++) {
            switch (random.nextInt(8)) {
                case 0 -> second.holdTouches();
                case 1, 2 -> second.releaseAll();
                case 3 ->
                    second.become(random.nextInt(3) == 0 ? FakeSecondLevel.Mood.FAILING : FakeSecondLevel.Mood.WELL);
                default -> step(false);
            }
        }
    }

    private void step(boolean reliable) {
        CacheKey key = KEYS.get(random.nextInt(KEYS.size()));
        switch (random.nextInt(12)) {
            case 0 -> put(key, reliable);
            case 1 -> delete(key, reliable);
            case 2, 3, 4 -> passTime(key);
            default -> read(key, reliable);
        }
    }

    private void put(CacheKey key, boolean reliable) {
        Duration life = Duration.ofMillis(1 + random.nextInt(5_000));
        Duration idle = random.nextInt(4) == 0 ? Duration.ZERO : Duration.ofMillis(1 + random.nextInt(1_000));
        Lifetime lifetime = new Lifetime(life, Duration.ZERO, Duration.ZERO, idle);
        CacheValue value = text("v" + random.nextInt());
        Optional<PutResult> put = begin(node().put(key, value, lifetime, Condition.any()))
                .onErrorComplete()
                .blockOptional();
        assertThat(put.isPresent() || !reliable).isTrue();
        put.ifPresent(made -> {
            oracle.put(key, new Noted(made.entry().version(), lifetime, clock.instant(), clock.instant()));
            tellAll(key, made.entry().version());
        });
    }

    private void delete(CacheKey key, boolean reliable) {
        Optional<DeleteResult> deleted =
                begin(node().delete(key, Condition.any())).onErrorComplete().blockOptional();
        assertThat(deleted.isPresent() || !reliable).isTrue();
        deleted.ifPresent(gone -> {
            oracle.remove(key);
            tellAll(key, gone.version());
        });
    }

    private void tellAll(CacheKey key, long version) {
        nodes.forEach(node -> node.invalidate(key, version));
    }

    private void read(CacheKey key, boolean reliable) {
        Optional<CacheEntry> found = await(node().get(key)).entry();
        Noted noted = oracle.get(key);
        if (found.isPresent() && noted != null && found.get().version() == noted.version) {
            assertThat(noted.mayBeThere(clock.instant())).as("gone by now").isTrue();
            oracle.put(key, noted.readAt(clock.instant()));
            return;
        }
        assertThat(found).as("nothing that was replaced").isEmpty();
        if (reliable && noted != null) {
            assertThat(noted.mustBeThere(clock.instant())).as("ended early").isFalse();
            oracle.remove(key);
        }
    }

    /** Often to just before or behind a moment that matters. */
    private void passTime(CacheKey key) {
        Noted noted = oracle.get(key);
        long idle = noted == null ? 100 : noted.lifetime.idle().toMillis();
        clock.advance(Duration.ofMillis(
                switch (random.nextInt(6)) {
                    case 0 -> Math.max(0, idle - 1);
                    case 1 -> idle;
                    case 2 -> idle + Math.max(1, idle / 4);
                    case 3 -> idle / 4;
                    default -> random.nextInt(300);
                }));
    }

    private void start(RepetitionInfo repetition, int count, boolean shared) {
        random = new Random(repetition.getCurrentRepetition());
        CacheSettings settings = CacheSettings.defaults().withEarlyRefresh(0).withBreaker(3, Duration.ofMillis(20));
        for (int i = 0; i < count; i++) {
            TwoLevelCacheBuilder builder = TwoLevelCache.builder(settings).clock(clock);
            nodes.add((shared ? builder.secondLevel(second) : builder).build());
        }
    }

    private TwoLevelCache node() {
        return nodes.get(random.nextInt(nodes.size()));
    }

    /** An entry with its last read. */
    private record Noted(long version, Lifetime lifetime, Instant storedAt, Instant lastRead) {

        Noted readAt(Instant now) {
            return new Noted(version, lifetime, storedAt, now);
        }

        boolean mustBeThere(Instant now) {
            return livesAt(now) && (lifetime.idle().isZero() || now.isBefore(lastRead.plus(lifetime.idle())));
        }

        boolean mayBeThere(Instant now) {
            long idle = lifetime.idle().toMillis();
            return livesAt(now) && (idle == 0 || now.isBefore(lastRead.plusMillis(idle + Math.max(1, idle / 4))));
        }

        private boolean livesAt(Instant now) {
            return now.isBefore(storedAt.plus(lifetime.fresh()));
        }
    }
}
