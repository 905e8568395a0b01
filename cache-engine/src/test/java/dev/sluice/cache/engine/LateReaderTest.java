package dev.sluice.cache.engine;

import static dev.sluice.cache.engine.Samples.await;
import static dev.sluice.cache.engine.Samples.newKey;
import static dev.sluice.cache.engine.Samples.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cache.engine.Loader.Loaded;
import dev.sluice.platform.test.FakeClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** A node without a second level, and a reader that looked just before somebody else's load landed. */
class LateReaderTest {

    private final TwoLevelCache alone = TwoLevelCache.builder(CacheSettings.defaults())
            .clock(FakeClock.fixed())
            .build();
    private final CacheKey key = newKey();

    @Test
    void findsWhatWasLoadedMeanwhile() {
        Loader loader = (ignored, stale) -> Mono.just(new Loaded(text("a"), Lifetime.of(Duration.ofHours(1))));
        Mono<ReadResult> late = alone.get(
                key, (ignored, stale) -> Mono.error(new IllegalStateException("not asked")), LoadPatience.defaults());

        ReadResult made = await(alone.get(key, loader, LoadPatience.defaults()));
        ReadResult found = await(late);

        assertThat(made.outcome()).isEqualTo(ReadOutcome.MISS);
        assertThat(found.outcome()).isEqualTo(ReadOutcome.L1_HIT);
        assertThat(found.entry().map(CacheEntry::value)).contains(text("a"));
    }
}
