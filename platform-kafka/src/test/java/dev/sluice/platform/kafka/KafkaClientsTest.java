package dev.sluice.platform.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;

/** A setting that is changed here changes a promise; the reasons are beside the settings in {@link KafkaClients}. */
class KafkaClientsTest {
    private static final Map<String, Object> CONNECTION =
            Map.of("bootstrap.servers", "broker:9092", "security.protocol", "SASL_SSL");

    private final KafkaClients clients = clients(Map.of(), Map.of());

    @Test
    void losesNothingThatWasConfirmed() {
        AbstractConfig producer = producer(clients.producerProperties());
        assertThat(producer.getString("acks")).isEqualTo("-1");
        assertThat(producer.getBoolean("enable.idempotence")).isTrue();
        // Idempotence keeps order with at most five requests in flight.
        assertThat(producer.getInt("max.in.flight.requests.per.connection")).isLessThanOrEqualTo(5);
        assertThat(producer.getInt("retries")).isEqualTo(Integer.MAX_VALUE);
        AbstractConfig consumer = consumer("group", clients);
        assertThat(consumer.getBoolean("enable.auto.commit")).isFalse();
        assertThat(consumer.getString("auto.offset.reset")).isEqualTo("earliest");
        assertThat(consumer.getString("isolation.level")).isEqualTo("read_committed");
    }

    @Test
    void failsBeforeWhoeverWaitsGivesUp() {
        AbstractConfig producer = producer(clients.producerProperties());
        assertThat(producer.getLong("max.block.ms")).isEqualTo(1_000);
        assertThat(producer.getInt("delivery.timeout.ms")).isEqualTo(15_000);
        // At least two tries.
        assertThat(producer.getInt("request.timeout.ms")).isLessThanOrEqualTo(15_000 / 2);
        assertThat(producer.getLong("linger.ms")).isEqualTo(2);
        assertThat(producer.getLong("reconnect.backoff.max.ms")).isEqualTo(1_000);
        assertThat(producer.getLong("socket.connection.setup.timeout.ms")).isEqualTo(3_000);
    }

    @Test
    void letsTheBrokerGatherWhatNobodyWaitsFor() {
        AbstractConfig bulk = consumer(clients.bulkConsumerProperties("group", Duration.ofMillis(70)));
        assertThat(bulk.getInt("fetch.max.wait.ms")).isEqualTo(70);
        assertThat(bulk.getInt("fetch.min.bytes")).isEqualTo(64 * 1024);
        assertThat(consumer("group", clients).getInt("fetch.min.bytes"))
                .as("all else is told at once")
                .isEqualTo(1);
        assertThat(consumer(clients(Map.of(), Map.of("fetch.min.bytes", "9"))
                                .bulkConsumerProperties("group", Duration.ofMillis(70)))
                        .getInt("fetch.min.bytes"))
                .as("a deployment has the last word")
                .isEqualTo(9);
    }

    @Test
    void whatReadsHereAndThereIsNotHeldUpWhereThereIsNoMore() {
        assertThat(consumer(clients.seekingConsumerProperties()).getInt("fetch.max.wait.ms"))
                .isEqualTo(10);
        assertThat(consumer("group", clients).getInt("fetch.max.wait.ms"))
                .as("who waits for what is new")
                .isEqualTo(500);
        assertThat(consumer(clients(Map.of(), Map.of("fetch.max.wait.ms", "9")).seekingConsumerProperties())
                        .getInt("fetch.max.wait.ms"))
                .as("a deployment has the last word")
                .isEqualTo(9);
    }

    @Test
    void whatFollowsALogIsToldRarelyThatThereIsNothingButBeforeItGivesTheBrokerUp() {
        assertThat(consumer(clients.followingConsumerProperties()).getInt("fetch.max.wait.ms"))
                .isEqualTo(5_000);
        assertThat(consumer(clients(Map.of(), Map.of("request.timeout.ms", "3000"))
                                .followingConsumerProperties())
                        .getInt("fetch.max.wait.ms"))
                .isEqualTo(1_500);
        assertThat(consumer(clients(Map.of(), Map.of("fetch.max.wait.ms", "9")).followingConsumerProperties())
                        .getInt("fetch.max.wait.ms"))
                .as("a deployment has the last word")
                .isEqualTo(9);
    }

    /** Kafka's own client waits for them, and then some minutes more. */
    @Test
    void endsCallsThatAreUnderWayWhenAnAdminIsClosed() throws IOException {
        KafkaFuture<Set<String>> topics;
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Admin admin = new KafkaClients(
                                Map.of("bootstrap.servers", "127.0.0.1:" + silent.getLocalPort()),
                                Map.of(),
                                Map.of(),
                                TestPlatform.properties(Map.of()))
                        .newAdmin()) {
            topics = admin.listTopics().names();
        }
        assertThatThrownBy(topics::get).hasRootCauseMessage("The AdminClient thread has exited. Call: listTopics");
    }

    @Test
    void takesOverFromADeadConsumerWithinSeconds() {
        AbstractConfig consumer = consumer("group", clients);
        assertThat(consumer.getInt("session.timeout.ms")).isEqualTo(10_000);
        assertThat(consumer.getInt("heartbeat.interval.ms")).isEqualTo(3_000);
        assertThat(consumer.getInt("max.poll.interval.ms")).isEqualTo(120_000);
        assertThat(consumer.getInt("default.api.timeout.ms")).isEqualTo(15_000);
        assertThat(consumer.getList("partition.assignment.strategy"))
                .containsExactly(CooperativeStickyAssignor.class.getName());
    }

    @Test
    void boundsWhatItHolds() {
        AbstractConfig consumer = consumer("group", clients);
        assertThat(consumer.getInt("fetch.max.bytes")).isEqualTo(16 * 1024 * 1024);
        assertThat(consumer.getInt("max.poll.records")).isEqualTo(500);
        AbstractConfig producer = producer(clients.producerProperties());
        // The largest record with room for its headers, and again for those of its poison copy.
        assertThat(producer.getInt("max.request.size")).isEqualTo(1024 * 1024 + 512 * 1024);
        assertThat(producer.getString("compression.type")).isEqualTo("lz4");
    }

    @Test
    void makesNoTopicsAndTellsTheBrokerNothing() {
        AbstractConfig consumer = consumer(null, clients);
        assertThat(consumer.getBoolean("allow.auto.create.topics")).isFalse();
        assertThat(consumer.getBoolean("enable.metrics.push")).isFalse();
        assertThat(consumer.getString("group.id")).isNull();
        assertThat(producer(clients.producerProperties()).getBoolean("enable.metrics.push"))
                .isFalse();
    }

    @Test
    void letsADeploymentOverride() {
        KafkaClients overridden = clients(
                Map.of("linger.ms", "50", "max.block.ms", "7", "delivery.timeout.ms", "99000"),
                Map.of("session.timeout.ms", "20000"));
        assertThat(producer(overridden.producerProperties()).getLong("linger.ms"))
                .isEqualTo(50);
        assertThat(consumer("group", overridden).getInt("session.timeout.ms")).isEqualTo(20_000);
        StreamsConfig streams = new StreamsConfig(overridden.streamsProperties("application"));
        assertThat(streams.originals())
                .containsEntry("producer.linger.ms", "50")
                .containsEntry("producer.max.block.ms", "7")
                .containsEntry("producer.delivery.timeout.ms", "99000");
    }

    @Test
    void carriesTheConnectionToEveryClient() {
        for (Map<String, Object> settings : List.of(
                clients.producerProperties(), clients.consumerProperties("group"), clients.streamsProperties("a"))) {
            assertThat(settings).containsAllEntriesOf(CONNECTION);
        }
        assertThat(clients.bootstrapServers()).isEqualTo("broker:9092");
    }

    @Test
    void countsEachRecordOnceInStreams() {
        StreamsConfig streams = new StreamsConfig(clients.streamsProperties("application"));
        assertThat(streams.getString("processing.guarantee")).isEqualTo("exactly_once_v2");
        assertThat(streams.deserializationExceptionHandler()).isInstanceOf(StreamsPoisonHandler.class);
        assertThat(streams.getInt("replication.factor")).isEqualTo(1);
        assertThat(streams.originals())
                .containsEntry("producer.linger.ms", 100)
                .containsEntry("producer.max.block.ms", 60_000)
                .containsEntry("producer.delivery.timeout.ms", 120_000)
                .containsEntry("consumer.session.timeout.ms", 10_000)
                .doesNotContainKey("consumer.partition.assignment.strategy");
    }

    private static KafkaClients clients(Map<String, String> producer, Map<String, String> consumer) {
        return new KafkaClients(CONNECTION, producer, consumer, TestPlatform.properties(Map.of()));
    }

    private static AbstractConfig producer(Map<String, Object> settings) {
        settings.put("key.serializer", ByteArraySerializer.class);
        settings.put("value.serializer", ByteArraySerializer.class);
        return new ProducerConfig(settings);
    }

    private static AbstractConfig consumer(@org.jspecify.annotations.Nullable String group, KafkaClients of) {
        return consumer(of.consumerProperties(group));
    }

    private static AbstractConfig consumer(Map<String, Object> settings) {
        settings.put("key.deserializer", ByteArrayDeserializer.class);
        settings.put("value.deserializer", ByteArrayDeserializer.class);
        return new ConsumerConfig(settings);
    }
}
