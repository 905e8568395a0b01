package dev.sluice.platform.kafka;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.sluice.record.Tier;
import dev.sluice.schemas.TopicDescriptor;
import dev.sluice.schemas.TopicDescriptor.Cleanup;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** All parts of this module over one broker, wired by hand for the topics of one test. */
final class TestPlatform implements AutoCloseable {
    /**
     * The broker answers a connection's requests one after another, and a fetch that finds nothing after this: with the
     * half second of Kafka's own, most of each test would be such waits.
     */
    private static final Map<String, String> PROMPT_FETCHES = Map.of("fetch.max.wait.ms", "20");

    /** What a broker that is away does not confirm has failed after this, instead of after 15 s. */
    private static final Map<String, String> PROMPT_FAILURES =
            Map.of("delivery.timeout.ms", "5000", "request.timeout.ms", "4000");

    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final KafkaClients clients;
    final LogEnds ends;
    final TopicProvisioner provisioner;
    final RecordPublishers publishers;
    final LogTables tables;
    final RecordListenerContainers containers;

    TestPlatform(String bootstrapServers, TopicDescriptor<?>... topics) {
        PlatformKafkaProperties properties = properties(Map.of());
        clients = clients(bootstrapServers);
        ends = new LogEnds(clients);
        provisioner =
                new TopicProvisioner(clients, new TopicPlan(properties).planOf(List.of(topics)), true, Duration.ZERO);
        publishers = new RecordPublishers(
                () -> clients.newProducer("test", new ByteArraySerializer(), new ByteArraySerializer()),
                properties,
                meters);
        PoisonPublisher poison = new PoisonPublisher(publishers.sender(), properties, meters);
        tables = new LogTables(clients, ends, provisioner, publishers, poison, properties, meters);
        containers = new RecordListenerContainers(
                clients, provisioner, poison, new PoisonHandling(poison), properties, meters);
        provisioner.start();
    }

    static PlatformKafkaProperties properties(Map<String, ?> values) {
        Map<String, Object> prefixed = new HashMap<>();
        values.forEach((name, value) -> prefixed.put("sluice.kafka." + name, value));
        return new Binder(new MapConfigurationPropertySource(prefixed))
                .bindOrCreate("sluice.kafka", PlatformKafkaProperties.class);
    }

    static KafkaClients clients(String bootstrapServers) {
        return new KafkaClients(
                Map.of("bootstrap.servers", bootstrapServers), PROMPT_FAILURES, PROMPT_FETCHES, properties(Map.of()));
    }

    static <V extends SpecificRecord> TopicDescriptor<V> topic(Class<V> type, Cleanup cleanup) {
        return new TopicDescriptor<>(
                "sluice.test." + UUID.randomUUID(),
                type,
                "id",
                1,
                cleanup,
                cleanup == Cleanup.COMPACT ? Duration.ZERO : Duration.ofHours(1),
                List.of("test"),
                List.of("test"),
                "A test.");
    }

    static Tier tier(String name) {
        return Tier.newBuilder()
                .setName(name)
                .setDescription("a tier")
                .setLimits(List.of())
                .setUpdatedAt(Instant.EPOCH)
                .build();
    }

    void sendRaw(ProducerRecord<byte[], byte[]> record) throws Exception {
        publishers.sender().send(record).get(30, SECONDS);
    }

    /** Sends as a foreign producer would that knows no bounds: what counts for the broker is the compressed size. */
    void sendUnbounded(ProducerRecord<byte[], byte[]> record) throws Exception {
        Map<String, Object> settings = clients.producerProperties();
        settings.put("max.request.size", 64 * 1024 * 1024);
        settings.put("buffer.memory", 64L * 1024 * 1024);
        try (Producer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(record).get(30, SECONDS);
        }
    }

    /** Everything in a topic of one partition. */
    List<ConsumerRecord<byte[], byte[]>> readAll(String topic) {
        try (Consumer<byte[], byte[]> consumer =
                clients.newConsumer("test", null, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seek(partition, 0);
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
            return records;
        }
    }

    double count(String name) {
        return meters.find(name).counters().stream().mapToDouble(Counter::count).sum();
    }

    @Override
    public void close() {
        containers.stop();
        tables.close();
        ends.close();
        publishers.close();
        provisioner.close();
    }
}
