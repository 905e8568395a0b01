package dev.sluice.platform.kafka;

import static dev.sluice.platform.kafka.TestPlatform.tier;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.platform.test.IsolatedKafka;
import dev.sluice.platform.test.LocalKafka;
import dev.sluice.record.Tier;
import dev.sluice.schemas.TopicDescriptor;
import dev.sluice.schemas.TopicDescriptor.Cleanup;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LogTableIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final TopicDescriptor<Tier> topic = TestPlatform.topic(Tier.class, Cleanup.COMPACT);
    private final TestPlatform platform = new TestPlatform(LocalKafka.shared().bootstrapServers(), topic);
    private final LogTable<Tier> table = platform.tables.of(topic);

    /** A write waits no longer than a second for a topic that is just being made. */
    @BeforeEach
    void topicIsThere() {
        platform.provisioner.ready().join();
    }

    @AfterEach
    void close() {
        platform.close();
    }

    @Test
    void seesItsOwnWriteWhenTheWriteCompletes() throws Exception {
        for (int i = 0; i < 20; i++) {
            Tier written = tier("free " + i);
            Versioned<Tier> result = table.put("free", written).get(30, SECONDS);
            assertThat(table.find("free")).contains(written);
            assertThat(table.findVersioned("free")).contains(result);
        }
    }

    @Test
    void postsWithoutReadingBackAndReadsItAllTheSame() throws Exception {
        table.put("free", tier("1")).get(30, SECONDS);
        table.post("free", tier("2")).get(30, SECONDS);
        await().atMost(PATIENCE).until(() -> table.find("free").equals(Optional.of(tier("2"))));
    }

    @Test
    void removesAnEntry() throws Exception {
        table.put("free", tier("free")).get(30, SECONDS);
        table.remove("free").get(30, SECONDS);
        assertThat(table.find("free")).isEmpty();
        assertThat(table.entries()).isEmpty();
    }

    @Test
    void loadsWhatIsThereAndKeepsTheNewest() throws Exception {
        table.put("a", tier("old")).get(30, SECONDS);
        table.put("b", tier("gone")).get(30, SECONDS);
        table.put("a", tier("new")).get(30, SECONDS);
        table.remove("b").get(30, SECONDS);
        try (TestPlatform other = other()) {
            LogTable<Tier> loaded = other.tables.of(topic);
            loaded.whenReady().get(60, SECONDS);
            assertThat(loaded.ready()).isTrue();
            assertThat(loaded.entries())
                    .extracting(entry -> entry.value().getName())
                    .containsExactly("new");
        }
    }

    @Test
    void tellsListenersOfEveryChangeInOrder() throws Exception {
        List<String> heard = new CopyOnWriteArrayList<>();
        table.put("a", tier("1")).get(30, SECONDS);
        table.onChange((key, before, after) -> {
            throw new IllegalStateException("a listener that fails harms nobody");
        });
        table.onChange((key, before, after) -> heard.add(key + name(before) + name(after)));
        // A listener joins between two reads of the log and is told what is there by then.
        await().atMost(PATIENCE).until(() -> heard.contains("a-1"));
        table.put("a", tier("2")).get(30, SECONDS);
        table.remove("a").get(30, SECONDS);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(heard).containsExactly("a-1", "a12", "a2-"));
    }

    /** Nothing is written that would end the wait of its reader. */
    @Test
    void tellsAListenerThatJoinsWhileNothingHappens() throws Exception {
        table.put("a", tier("1")).get(30, SECONDS);
        try (TestPlatform other = other()) {
            LogTable<Tier> resting = other.tables.of(topic);
            resting.whenReady().get(60, SECONDS);
            for (int i = 0; i < 3; i++) {
                List<String> heard = new CopyOnWriteArrayList<>();
                resting.onChange((key, before, after) -> heard.add(key + name(before) + name(after)));
                await().atMost(PATIENCE).until(() -> heard.equals(List.of("a-1")));
            }
        }
    }

    @Test
    void refusesAWriteThatExpectsAnotherVersion() throws Exception {
        long first = table.put("a", tier("1"), LogTable.ABSENT).get(30, SECONDS).version();
        long second = table.put("a", tier("2"), first).get(30, SECONDS).version();
        for (long wrong : new long[] {LogTable.ABSENT, first, second + 1, Long.MAX_VALUE}) {
            assertThatThrownBy(() -> table.put("a", tier("3"), wrong).get(30, SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOf(VersionConflictException.class);
            assertThatThrownBy(() -> table.remove("a", wrong).get(30, SECONDS))
                    .cause()
                    .isInstanceOf(VersionConflictException.class);
        }
        assertThat(table.find("a")).contains(tier("2"));
        table.remove("a", second).get(30, SECONDS);
        table.put("a", tier("4"), LogTable.ABSENT).get(30, SECONDS);
        assertThat(table.find("a")).contains(tier("4"));
    }

    @Test
    void letsExactlyOneOfTwoProcessesWinARace() throws Exception {
        try (TestPlatform other = other()) {
            LogTable<Tier> second = other.tables.of(topic);
            second.whenReady().get(60, SECONDS);
            long version = table.put("a", tier("start")).get(30, SECONDS).version();
            for (int round = 0; round < 20; round++) {
                long expected = version;
                List<CompletableFuture<Versioned<Tier>>> racers = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    racers.add(table.put("a", tier("one " + round + i), expected));
                    racers.add(second.put("a", tier("two " + round + i), expected));
                }
                List<Tier> winners = racers.stream()
                        .filter(racer -> succeeded(racer))
                        .map(racer -> racer.join().value())
                        .toList();
                assertThat(winners).hasSize(1);
                // The losers' processes write the winner again, so versions go on while the value stays.
                await().atMost(PATIENCE).untilAsserted(() -> {
                    assertThat(table.find("a")).contains(winners.getFirst());
                    assertThat(table.findVersioned("a")).isEqualTo(second.findVersioned("a"));
                    assertThat(lastValue()).isEqualTo(winners.getFirst());
                });
                version = table.put("a", tier("next " + round)).get(30, SECONDS).version();
            }
        }
    }

    @Test
    void countsAndCopiesWhatItCannotReadAndGoesOn() throws Exception {
        table.put("a", tier("good")).get(30, SECONDS);
        byte[] key = "a".getBytes(StandardCharsets.UTF_8);
        byte[] value = {1, 2, 3};
        platform.sendRaw(new ProducerRecord<>(topic.name(), key, value));
        table.put("b", tier("after")).get(30, SECONDS);
        assertThat(table.find("a")).contains(tier("good"));
        assertThat(platform.count("sluice.kafka.table.unreadable")).isEqualTo(1);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(platform.readAll(topic.poisonName()))
                        .singleElement()
                        .satisfies(copy -> {
                            assertThat(copy.key()).isEqualTo(key);
                            assertThat(copy.value()).isEqualTo(value);
                        }));
    }

    @Test
    void knowsHowStaleItIsAndSurvivesTheBroker() throws Exception {
        try (IsolatedKafka broker = LocalKafka.newIsolated();
                TestPlatform own = new TestPlatform(broker.bootstrapServers(), topic)) {
            LogTable<Tier> followed = own.tables.of(topic);
            followed.put("a", tier("before")).get(60, SECONDS);
            await().atMost(PATIENCE).until(() -> followed.staleness().compareTo(Duration.ofSeconds(2)) < 0);
            broker.stop();
            await().atMost(PATIENCE).until(() -> followed.staleness().compareTo(Duration.ofSeconds(3)) > 0);
            assertThat(followed.find("a")).contains(tier("before"));
            CompletableFuture<Versioned<Tier>> meanwhile = followed.put("a", tier("lost"));
            assertThatThrownBy(() -> meanwhile.get(60, SECONDS)).cause().isInstanceOf(PublishFailedException.class);
            broker.start();
            await().atMost(PATIENCE).until(() -> followed.staleness().compareTo(Duration.ofSeconds(2)) < 0);
            followed.put("a", tier("after")).get(60, SECONDS);
            assertThat(followed.find("a")).contains(tier("after"));
        }
    }

    @Test
    void writesManyEntriesAtOnce() throws Exception {
        List<CompletableFuture<Versioned<Tier>>> writes = IntStream.range(0, 2_000)
                .mapToObj(i -> table.put("key " + i, tier("tier " + i)))
                .toList();
        CompletableFuture.allOf(writes.toArray(CompletableFuture[]::new)).get(60, SECONDS);
        assertThat(table.entries()).hasSize(2_000);
        assertThat(table.find("key 1999")).contains(tier("tier 1999"));
    }

    private TestPlatform other() {
        return new TestPlatform(LocalKafka.shared().bootstrapServers(), topic);
    }

    private Tier lastValue() {
        return RecordSerde.of(topic)
                .deserializer()
                .deserialize(
                        topic.name(), platform.readAll(topic.name()).getLast().value());
    }

    private static boolean succeeded(CompletableFuture<?> racer) {
        try {
            racer.get(60, SECONDS);
            return true;
        } catch (ExecutionException e) {
            assertThat(e.getCause()).isInstanceOf(VersionConflictException.class);
            return false;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static String name(@org.jspecify.annotations.Nullable Tier tier) {
        return tier == null ? "-" : tier.getName();
    }
}
