package dev.sluice.cache.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cache.engine.PurgeScope.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** Random epochs, told in any order and some twice, against a look at each of them. The seed is the repetition. */
class EpochsPropertyTest {

    private static final List<String> NAMES = List.of("a", "ab", "abc", "b", "ba", "a*", "?b", "*");

    @RepeatedTest(100)
    void judgesAsTheListOfAllEpochsDoes(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        Epochs epochs = new Epochs();
        List<Epoch> told = new ArrayList<>();
        for (int step = 0; step < 60; step++) {
            change(random, epochs, told);
            for (int i = 0; i < 10; i++) {
                CacheKey key = new CacheKey(one(random, "t", "u"), one(random, "n", "m"), name(random));
                assertJudged(epochs, told, key, entry(random));
            }
            assertThat(epochs.all()).allSatisfy(epoch -> assertThat(told).contains(epoch));
        }
    }

    private static void change(Random random, Epochs epochs, List<Epoch> told) {
        if (random.nextInt(4) == 0 && !told.isEmpty()) {
            Epoch retired = told.get(random.nextInt(told.size()));
            epochs.remove(retired);
            told.removeIf(epoch -> epoch.field().equals(retired.field())
                    && epoch.tenant().equals(retired.tenant())
                    && epoch.number() <= retired.number());
            return;
        }
        List<Epoch> some = new ArrayList<>(IntStream.range(0, 1 + random.nextInt(3))
                .mapToObj(i -> epoch(random))
                .toList());
        told.addAll(some);
        some.add(some.getFirst());
        Collections.shuffle(some, random);
        some.forEach(epochs::add);
    }

    private static void assertJudged(Epochs epochs, List<Epoch> told, CacheKey key, CacheEntry entry) {
        long hard = newest(told, key, entry, false);
        long soft = newest(told, key, entry, true);
        if (entry.start() < hard) {
            assertThat(epochs.judge(key, entry)).isEmpty();
        } else if (entry.start() < soft) {
            assertThat(epochs.judge(key, entry)).contains(entry.staleSince(soft));
        } else {
            assertThat(epochs.judge(key, entry).orElseThrow()).isSameAs(entry);
        }
    }

    private static long newest(List<Epoch> told, CacheKey key, CacheEntry entry, boolean soft) {
        return told.stream()
                .filter(epoch -> epoch.soft() == soft
                        && epoch.tenant().equals(key.tenant())
                        && epoch.namespace().equals(key.namespace())
                        && covers(epoch.scope(), key.key(), entry.value().tags()))
                .mapToLong(Epoch::number)
                .max()
                .orElse(0);
    }

    private static boolean covers(PurgeScope scope, String key, List<String> tags) {
        return switch (scope.kind()) {
            case NAMESPACE -> true;
            case KEY -> key.equals(scope.name());
            case TAG -> tags.contains(scope.name());
            case PREFIX -> key.startsWith(scope.name());
            case PATTERN -> new Glob(scope.name()).matches(key);
        };
    }

    private static Epoch epoch(Random random) {
        Kind kind = List.of(Kind.values()).get(random.nextInt(Kind.values().length));
        PurgeScope scope = new PurgeScope(kind, kind == Kind.NAMESPACE ? "" : name(random));
        return new Epoch(
                one(random, "t", "u"),
                one(random, "n", "m"),
                scope,
                random.nextBoolean(),
                1 + random.nextInt(1000) * 1000L);
    }

    private static CacheEntry entry(Random random) {
        long start = 1 + random.nextInt(1000) * 1000L;
        CacheValue value = Samples.text("v")
                .withTags(IntStream.range(0, random.nextInt(3))
                        .mapToObj(i -> name(random))
                        .toList());
        Lifetime lifetime = new Lifetime(Duration.ofMillis(500), Duration.ofMillis(100), Duration.ZERO);
        return new CacheEntry(value, start + random.nextInt(5000), start, Instant.EPOCH, lifetime, Duration.ZERO);
    }

    private static String name(Random random) {
        return NAMES.get(random.nextInt(NAMES.size()));
    }

    private static String one(Random random, String first, String second) {
        return random.nextBoolean() ? first : second;
    }
}
