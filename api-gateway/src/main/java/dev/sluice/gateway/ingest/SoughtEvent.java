package dev.sluice.gateway.ingest;

import dev.sluice.record.DomainEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.utils.Utils;

/**
 * An event that may be on the log.
 *
 * @param key of its record; it names the tenant
 * @param since the earliest time that its record can have
 */
record SoughtEvent(
        String key, String source, String id, Instant since, CompletableFuture<Optional<EventReceipt>> result) {

    /** Where the producer puts records of the key: Kafka's own partitioner. */
    int partition(int partitions) {
        return Utils.toPositive(Utils.murmur2(key.getBytes(StandardCharsets.UTF_8))) % partitions;
    }

    boolean is(DomainEvent event) {
        return event.getSource().equals(source) && event.getId().equals(id);
    }
}
