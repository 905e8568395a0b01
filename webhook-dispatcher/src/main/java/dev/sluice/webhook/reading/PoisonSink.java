package dev.sluice.webhook.reading;

import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Where records go that cannot be read. */
@FunctionalInterface
public interface PoisonSink {

    /** Completes when the record is kept, byte for byte. Does not block. */
    CompletionStage<?> keep(ConsumerRecord<byte[], byte[]> record, Throwable error);
}
