package dev.sluice.metrics.replay;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;

/**
 * The usual clients of Kafka Streams, but that whatever goes to a topic of others goes to one of the application's own. So the very same topology can run
 * without a trace.
 */
final class DivertedClients implements KafkaClientSupplier {

    private final String applicationId;

    DivertedClients(String applicationId) {
        this.applicationId = applicationId;
    }

    /** Where records go that the topology puts on a topic: internal topics have the application's name already. */
    static String divert(String applicationId, String topic) {
        return topic.startsWith(applicationId + "-") ? topic : applicationId + "-out-" + topic;
    }

    @Override
    public Admin getAdmin(Map<String, Object> settings) {
        return Admin.create(settings);
    }

    @Override
    public Producer<byte[], byte[]> getProducer(Map<String, Object> settings) {
        return new DivertingProducer(settings, applicationId);
    }

    @Override
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> settings) {
        return consumer(settings);
    }

    @Override
    public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> settings) {
        return consumer(settings);
    }

    @Override
    public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> settings) {
        return consumer(settings);
    }

    private static Consumer<byte[], byte[]> consumer(Map<String, Object> settings) {
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static final class DivertingProducer extends KafkaProducer<byte[], byte[]> {
        private final String applicationId;

        DivertingProducer(Map<String, Object> settings, String applicationId) {
            super(settings, new ByteArraySerializer(), new ByteArraySerializer());
            this.applicationId = applicationId;
        }

        @Override
        public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
            return super.send(
                    new ProducerRecord<>(
                            divert(applicationId, record.topic()),
                            record.partition(),
                            record.timestamp(),
                            record.key(),
                            record.value(),
                            record.headers()),
                    callback);
        }

        @Override
        public List<PartitionInfo> partitionsFor(String topic) {
            return super.partitionsFor(divert(applicationId, topic));
        }
    }

    /** The topics of their own that a topology's topics stand for. */
    static Set<String> divertAll(String applicationId, Iterable<String> topics) {
        Set<String> diverted = new HashSet<>();
        topics.forEach(topic -> diverted.add(divert(applicationId, topic)));
        return diverted;
    }
}
