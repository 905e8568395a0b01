package dev.sluice.metrics.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.kafka.RecordSerde;
import dev.sluice.record.CacheOutcome;
import dev.sluice.record.CacheRead;
import dev.sluice.record.CacheReadBatch;
import dev.sluice.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is on the topic, the partition moves on and the bytes are kept. */
class PoisonTest {
    private static final CacheRead HIT = Batches.read(CacheOutcome.L1_HIT, Duration.ofMillis(1), 10);

    private final TopologyHarness topology = new TopologyHarness();

    @AfterEach
    void close() {
        topology.close();
    }

    static List<byte[]> undecodable() {
        byte[] good = RecordSerde.of(Topics.CACHE_READS)
                .serializer()
                .serialize(
                        Topics.CACHE_READS.name(), Batches.of("acme", "feed", "user:*", java.time.Instant.EPOCH, HIT));
        byte[] unknownSchema = good.clone();
        unknownSchema[1] = 0x7F;
        return List.of(
                new byte[0],
                new byte[64],
                "{\"tenant\":\"acme\"}".getBytes(StandardCharsets.UTF_8),
                Arrays.copyOf(good, good.length - 3),
                Arrays.copyOf(good, good.length + 50),
                unknownSchema);
    }

    @ParameterizedTest
    @MethodSource("undecodable")
    void setsAnUndecodableRecordAsideByteForByteAndGoesOn(byte[] value) {
        assertSetAside(value, "sluice.metrics.poison.records");
    }

    @Test
    void setsARecordWithoutAValueAside() {
        assertSetAside(null, "sluice.metrics.poison.records");
    }

    @Test
    void setsABatchWithAnImpossibleDimensionAside() {
        CacheReadBatch batch = Batches.of("ac\u0000me", "feed", "user:*", topology.now(), HIT);
        byte[] value = RecordSerde.of(Topics.CACHE_READS).serializer().serialize(Topics.CACHE_READS.name(), batch);
        assertSetAside(value, "sluice.metrics.poison.records");
    }

    private void assertSetAside(byte @Nullable [] value, String counter) {
        topology.publish(good());
        topology.publishRaw(value);
        topology.publish(good());

        List<TestRecord<byte[], byte[]>> poison = topology.newPoison();
        assertThat(poison).hasSize(1);
        assertThat(poison.getFirst().value()).isEqualTo(value);
        assertThat(poison.getFirst().key()).isEqualTo(new byte[] {1, 2});
        assertThat(poison.getFirst().headers()).extracting(Header::key).contains("sluice-poison-error");
        assertThat(topology.metered(counter)).isEqualTo(1);
        assertThat(topology.storedTally("acme", "feed", "user:*", topology.now())
                        .reads())
                .isEqualTo(2);
    }

    private CacheReadBatch good() {
        return Batches.of("acme", "feed", "user:*", topology.now(), HIT);
    }
}
