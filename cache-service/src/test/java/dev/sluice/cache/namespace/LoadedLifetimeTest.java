package dev.sluice.cache.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cache.engine.CacheValue;
import dev.sluice.cache.engine.Lifetime;
import dev.sluice.cache.engine.Loader.Loaded;
import dev.sluice.cache.engine.Loader.Use;
import dev.sluice.cache.engine.Quota;
import dev.sluice.cache.origin.OriginAnswer;
import dev.sluice.platform.test.Randomness;
import dev.sluice.platform.web.caching.Directives;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How long what an origin answered is kept. */
class LoadedLifetimeTest {

    private static final NamespaceRules RULES = new NamespaceRules(
            Duration.ofSeconds(100),
            Duration.ofSeconds(1_000),
            Optional.empty(),
            Duration.ofSeconds(10),
            Duration.ofSeconds(20),
            Duration.ofSeconds(7),
            Optional.empty(),
            Optional.empty(),
            WritesWithoutRedis.REFUSED,
            Quota.NONE,
            Duration.ZERO);

    private static final Optional<CacheValue> NONE = Optional.empty();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|0|100|10|20",
                "max-age=50|0|50|10|20",
                "max-age=50|20|30|10|20",
                "max-age=50, s-maxage=60|0|60|10|20",
                "max-age=5000|0|1000|0|0",
                "max-age=985|0|985|10|15",
                "max-age=50, stale-while-revalidate=0, stale-if-error=3|0|50|0|3",
                "public, immutable|0|100|10|20",
            })
    void theOriginMaySayHowLongWithinWhatTheNamespaceAllows(
            String directives, long age, long fresh, long whileRevalidate, long ifError) {
        Loaded loaded = ReadThrough.loaded(RULES, value(directives, age), NONE);
        assertThat(loaded.use()).isEqualTo(Use.BY_ALL);
        assertThat(loaded.lifetime())
                .isEqualTo(new Lifetime(
                        Duration.ofSeconds(fresh), Duration.ofSeconds(whileRevalidate), Duration.ofSeconds(ifError)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no-store",
                "private",
                "no-cache",
                "max-age=0",
                "max-age=nonsense",
                "s-maxage=0, max-age=9",
                "max-age=5"
            })
    void whatTheOriginDoesNotWantKeptIsNot(String directives) {
        assertThat(ReadThrough.loaded(RULES, value(directives, 5), NONE).use()).isEqualTo(Use.BY_THIS_READ);
    }

    @Test
    void anAbsenceIsKeptForATimeOfItsOwnAndNeverStale() {
        Loaded usual = ReadThrough.loaded(RULES, new OriginAnswer.Absent(Directives.NONE, Duration.ZERO), NONE);
        assertThat(usual.value().isAbsence()).isTrue();
        assertThat(usual.lifetime()).isEqualTo(Lifetime.of(Duration.ofSeconds(7)));
        Loaded said = ReadThrough.loaded(
                RULES,
                new OriginAnswer.Absent(Directives.parse(List.of("max-age=3, stale-if-error=9")), Duration.ZERO),
                NONE);
        assertThat(said.lifetime()).isEqualTo(Lifetime.of(Duration.ofSeconds(3)));
    }

    @Test
    void whatHasNotChangedIsKeptAnewWithTheTagsOfNow() {
        CacheValue known = CacheValue.of(new byte[] {1}, "text/plain")
                .withTags(List.of("a"))
                .withValidator("\"v1\"");
        Directives directives = Directives.parse(List.of("max-age=50"));
        Loaded same = ReadThrough.loaded(
                RULES, new OriginAnswer.Unchanged(Optional.empty(), directives, Duration.ZERO), Optional.of(known));
        assertThat(same.value()).isEqualTo(known);
        assertThat(same.lifetime().fresh()).isEqualTo(Duration.ofSeconds(50));
        Loaded moved = ReadThrough.loaded(
                RULES,
                new OriginAnswer.Unchanged(Optional.of(List.of("b")), Directives.NONE, Duration.ZERO),
                Optional.of(known));
        assertThat(moved.value()).isEqualTo(known.withTags(List.of("b")));
        assertThat(moved.lifetime().fresh()).isEqualTo(RULES.defaultTtl());
    }

    @Test
    void noAnswerIsEverKeptForLongerThanAllowed() {
        Random random = Randomness.seeded();
        for (int round = 0; round < 20_000; round++) {
            String directives = "max-age=" + random.nextInt(2_000) + ", stale-while-revalidate=" + random.nextInt(2_000)
                    + ", stale-if-error=" + random.nextInt(2_000);
            Loaded loaded = ReadThrough.loaded(RULES, value(directives, random.nextInt(10)), NONE);
            assertThat(loaded.lifetime().whole()).as(directives).isLessThanOrEqualTo(RULES.maxTtl());
        }
    }

    private static OriginAnswer value(String directives, long age) {
        return new OriginAnswer.Value(
                CacheValue.of(new byte[] {1}, "text/plain"),
                Directives.parse(List.of(directives)),
                Duration.ofSeconds(age));
    }
}
