package dev.sluice.cache;

import dev.sluice.platform.kafka.KafkaClients;
import dev.sluice.platform.kafka.LogTables;
import dev.sluice.platform.kafka.RecordSerde;
import dev.sluice.platform.kafka.TopicProvisioner;
import dev.sluice.schemas.TopicDescriptor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.http.client.ReactorResourceFactory;

/** The whole service in this JVM, over a Kafka and a Redis of the test's choice; several may run side by side. */
final class CacheProcess extends CacheClient {

    private final ConfigurableApplicationContext context;

    CacheProcess(String bootstrapServers, int redisPort, String tenant) {
        this(bootstrapServers, redisPort, tenant, Map.of());
    }

    /** With settings of its own, and listeners that learn how its start goes. */
    CacheProcess(
            String bootstrapServers,
            int redisPort,
            String tenant,
            Map<String, Object> more,
            ApplicationListener<?>... listeners) {
        this(
                new SpringApplicationBuilder(CacheServiceApplication.class)
                        .listeners(listeners)
                        .listeners(
                                (ApplicationListener<ContextRefreshedEvent>) CacheProcess::leaveOthersTheirEventLoops)
                        .run(arguments(bootstrapServers, redisPort, 0, 0, more).toArray(String[]::new)),
                tenant);
    }

    private CacheProcess(ConfigurableApplicationContext context, String tenant) {
        super(tenant, port(context, "local.server.port"), port(context, "local.management.port"));
        this.context = context;
    }

    /** All in this JVM are served by the same ones; else the first that ends would end them for all. */
    private static void leaveOthersTheirEventLoops(ContextRefreshedEvent event) {
        event.getApplicationContext()
                .getBeansOfType(ReactorResourceFactory.class)
                .values()
                .forEach(loops -> loops.setUseGlobalResources(false));
    }

    /** What the service is told on its command line. */
    static List<String> arguments(
            String bootstrapServers, int redisPort, int port, int managementPort, Map<String, Object> more) {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("spring.kafka.bootstrap-servers", bootstrapServers);
        settings.put("spring.data.redis.port", redisPort);
        settings.put("sluice.kafka.max-partitions", 2);
        settings.put("sluice.internal.secret", SECRET);
        // A busy machine is no outage.
        settings.put("sluice.cache.level.second-level-timeout", "1s");
        settings.put("server.port", port);
        settings.put("management.server.port", managementPort);
        settings.putAll(more);
        return settings.entrySet().stream()
                .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                .toList();
    }

    /** How long the driver waits for Redis. */
    Duration driverTimeout() {
        return Duration.ofMillis(context.getBean(LettuceConnectionFactory.class).getTimeout());
    }

    /** What speaks to this node for another tenant. */
    CacheClient as(String tenant) {
        return new CacheClient(tenant, port(context, "local.server.port"), port(context, "local.management.port"));
    }

    /** Puts a record on the log that another service would. */
    <V extends SpecificRecord> void write(TopicDescriptor<V> topic, String key, V record) {
        context.getBean(LogTables.class).of(topic).put(key, record).join();
    }

    /** Every record of a topic by now. */
    <V extends SpecificRecord> List<ConsumerRecord<String, V>> readAll(TopicDescriptor<V> topic) {
        context.getBean(TopicProvisioner.class).ready().join();
        try (Consumer<String, V> consumer = context.getBean(KafkaClients.class)
                .newConsumer("test-reader", null, RecordSerde.of(topic).deserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic.name()).stream()
                    .map(partition -> new TopicPartition(topic.name(), partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<ConsumerRecord<String, V>> records = new ArrayList<>();
            while (partitions.stream()
                    .anyMatch(partition -> consumer.position(partition) < ends.getOrDefault(partition, 0L))) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
            return records;
        }
    }

    @Override
    public void close() {
        super.close();
        context.close();
    }

    private static int port(ConfigurableApplicationContext context, String property) {
        return context.getEnvironment().getRequiredProperty(property, Integer.class);
    }
}
