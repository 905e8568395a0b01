package dev.sluice.cache.engine;

import static dev.sluice.cache.engine.Samples.await;
import static dev.sluice.cache.engine.Samples.begin;
import static dev.sluice.cache.engine.Samples.newKey;
import static dev.sluice.cache.engine.Samples.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.cache.engine.Loader.Loaded;
import dev.sluice.platform.test.FakeClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

/** How long readers wait for a loader, on virtual time, and what is counted of it. */
class LoadPatienceTest {

    private static final Lifetime LIFETIME =
            new Lifetime(Duration.ofSeconds(10), Duration.ofSeconds(5), Duration.ofSeconds(60));
    private static final LoadPatience SHORT = new LoadPatience(Duration.ofMillis(50), Duration.ofMillis(300));
    private static final LoadPatience LONG = new LoadPatience(Duration.ofMillis(200), Duration.ofSeconds(5));

    private final FakeClock clock = FakeClock.fixed();
    private final VirtualTimeScheduler scheduler = VirtualTimeScheduler.create();
    private final CacheKey key = newKey();
    private final TwoLevelCache cache = TwoLevelCache.builder(
                    CacheSettings.defaults().withLeaseLife(Duration.ofSeconds(30)))
            .secondLevel(new FakeSecondLevel(clock))
            .clock(clock)
            .scheduler(scheduler)
            .ticker(() -> scheduler.now(TimeUnit.NANOSECONDS))
            .build();
    private final List<Sinks.One<Loaded>> pending = new ArrayList<>();
    private final Loader slow = (ignored, stale) -> {
        Sinks.One<Loaded> sink = Sinks.one();
        pending.add(sink);
        return sink.asMono();
    };

    @Test
    void whoJoinsALoadWaitsNoLongerThanItsOwnPatience() {
        Mono<ReadResult> patient = begin(cache.get(key, slow, LONG));
        Mono<ReadResult> hasty = begin(cache.get(key, slow, SHORT));
        pass(Duration.ofMillis(300));
        assertThatThrownBy(() -> await(hasty)).isInstanceOf(LoadFailedException.class);

        answer(0, "a");

        assertThat(valueOf(patient)).isEqualTo(text("a"));
        assertThat(pending).hasSize(1);
        assertThat(loads().coalesced()).isEqualTo(1);
        assertThat(loads().succeeded()).isEqualTo(1);
        assertThat(loads().time()).isEqualTo(Duration.ofMillis(300));
    }

    @Test
    void theHardPatienceIsCoveredByWhatIsStale() {
        load("old");
        clock.advance(Duration.ofSeconds(20));
        LoadPatience both = new LoadPatience(Duration.ofMillis(300), Duration.ofMillis(300));
        Mono<ReadResult> read = begin(cache.get(key, slow, both));
        pass(Duration.ofMillis(300));

        assertThat(await(read).outcome()).isEqualTo(ReadOutcome.STALE);
        assertThat(valueOf(read)).isEqualTo(text("old"));
        assertThat(loads().coveredByStale()).isEqualTo(1);
        assertThat(loads().timedOut()).isEqualTo(1);
    }

    @Test
    void withoutAnythingStaleTheSoftPatienceDoesNotEndTheWait() {
        Mono<ReadResult> read = begin(cache.get(key, slow, LONG));
        pass(Duration.ofSeconds(4));
        answer(0, "a");

        assertThat(valueOf(read)).isEqualTo(text("a"));
    }

    @Test
    void aLoadThatNobodyWaitsForAnyMoreIsKeptAllTheSame() {
        load("old");
        clock.advance(Duration.ofSeconds(12));
        assertThat(await(cache.get(key, slow, SHORT)).outcome()).isEqualTo(ReadOutcome.STALE);
        answer(1, "new");

        assertThat(valueOf(cache.get(key))).isEqualTo(text("new"));
        assertThat(loads().revalidating()).isEqualTo(1);
    }

    @Test
    void aRefreshThatTakesTooLongLetsTheNextReaderTry() {
        load("old");
        clock.advance(Duration.ofSeconds(12));
        await(cache.get(key, slow, SHORT));
        pass(Duration.ofMillis(300));
        await(cache.get(key, slow, SHORT));
        answer(2, "new");

        assertThat(valueOf(cache.get(key))).isEqualTo(text("new"));
        assertThat(loads().timedOut()).isEqualTo(1);
        assertThat(cache.statistics().leases().granted()).isEqualTo(3);
    }

    @Test
    void anErrorOfTheLoaderItselfIsCounted() {
        Loader broken = (ignored, stale) -> {
            throw new IllegalStateException("told to fail");
        };

        assertThatThrownBy(() -> await(cache.get(key, broken, SHORT))).isInstanceOf(LoadFailedException.class);
        assertThatThrownBy(() -> await(cache.get(key, (ignored, stale) -> Mono.empty(), SHORT)))
                .isInstanceOf(LoadFailedException.class);
        assertThat(loads().failed()).isEqualTo(2);
    }

    @Test
    void patienceIsPositiveAndTheHardOneIsNotTheShorter() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LoadPatience(Duration.ZERO, Duration.ofSeconds(1)))
                .withMessage("soft must be positive");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LoadPatience(Duration.ofSeconds(2), Duration.ofSeconds(1)))
                .withMessage("hard must not be shorter than soft");
    }

    private CacheStatistics.Loads loads() {
        return cache.statistics().loads();
    }

    private void load(String value) {
        begin(cache.get(key, slow, LONG));
        answer(pending.size() - 1, value);
    }

    private void answer(int call, String value) {
        pending.get(call).tryEmitValue(new Loaded(text(value), LIFETIME));
    }

    private void pass(Duration time) {
        clock.advance(time);
        scheduler.advanceTimeBy(time);
    }

    private static CacheValue valueOf(Mono<ReadResult> read) {
        return await(read).entry().orElseThrow().value();
    }
}
