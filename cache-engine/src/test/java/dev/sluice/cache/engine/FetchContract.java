package dev.sluice.cache.engine;

import static dev.sluice.cache.engine.Samples.LIFE;
import static dev.sluice.cache.engine.Samples.await;
import static dev.sluice.cache.engine.Samples.newKey;
import static dev.sluice.cache.engine.Samples.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cache.engine.SecondLevel.Fetched;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What every second level promises of reads of many. */
abstract class FetchContract extends IdleContract {

    private final CacheKey key = newKey();

    @Test
    void answersManyAsEachByItself() {
        List<CacheKey> keys = Stream.generate(Samples::newKey).limit(40).toList();
        for (int i = 0; i < keys.size(); i += 2) {
            await(level().put(keys.get(i), text("value " + i), LIFE, Condition.any()));
        }
        await(level().delete(keys.get(4), Condition.any()));
        await(level().put(keys.get(6), CacheValue.absence(), LIFE, Condition.any()));
        long purge = await(level().purge(new Purge(key.tenant(), "other", List.of(PurgeScope.tag("a")), false)));

        Map<CacheKey, Optional<Fetched>> found = await(level().fetchAll(keys));

        assertThat(found).containsOnlyKeys(keys);
        for (CacheKey each : keys) {
            Optional<Fetched> alone = level().fetch(each).blockOptional();
            Optional<Fetched> among = found.getOrDefault(each, Optional.empty());
            assertThat(among.map(Fetched::value)).isEqualTo(alone.map(Fetched::value));
            assertThat(among.map(Fetched::version)).isEqualTo(alone.map(Fetched::version));
            assertThat(among.map(Fetched::lifetime)).isEqualTo(alone.map(Fetched::lifetime));
            among.ifPresent(fetched -> {
                assertThat(fetched.lastPurge()).isEqualTo(purge);
                assertThat(fetched.age()).isBetween(Duration.ZERO, Duration.ofMinutes(1));
            });
        }
    }

    /** A read of it is more than that. */
    @Test
    void doesNotAnswerWhatEndsIdleAmongMany() {
        CacheKey idle = newKey();
        await(level().put(key, text("a"), LIFE, Condition.any()));
        await(level().put(idle, text("b"), LIFE.withIdle(Duration.ofMinutes(20)), Condition.any()));

        Map<CacheKey, Optional<Fetched>> found = await(level().fetchAll(List.of(key, idle)));

        if (level().mostAtOnce() > 1) {
            assertThat(found).containsOnlyKeys(key);
        } else {
            assertThat(found.get(idle)).isPresent();
        }
    }
}
