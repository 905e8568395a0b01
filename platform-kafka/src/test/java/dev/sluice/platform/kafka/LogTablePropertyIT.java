package dev.sluice.platform.kafka;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.platform.test.LocalKafka;
import dev.sluice.platform.test.Randomness;
import dev.sluice.record.Tier;
import dev.sluice.schemas.TopicDescriptor;
import dev.sluice.schemas.TopicDescriptor.Cleanup;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two processes that write in turn, each behind the other, against one naive map that is never behind. */
class LogTablePropertyIT {
    private static final int WRITES = 400;
    private static final List<String> KEYS = List.of("a", "b", "c");

    private final TopicDescriptor<Tier> topic = TestPlatform.topic(Tier.class, Cleanup.COMPACT);
    private final TestPlatform first = new TestPlatform(LocalKafka.shared().bootstrapServers(), topic);
    private final TestPlatform second = new TestPlatform(LocalKafka.shared().bootstrapServers(), topic);
    private final Random random = Randomness.seeded();
    private final Map<String, Versioned<Tier>> naive = new HashMap<>();
    private int conflicts;
    private int rewrites;

    @AfterEach
    void close() {
        first.close();
        second.close();
    }

    @Test
    void agreesWithANaiveMap() throws Exception {
        List<LogTable<Tier>> tables = List.of(first.tables.of(topic), second.tables.of(topic));
        for (LogTable<Tier> table : tables) {
            table.whenReady().get(60, SECONDS);
        }
        for (int i = 0; i < WRITES; i++) {
            step(tables.get(random.nextInt(2)), KEYS.get(random.nextInt(KEYS.size())), TestPlatform.tier("tier " + i));
        }
        assertThat(conflicts).isPositive();
        try (TestPlatform third = new TestPlatform(LocalKafka.shared().bootstrapServers(), topic)) {
            LogTable<Tier> late = third.tables.of(topic);
            late.whenReady().get(60, SECONDS);
            for (LogTable<Tier> table : List.of(tables.getFirst(), tables.getLast(), late)) {
                await().atMost(Duration.ofMinutes(2))
                        .untilAsserted(() -> assertThat(values(table)).isEqualTo(valuesOfNaiveMap()));
            }
        }
    }

    private void step(LogTable<Tier> table, String key, Tier value) throws Exception {
        boolean removes = random.nextInt(4) == 0;
        if (random.nextInt(3) == 0) {
            succeed(removes ? removing(table.remove(key)) : table.put(key, value), key, value, removes);
            return;
        }
        long current = naiveVersion(key);
        long expected = random.nextInt(3) == 0 ? current + random.nextInt(7) - 3 : current;
        CompletableFuture<Versioned<Tier>> write =
                removes ? removing(table.remove(key, expected)) : table.put(key, value, expected);
        try {
            succeed(write, key, value, removes);
            assertThat(expected).as("version that was accepted").isEqualTo(current);
        } catch (ExecutionException e) {
            assertThat(e.getCause()).isInstanceOf(VersionConflictException.class);
            conflicts++;
            if (expected == current) {
                rewritten(table, key);
            }
        }
    }

    private void succeed(CompletableFuture<Versioned<Tier>> write, String key, Tier value, boolean removes)
            throws Exception {
        Versioned<Tier> written = write.get(60, SECONDS);
        if (removes) {
            naive.remove(key);
            return;
        }
        assertThat(written.value()).isEqualTo(value);
        naive.put(key, written);
    }

    /** After a lost race the winner was written again: a newer version of the same value, and nothing else. */
    private void rewritten(LogTable<Tier> table, String key) {
        rewrites++;
        assertThat(rewrites).as("conflicts without a cause").isLessThan(conflicts);
        Versioned<Tier> before = Objects.requireNonNull(naive.get(key), "nothing was there to be written again");
        await().atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> assertThat(table.findVersioned(key)).hasValueSatisfying(now -> {
                    assertThat(now.value()).isEqualTo(before.value());
                    assertThat(now.version()).isGreaterThan(before.version());
                }));
        naive.put(key, table.findVersioned(key).orElseThrow());
    }

    private long naiveVersion(String key) {
        Versioned<Tier> entry = naive.get(key);
        return entry == null ? LogTable.ABSENT : entry.version();
    }

    private static CompletableFuture<Versioned<Tier>> removing(CompletableFuture<Void> removal) {
        return removal.thenApply(done -> new Versioned<>("", TestPlatform.tier(""), 0));
    }

    private Map<String, Tier> valuesOfNaiveMap() {
        return naive.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().value()));
    }

    private static Map<String, Tier> values(LogTable<Tier> table) {
        return table.entries().stream().collect(Collectors.toMap(Versioned::key, Versioned::value));
    }
}
