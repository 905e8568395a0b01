package dev.sluice.metrics.streams;

import dev.sluice.platform.kafka.KafkaClients;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.state.HostInfo;

/** What Kafka Streams is told: clients of the platform, this deployment's figures, and bounds on memory. */
public final class StreamsSettings {
    /** A batch of a thousand reads is about 30 kB; with Streams' own 1,000 six partitions would fill the heap. */
    private static final int BUFFERED_RECORDS = 100;

    private static final int FETCH_BYTES = 4 * 1024 * 1024;
    private static final long PRODUCER_BYTES = 8L * 1024 * 1024;

    /**
     * The broker answers the requests of a connection one after the other, so the question where the next changelog begins
     * waits behind a fetch that finds nothing: with the consumer's 500 ms a start took some 400 ms longer, measured.
     */
    private static final int RESTORE_WAIT_MILLIS = 50;

    private StreamsSettings() {}

    /** All settings but where this instance is found; the topology's own come last. */
    public static Properties of(KafkaClients clients, StreamsProperties properties, Map<String, Object> topology) {
        Properties settings = new Properties();
        settings.putAll(clients.streamsProperties(properties.applicationId()));
        // Streams commits by itself and logs an error when told so.
        settings.remove(StreamsConfig.consumerPrefix(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG));
        settings.put(StreamsConfig.STATE_DIR_CONFIG, String.valueOf(properties.stateDir()));
        settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, properties.threads());
        settings.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, properties.standbyReplicas());
        settings.put(
                StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
                properties.commitInterval().toMillis());
        settings.put(
                StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG,
                properties.cacheSize().toBytes());
        settings.put(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, BUFFERED_RECORDS);
        settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), BUFFERED_RECORDS);
        settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.FETCH_MAX_BYTES_CONFIG), FETCH_BYTES);
        settings.put(StreamsConfig.restoreConsumerPrefix(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG), RESTORE_WAIT_MILLIS);
        settings.put(StreamsConfig.producerPrefix(ProducerConfig.BUFFER_MEMORY_CONFIG), PRODUCER_BYTES);
        settings.putAll(topology);
        return settings;
    }

    /** These settings for an instance that others find there. */
    public static Properties at(HostInfo self, Properties settings) {
        Properties found = new Properties();
        found.putAll(settings);
        found.put(StreamsConfig.APPLICATION_SERVER_CONFIG, self.host() + ":" + self.port());
        return found;
    }
}
