package dev.sluice.metrics.topology;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.jspecify.annotations.Nullable;

/** A record that cannot be counted, byte for byte as it was, with where it came from and the class of the error. */
final class PoisonRecords {
    /** Where the handlers, which Kafka Streams makes, find the counters among the configuration. */
    static final String COUNTERS = "sluice.metrics.counters";

    private PoisonRecords() {}

    static AggregationCounters countersOf(Map<String, ?> configs) {
        if (configs.get(COUNTERS) instanceof AggregationCounters counters) {
            return counters;
        }
        throw new IllegalArgumentException(COUNTERS + " must be set");
    }

    static ProducerRecord<byte[], byte[]> of(
            ErrorHandlerContext context,
            String reader,
            byte @Nullable [] key,
            byte @Nullable [] value,
            Exception error) {
        Headers headers = new RecordHeaders(context.headers());
        headers.add("sluice-poison-topic", bytes(context.topic()));
        headers.add("sluice-poison-partition", bytes(Integer.toString(context.partition())));
        headers.add("sluice-poison-offset", bytes(Long.toString(context.offset())));
        headers.add("sluice-poison-timestamp", bytes(Long.toString(context.timestamp())));
        headers.add("sluice-poison-reader", bytes(reader));
        headers.add("sluice-poison-error", bytes(error.getClass().getName() + ": " + error.getMessage()));
        return new ProducerRecord<>(CacheStatsTopology.poisonTopicOf(context.topic()), null, key, value, headers);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
