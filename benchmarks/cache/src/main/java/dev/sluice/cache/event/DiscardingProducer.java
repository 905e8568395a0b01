package dev.sluice.cache.event;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A Kafka that confirms every record at once and keeps none. */
final class DiscardingProducer extends MockProducer<byte[], byte[]> {

    DiscardingProducer() {
        super(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @Override
    public synchronized Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
        RecordMetadata confirmed = new RecordMetadata(new TopicPartition(record.topic(), 0), 0, 0, 0, 0, 0);
        callback.onCompletion(confirmed, null);
        return CompletableFuture.completedFuture(confirmed);
    }
}
