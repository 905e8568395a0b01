package dev.sluice.cache.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cache.engine.CacheEntry;
import dev.sluice.cache.engine.CacheKey;
import dev.sluice.cache.engine.CacheValue;
import dev.sluice.cache.engine.HitObserver;
import dev.sluice.cache.engine.Lifetime;
import dev.sluice.cache.engine.ReadOutcome;
import dev.sluice.cache.engine.ReadResult;
import dev.sluice.platform.kafka.PlatformKafkaProperties;
import dev.sluice.platform.kafka.RecordPublishers;
import dev.sluice.platform.test.FakeClock;
import dev.sluice.record.CacheReadBatch;
import dev.sluice.schemas.RecordDecoder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.mock.env.MockEnvironment;

/** Reads on their way to the log, and those that are too late for it. */
class ReadPublisherTest {

    private static final CacheKey KEY = new CacheKey("acme", "prices", "item-1");

    private static final ReadResult MISS = new ReadResult(ReadOutcome.MISS, Optional.empty());

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final RecordPublishers publishers = new RecordPublishers(
            () -> producer,
            Binder.get(new MockEnvironment()).bindOrCreate("sluice.kafka", PlatformKafkaProperties.class),
            meters);
    private final FakeClock clock = FakeClock.fixed();
    private final KeyFates fates = new KeyFates(1000);
    private final ReadPublisher reads = new ReadPublisher(
            publishers,
            Binder.get(new MockEnvironment()).bindOrCreate("sluice.cache.event", EventProperties.class),
            fates,
            clock,
            "node");

    @AfterEach
    void close() {
        reads.close();
        publishers.close();
    }

    @Test
    void whatIsReadBeforeTheEndIsPublished() {
        HitObserver hits = reads.hitsOf(KEY, hit());
        for (int i = 0; i < 10; i++) {
            reads.onRead(KEY, MISS, 1);
            assertThat(isTold(hits)).isTrue();
        }

        reads.close();

        assertThat(count("published")).isEqualTo(20);
        assertThat(count("dropped")).isZero();
        assertThat(producer.history()).isNotEmpty();
    }

    /** An application may read while its context ends. */
    @Test
    void whatIsReadAfterTheEndIsCountedAsDropped() {
        HitObserver hits = reads.hitsOf(KEY, hit());
        assertThat(isTold(hits)).isTrue();
        reads.close();

        assertThat(isTold(hits)).isFalse();
        for (int i = 0; i < 5; i++) {
            reads.onRead(KEY, MISS, 1);
            assertThat(isTold(reads.hitsOf(KEY, hit()))).isFalse();
        }

        assertThat(count("published")).isEqualTo(1);
        assertThat(count("dropped")).isEqualTo(11);
    }

    @Test
    void aMissSaysWhyAndWhatItsValueCost() {
        long now = clock.millis() * 1000;
        reads.onRead(KEY, MISS, 1);
        reads.onRead(KEY, found(ReadOutcome.L2_HIT, now - 1_000_000, Duration.ofMillis(30)), 1);
        reads.onRead(KEY, MISS, 1);
        fates.removed(KEY, now - 500_000);
        reads.onRead(KEY, MISS, 1);
        CacheEntry made = entry(now, Duration.ofMillis(20));
        fates.stored(KEY, made);
        reads.onRead(KEY, new ReadResult(ReadOutcome.MISS, Optional.of(made)), 1);
        clock.advance(Duration.ofHours(1));
        reads.onRead(KEY, MISS, 1);

        reads.close();

        assertThat(producer.history().stream()
                        .map(record -> RecordDecoder.of(CacheReadBatch.class).decode(record.value()))
                        .flatMap(batch -> batch.getEntries().stream())
                        .map(read -> read.getOutcome() + " " + read.getMissClass() + " " + read.getLoadMicros()))
                .containsExactly(
                        "MISS COLD 0",
                        "L2_HIT UNKNOWN 30000",
                        "MISS EVICTED 0",
                        "MISS INVALIDATED 0",
                        "MISS INVALIDATED 20000",
                        "MISS EXPIRED 0");
    }

    /** Whether the next hit may be told to the same. */
    private static boolean isTold(HitObserver hits) {
        return hits.onHit(hits.markOf(KEY), ReadOutcome.L1_HIT, 1, 1, 2);
    }

    private double count(String end) {
        return meters.get("sluice.kafka.batch." + end)
                .tag("publisher", "cache-reads")
                .counter()
                .count();
    }

    private ReadResult hit() {
        return found(ReadOutcome.L1_HIT, 1, Duration.ZERO);
    }

    private ReadResult found(ReadOutcome outcome, long version, Duration cost) {
        return new ReadResult(outcome, Optional.of(entry(version, cost)));
    }

    private CacheEntry entry(long version, Duration cost) {
        CacheValue value = CacheValue.of(new byte[] {1}, "text/plain");
        return new CacheEntry(value, version, clock.instant(), Lifetime.of(Duration.ofHours(1)), cost);
    }
}
