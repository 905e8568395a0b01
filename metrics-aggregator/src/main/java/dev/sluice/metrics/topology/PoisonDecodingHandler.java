package dev.sluice.metrics.topology;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.jspecify.annotations.Nullable;

/** Sets a record that cannot be decoded aside, in the same transaction, and goes on. Made by Kafka Streams. */
public final class PoisonDecodingHandler implements DeserializationExceptionHandler {
    private @Nullable AggregationCounters counters;
    private String reader = "streams";

    @Override
    public void configure(Map<String, ?> configs) {
        counters = PoisonRecords.countersOf(configs);
        reader = String.valueOf(configs.get(StreamsConfig.APPLICATION_ID_CONFIG));
    }

    @Override
    public Response handleError(
            ErrorHandlerContext context, ConsumerRecord<byte[], byte[]> record, Exception exception) {
        Objects.requireNonNull(counters, "configured first").undecodableRecord();
        return Response.resume(List.of(PoisonRecords.of(context, reader, record.key(), record.value(), exception)));
    }
}
