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
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
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
    private final ReadPublisher reads = new ReadPublisher(
            publishers,
            Binder.get(new MockEnvironment()).bindOrCreate("sluice.cache.event", EventProperties.class),
            InstantSource.system(),
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

    private static ReadResult hit() {
        CacheValue value = CacheValue.of(new byte[] {1}, "text/plain");
        return new ReadResult(
                ReadOutcome.L1_HIT,
                Optional.of(new CacheEntry(value, 1, Instant.EPOCH, Lifetime.of(Duration.ofHours(1)), Duration.ZERO)));
    }
}
