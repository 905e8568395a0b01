package dev.sluice.platform.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Makes Kafka clients that are durable and fail fast. Kafka's own defaults wait for minutes and lose records; each
 * setting below says what it is for. A deployment overrides them by {@code spring.kafka.producer.properties} and
 * {@code spring.kafka.consumer.properties}.
 */
public final class KafkaClients {
    /** After this a write has failed: longer than a broker takes to fail over, shorter than HTTP clients wait. */
    public static final Duration DELIVERY_TIMEOUT = Duration.ofSeconds(15);

    /** Room in a request for the headers that go with a record of the largest size. */
    static final int HEADER_ROOM_BYTES = 256 * 1024;

    /** How long a broker may wait for what is not on the log yet, where nobody waits for that. */
    private static final int NO_MORE_MILLIS = 10;

    /** How long a broker may wait for what comes, where whoever reads asks it for nothing else over the same connection. */
    private static final int PATIENT_MILLIS = 5_000;

    /** Kafka Streams' own. */
    private static final int STREAMS_LINGER_MILLIS = 100;

    /** What is worth a fetch of its own. */
    private static final int BULK_BYTES = 64 * 1024;

    private final Map<String, Object> connection;
    private final Map<String, String> producerOverrides;
    private final Map<String, String> consumerOverrides;
    private final int maxRequestBytes;
    private final short replicationFactor;

    /**
     * Clients of one cluster.
     *
     * @param connection where the cluster is and how to authenticate, in Kafka's own property names
     */
    public KafkaClients(
            Map<String, Object> connection,
            Map<String, String> producerOverrides,
            Map<String, String> consumerOverrides,
            PlatformKafkaProperties properties) {
        this.connection = Map.copyOf(connection);
        this.producerOverrides = Map.copyOf(producerOverrides);
        this.consumerOverrides = Map.copyOf(consumerOverrides);
        this.maxRequestBytes = properties.maxRequestBytes();
        this.replicationFactor = properties.replicationFactor();
    }

    /** Where Kafka is, for people. */
    public String bootstrapServers() {
        return String.valueOf(connection.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG));
    }

    public <V> Producer<String, V> newProducer(String clientId, Serializer<V> values) {
        return newProducer(clientId, new StringSerializer(), values);
    }

    <K, V> Producer<K, V> newProducer(String clientId, Serializer<K> keys, Serializer<V> values) {
        Map<String, Object> settings = producerProperties();
        settings.put(ProducerConfig.CLIENT_ID_CONFIG, clientId);
        return new KafkaProducer<>(settings, keys, values);
    }

    /** A consumer; without a group it is for {@code assign} and commits nothing. */
    public <V> Consumer<String, V> newConsumer(String clientId, @Nullable String group, Deserializer<V> values) {
        return newConsumer(clientId, group, new StringDeserializer(), values);
    }

    <K, V> Consumer<K, V> newConsumer(
            String clientId, @Nullable String group, Deserializer<K> keys, Deserializer<V> values) {
        Map<String, Object> settings = consumerProperties(group);
        settings.put(ConsumerConfig.CLIENT_ID_CONFIG, clientId);
        return new KafkaConsumer<>(settings, keys, values);
    }

    /** A consumer that is told what to read, now of one partition and then of another, as {@link #seekingConsumerProperties} has it. */
    public <V> Consumer<String, V> newSeekingConsumer(String clientId, Deserializer<V> values) {
        Map<String, Object> settings = seekingConsumerProperties();
        settings.put(ConsumerConfig.CLIENT_ID_CONFIG, clientId);
        return new KafkaConsumer<>(settings, new StringDeserializer(), values);
    }

    /** A consumer that follows what it is told to at the start and asks for nothing else, as {@link #followingConsumerProperties} has it. */
    <K, V> Consumer<K, V> newFollowingConsumer(String clientId, Deserializer<K> keys, Deserializer<V> values) {
        Map<String, Object> settings = followingConsumerProperties();
        settings.put(ConsumerConfig.CLIENT_ID_CONFIG, clientId);
        return new KafkaConsumer<>(settings, keys, values);
    }

    /** The same of much that nobody waits for, as {@link #bulkConsumerProperties} has it. */
    <K, V> Consumer<K, V> newBulkConsumer(
            String clientId, Duration gathering, Deserializer<K> keys, Deserializer<V> values) {
        Map<String, Object> settings = bulkConsumerProperties(null, gathering);
        settings.put(ConsumerConfig.CLIENT_ID_CONFIG, clientId);
        return new KafkaConsumer<>(settings, keys, values);
    }

    /** An admin client; calls that are under way when it is closed fail at once. */
    public Admin newAdmin() {
        Map<String, Object> settings = connectionProperties();
        settings.putIfAbsent(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        settings.putIfAbsent(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, 10_000);
        return new PromptAdmin(settings);
    }

    /** Settings of every producer; a copy. */
    public Map<String, Object> producerProperties() {
        Map<String, Object> settings = connectionProperties();
        // Written means written to every in-sync replica; with retries, exactly once and in order.
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        // send() waits for metadata and buffer space: 60 s by default, which would freeze an event loop.
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 1_000);
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) DELIVERY_TIMEOUT.toMillis());
        // Two tries and a half within the delivery timeout, so that one dead connection is not the end.
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        // Two milliseconds fill batches under load and cost a lone request little.
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 2);
        settings.put(ProducerConfig.BATCH_SIZE_CONFIG, 64 * 1024);
        // The fastest of the codecs in our measurement, at 0.39 of the size.
        settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, maxRequestBytes);
        settings.putAll(producerOverrides);
        return settings;
    }

    /**
     * Settings of a consumer of much that nobody waits for; a copy. Each fetch costs the broker and the consumer more than what it brings.
     *
     * @param gathering how long the broker may wait for more before it answers
     */
    public Map<String, Object> bulkConsumerProperties(@Nullable String group, Duration gathering) {
        Map<String, Object> settings = consumerProperties(group);
        settings.putIfAbsent(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, BULK_BYTES);
        settings.putIfAbsent(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, (int) gathering.toMillis());
        return settings;
    }

    /**
     * Settings of a consumer that reads what is known to be on the log; a copy. Behind that it asks for more, of which there is none, and until that is
     * answered, after half a second usually, it asks the same broker for nothing else.
     */
    Map<String, Object> seekingConsumerProperties() {
        Map<String, Object> settings = consumerProperties(null);
        settings.putIfAbsent(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, NO_MORE_MILLIS);
        return settings;
    }

    /**
     * Settings of a consumer that follows a log; a copy. What is written is answered at once, however long the broker may wait; an answer that
     * there is nothing costs as much as one with records, and most logs say nothing for hours.
     */
    Map<String, Object> followingConsumerProperties() {
        Map<String, Object> settings = consumerProperties(null);
        int answeredWithin =
                Integer.parseInt(String.valueOf(settings.get(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG)));
        settings.putIfAbsent(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, Math.min(PATIENT_MILLIS, answeredWithin / 2));
        return settings;
    }

    /** Settings of every consumer; a copy. */
    public Map<String, Object> consumerProperties(@Nullable String group) {
        Map<String, Object> settings = connectionProperties();
        if (group != null) {
            settings.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        }
        // Aborted transactions never happened.
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        // A new group starts with what is there; "latest" skips records on its first start.
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        // A position is committed after the work, never by a timer.
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        // A killed process loses its partitions after 10 s instead of 45.
        settings.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);
        settings.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 3_000);
        // A stuck listener loses its partitions after two minutes instead of five.
        settings.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, 120_000);
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 500);
        // Bounds memory: at most this much is held between two polls.
        settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 16 * 1024 * 1024);
        settings.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        settings.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, 15_000);
        // Only the partitions that move stop while a group rebalances.
        settings.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
        // Topics are made by the provisioner, with the settings of the catalogue.
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        settings.putAll(consumerOverrides);
        return settings;
    }

    /** Settings of a Streams application: exactly once, poison set aside, clients as above; a copy. */
    public Map<String, Object> streamsProperties(String applicationId) {
        Map<String, Object> settings = connectionProperties();
        settings.put("application.id", applicationId);
        settings.put("processing.guarantee", "exactly_once_v2");
        settings.put("replication.factor", (int) replicationFactor);
        settings.put("deserialization.exception.handler", StreamsPoisonHandler.class.getName());
        prefixed("producer.", producerProperties(), settings);
        // Streams sends on its own threads, which may wait for a broker to come back.
        overridable(settings, ProducerConfig.MAX_BLOCK_MS_CONFIG, 60_000);
        overridable(settings, ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 120_000);
        // Nobody sees a record before its transaction is committed, and a commit sends all at once: until then records
        // wait for company.
        overridable(settings, ProducerConfig.LINGER_MS_CONFIG, STREAMS_LINGER_MILLIS);
        Map<String, Object> consumer = consumerProperties(null);
        // Streams brings its own assignor.
        consumer.remove(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG);
        consumer.remove(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG);
        prefixed("consumer.", consumer, settings);
        return settings;
    }

    private void overridable(Map<String, Object> settings, String name, int value) {
        if (!producerOverrides.containsKey(name)) {
            settings.put("producer." + name, value);
        }
    }

    private void prefixed(String prefix, Map<String, Object> from, Map<String, Object> to) {
        from.forEach((name, value) -> {
            if (!connection.containsKey(name)) {
                to.put(prefix + name, value);
            }
        });
    }

    private Map<String, Object> connectionProperties() {
        Map<String, Object> settings = new HashMap<>(connection);
        // A broker that is back is found within a second.
        settings.putIfAbsent(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1_000L);
        // A host that swallows packets is given up after 3 s instead of 10.
        settings.putIfAbsent(CommonClientConfigs.SOCKET_CONNECTION_SETUP_TIMEOUT_MS_CONFIG, 3_000L);
        // Sluice has metrics of its own; no telemetry is pushed to the broker.
        settings.putIfAbsent("enable.metrics.push", false);
        // Nor is there a reader of JMX; registering some hundred beans a client costs time at the start.
        settings.putIfAbsent(CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG, "");
        return settings;
    }
}
