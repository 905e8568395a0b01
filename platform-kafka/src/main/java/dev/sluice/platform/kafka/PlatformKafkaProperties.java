package dev.sluice.platform.kafka;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How this deployment keeps and publishes records. Where Kafka is comes from {@code spring.kafka}.
 *
 * @param replicationFactor copies of each topic that is created here; 3 in production
 * @param minInsyncReplicas copies that must have a record before it counts as written; 2 in production
 * @param maxPartitions most partitions of a topic that is created here; unset for what the catalogue says
 * @param provision whether missing topics are created; if not, the service waits until somebody else has
 * @param maxRecordSize largest record that is written or read
 * @param queuedRecords most records that wait for the producer before publishing is refused
 * @param queuedBytes most bytes that wait for the producer before publishing is refused
 * @param queueTime how long a record may wait for the producer before it fails
 */
@ConfigurationProperties("sluice.kafka")
public record PlatformKafkaProperties(
        @DefaultValue("1") short replicationFactor,
        @DefaultValue("1") int minInsyncReplicas,
        @Nullable Integer maxPartitions,
        @DefaultValue("true") boolean provision,
        @DefaultValue("1MB") DataSize maxRecordSize,
        @DefaultValue("10000") int queuedRecords,
        @DefaultValue("32MB") DataSize queuedBytes,
        @DefaultValue("5s") Duration queueTime) {

    public PlatformKafkaProperties {
        require(replicationFactor >= 1, "replication-factor must be at least 1: " + replicationFactor);
        require(
                minInsyncReplicas >= 1 && minInsyncReplicas <= replicationFactor,
                "min-insync-replicas must be between 1 and replication-factor: " + minInsyncReplicas);
        require(maxPartitions == null || maxPartitions >= 1, "max-partitions must be at least 1: " + maxPartitions);
        require(
                maxRecordSize.toBytes() >= 1024 && maxRecordSize.toBytes() <= 64L * 1024 * 1024,
                "max-record-size must be between 1KB and 64MB: " + maxRecordSize);
        require(queuedRecords >= 1, "queued-records must be at least 1: " + queuedRecords);
        require(queuedBytes.toBytes() >= 1, "queued-bytes must be positive: " + queuedBytes);
        require(queueTime.isPositive(), "queue-time must be positive: " + queueTime);
    }

    int maxRecordBytes() {
        return (int) maxRecordSize.toBytes();
    }

    /** The largest record of the largest size, with headers, and with those that poison takes on top. */
    int maxRequestBytes() {
        return maxRecordBytes() + 2 * KafkaClients.HEADER_ROOM_BYTES;
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException("sluice.kafka." + message);
        }
    }
}
