package dev.sluice.cache.coherence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cache.engine.CacheSettings;
import dev.sluice.cache.engine.Epoch;
import dev.sluice.cache.engine.PurgeScope;
import dev.sluice.cache.engine.TwoLevelCache;
import dev.sluice.cache.event.KeyFates;
import dev.sluice.platform.kafka.test.FakeLogTable;
import dev.sluice.record.CacheEpoch;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The purges on the log, of which two nodes may write those of one scope in either order. */
class EpochTableTest {

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-03-01T10:00:00Z"));
    private static final PurgeScope SCOPE = PurgeScope.tag("a");

    private final FakeLogTable<CacheEpoch> log = new FakeLogTable<>();
    private final TwoLevelCache cache =
            TwoLevelCache.builder(CacheSettings.defaults()).build();
    private final EpochTable table = new EpochTable(log, cache, new KeyFates(16), CLOCK);

    @AfterEach
    void close() {
        cache.close();
    }

    @Test
    void goesByTheNewerOfAScopeHoweverTheyCome() {
        table.post(epoch(6)).join();
        table.post(epoch(5)).join();
        assertThat(cache.epochs()).containsExactly(epoch(6));
    }

    /** Else the older alone would be taken off the log, and this node would go by the newer for ever. */
    @Test
    void theNewerIsTheLastOfItsScopeOnceASweepHasPutItRight() {
        table.post(epoch(6)).join();
        table.post(epoch(5)).join();
        table.correct(epoch(6)).join();
        assertThat(log.entries())
                .singleElement()
                .satisfies(entry -> assertThat(entry.value().getEpoch()).isEqualTo(6));
        table.retire(epoch(6)).join();
        assertThat(log.entries()).isEmpty();
        assertThat(cache.epochs()).isEmpty();
    }

    @Test
    void whatIsOffTheLogIsNotBroughtBack() {
        table.correct(epoch(6)).join();
        assertThat(log.entries()).isEmpty();
        table.post(epoch(7)).join();
        table.correct(epoch(6)).join();
        assertThat(log.entries())
                .singleElement()
                .satisfies(entry -> assertThat(entry.value().getEpoch()).isEqualTo(7));
    }

    @Test
    void aPurgeThatRedisHasNotIssuedIsAnnouncedBehindTheOlderAlone() {
        table.post(epoch(6)).join();
        table.announce(epoch(5)).join();
        assertThat(log.entries())
                .singleElement()
                .satisfies(entry -> assertThat(entry.value().getEpoch()).isEqualTo(6));
        table.announce(epoch(7)).join();
        assertThat(log.entries())
                .singleElement()
                .satisfies(entry -> assertThat(entry.value().getEpoch()).isEqualTo(7));
    }

    private static Epoch epoch(long number) {
        return new Epoch("acme", "feed", SCOPE, false, number);
    }
}
