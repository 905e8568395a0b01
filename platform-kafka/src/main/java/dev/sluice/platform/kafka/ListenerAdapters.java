package dev.sluice.platform.kafka;

import dev.sluice.schemas.UndecodableRecordException;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.listener.AcknowledgingMessageListener;
import org.springframework.kafka.listener.BatchListenerFailedException;
import org.springframework.kafka.listener.BatchMessageListener;
import org.springframework.kafka.listener.MessageListener;

/**
 * Stands between spring-kafka and a typed listener: reads records, copies what cannot be read to the poison topic
 * before anybody else sees it, and turns an {@link Error} into an exception, since spring-kafka ends the consumer of a
 * listener that throws one.
 */
final class ListenerAdapters<V extends SpecificRecord> {
    private final RecordReader<V> reader;
    private final PoisonPublisher poison;
    private final String group;

    ListenerAdapters(RecordReader<V> reader, PoisonPublisher poison, String group) {
        this.reader = reader;
        this.poison = poison;
        this.group = group;
    }

    MessageListener<byte[], byte[]> single(RecordListener<V> listener) {
        return raw -> {
            List<ConsumerRecord<String, V>> readable = readable(List.of(raw));
            guarded(() -> {
                for (ConsumerRecord<String, V> record : readable) {
                    listener.onRecord(record);
                }
            });
        };
    }

    AcknowledgingMessageListener<byte[], byte[]> acknowledging(AcknowledgingRecordListener<V> listener) {
        return (raw, acknowledgment) -> {
            if (acknowledgment == null) {
                throw new IllegalStateException("the container does not acknowledge manually");
            }
            List<ConsumerRecord<String, V>> readable = readable(List.of(raw));
            if (readable.isEmpty()) {
                acknowledgment.acknowledge();
                return;
            }
            guarded(() -> listener.onRecord(readable.getFirst(), acknowledgment));
        };
    }

    BatchMessageListener<byte[], byte[]> batch(RecordBatchListener<V> listener) {
        return raw -> {
            List<ConsumerRecord<String, V>> readable = readable(raw);
            if (readable.isEmpty()) {
                return;
            }
            try {
                guarded(() -> listener.onRecords(readable));
            } catch (RuntimeException e) {
                oneByOne(raw, readable, listener, e);
            }
        };
    }

    /** Finds the record to blame, unless Kafka is. */
    private void oneByOne(
            List<ConsumerRecord<byte[], byte[]>> raw,
            List<ConsumerRecord<String, V>> readable,
            RecordBatchListener<V> listener,
            RuntimeException failure) {
        if (PoisonHandling.isTransient(failure)) {
            throw blame(raw, readable.getFirst(), failure);
        }
        for (ConsumerRecord<String, V> record : readable) {
            try {
                guarded(() -> listener.onRecords(List.of(record)));
            } catch (RuntimeException e) {
                throw blame(raw, record, e);
            }
        }
    }

    private BatchListenerFailedException blame(
            List<ConsumerRecord<byte[], byte[]>> raw, ConsumerRecord<String, V> record, RuntimeException cause) {
        for (int i = 0; i < raw.size(); i++) {
            if (raw.get(i).partition() == record.partition() && raw.get(i).offset() == record.offset()) {
                return new BatchListenerFailedException("a record of the batch cannot be handled", cause, i);
            }
        }
        throw new IllegalStateException("the record is not of this batch", cause);
    }

    private List<ConsumerRecord<String, V>> readable(List<ConsumerRecord<byte[], byte[]>> raw) {
        List<ConsumerRecord<String, V>> readable = new ArrayList<>(raw.size());
        for (ConsumerRecord<byte[], byte[]> record : raw) {
            try {
                readable.add(reader.read(record));
            } catch (UndecodableRecordException e) {
                poison.copyAndWait(record, group, e);
            }
        }
        return readable;
    }

    private static void guarded(Work work) {
        try {
            work.run();
        } catch (Error e) {
            throw new ListenerDiedException(e);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("a listener failed", e);
        }
    }

    private interface Work {
        void run() throws Exception;
    }
}
