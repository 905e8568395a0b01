package dev.sluice.cache.engine;

import static dev.sluice.cache.engine.Samples.LIFE;
import static dev.sluice.cache.engine.Samples.newKey;
import static dev.sluice.cache.engine.Samples.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.test.FakeClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FirstLevelTest {

    private final FakeClock clock = FakeClock.fixed();
    private final CacheCounts counts = new CacheCounts();
    private final FirstLevel first = new FirstLevel(
            new FirstLevel.Setup(1_000_000, clock, new Epochs(), counts, new FillGuard(), new FillGuard()));
    private final CacheKey key = newKey();

    /** Clearing walks over the copies and can pass one by that is just being made. */
    @Test
    void aCopyThatWasBeingMadeDuringAClearIsDead() {
        long generation = first.guard().generation();
        first.clear();
        first.change(key, (ignored, old) -> Copy.of(entry(5), generation));

        assertThat(first.find(key)).isNull();
    }

    @Test
    void aDeadCopyGivesWayToAnyOther() {
        long generation = first.guard().generation();
        first.clear();
        first.change(key, (ignored, old) -> Copy.of(entry(5), generation));

        first.fill(key, entry(3), Long.MAX_VALUE, first.guard().token(key));

        assertThat(first.find(key)).extracting(Copy::version).isEqualTo(3L);
    }

    @Test
    void anOlderValueDoesNotReplaceANewerOne() {
        first.fill(key, entry(5), Long.MAX_VALUE, first.guard().token(key));
        first.fill(key, entry(4), Long.MAX_VALUE, first.guard().token(key));

        assertThat(first.find(key)).extracting(Copy::version).isEqualTo(5L);
    }

    @Test
    void anInvalidationKeepsACopyOfItsOwnVersion() {
        first.fill(key, entry(5), Long.MAX_VALUE, first.guard().token(key));
        first.invalidate(key, 5);
        assertThat(first.find(key)).isNotNull();

        first.invalidate(key, 6);

        assertThat(first.find(key)).isNull();
    }

    @Test
    void aWriteWithAVoidTokenStillDropsOlderCopies() {
        long token = first.guard().token(key);
        first.fill(key, entry(4), Long.MAX_VALUE, token);
        first.invalidate(key, 3);

        first.write(key, entry(5), token);

        assertThat(first.find(key)).isNull();
    }

    @Test
    void countsTheFillsThatItRefused() {
        long token = first.guard().token(key);
        first.invalidate(key, 1);

        first.fill(key, entry(1), Long.MAX_VALUE, token);

        assertThat(counts.voidedFills.sum()).isOne();
        assertThat(first.find(key)).isNull();
    }

    @Test
    void takesNothingWhileSuspended() {
        first.suspend();
        first.fill(key, entry(5), Long.MAX_VALUE, first.guard().token(key));
        first.write(key, entry(6), first.guard().token(key));

        assertThat(first.entries()).isZero();
    }

    private CacheEntry entry(long version) {
        return new CacheEntry(text("v" + version), version, clock.instant(), LIFE, Duration.ZERO);
    }
}
