package dev.sluice.metrics.topology;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Sets a record aside whose content is impossible and goes on. Any other error stops the thread, so that it is replaced
 * and the record is tried again: our own fault must not throw data away. Made by Kafka Streams.
 */
public final class PoisonContentHandler implements ProcessingExceptionHandler {
    private @Nullable AggregationCounters counters;
    private String reader = "streams";

    @Override
    public void configure(Map<String, ?> configs) {
        counters = PoisonRecords.countersOf(configs);
        reader = String.valueOf(configs.get(StreamsConfig.APPLICATION_ID_CONFIG));
    }

    @Override
    public Response handleError(ErrorHandlerContext context, Record<?, ?> record, Exception exception) {
        if (!(exception instanceof RefusedRecordException)) {
            return Response.fail();
        }
        Objects.requireNonNull(counters, "configured first").refusedRecord();
        return Response.resume(List.of(
                PoisonRecords.of(context, reader, context.sourceRawKey(), context.sourceRawValue(), exception)));
    }
}
