package dev.sluice.platform.kafka;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.platform.test.IsolatedKafka;
import dev.sluice.platform.test.LocalKafka;
import dev.sluice.platform.test.TopicNames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TopicProvisionerIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final KafkaClients clients =
            TestPlatform.clients(LocalKafka.shared().bootstrapServers());
    private final List<TopicProvisioner> opened = new ArrayList<>();
    private final String first = TopicNames.unique("provisioner");
    private final String second = TopicNames.unique("provisioner");
    private final List<NewTopic> plan = List.of(
            topic(first, 3, Map.of("cleanup.policy", "compact,delete", "retention.ms", "1234567")),
            topic(second, 1, Map.of("cleanup.policy", "compact", "max.message.bytes", "654321")));

    @AfterEach
    void close() {
        opened.forEach(TopicProvisioner::close);
    }

    @Test
    void makesEveryTopicWithItsSettingsAndReadyForRecords() throws Exception {
        TopicProvisioner provisioner = started(clients, plan);
        provisioner.ready().get(60, SECONDS);
        assertThat(provisioner.waitingFor()).isEmpty();
        provisioner.compared().get(60, SECONDS);
        assertThat(provisioner.differences()).isEmpty();
        assertThat(partitions(first)).isEqualTo(3);
        assertThat(partitions(second)).isEqualTo(1);
        assertThat(setting(first, "retention.ms")).isEqualTo("1234567");
        assertThat(setting(second, "cleanup.policy")).isEqualTo("compact");
        assertThat(setting(second, "max.message.bytes")).isEqualTo("654321");
        assertTakesRecords(first, 3);
        assertTakesRecords(second, 1);
    }

    @Test
    void agreesWithOthersThatStartAtTheSameTimeOrLater() throws Exception {
        List<TopicProvisioner> racers = List.of(started(clients, plan), started(clients, plan), started(clients, plan));
        for (TopicProvisioner racer : racers) {
            racer.compared().get(60, SECONDS);
            assertThat(racer.differences()).isEmpty();
        }
        TopicProvisioner late = started(clients, plan);
        late.compared().get(60, SECONDS);
        assertThat(late.differences()).isEmpty();
        assertThat(partitions(first)).isEqualTo(3);
    }

    @Test
    void reportsATopicThatIsOtherThanPlannedAndLeavesItAlone() throws Exception {
        create(topic(first, 2, Map.of("cleanup.policy", "compact,delete", "retention.ms", "99")));
        TopicProvisioner provisioner = started(clients, plan);
        provisioner.compared().get(60, SECONDS);
        assertThat(provisioner.differences())
                .containsExactly(first + " has 2 partitions, not 3", first + " has retention.ms=99, not 1234567");
        assertThat(partitions(first)).isEqualTo(2);
        assertThat(setting(first, "retention.ms")).isEqualTo("99");
        assertThat(Objects.requireNonNull(
                                KafkaHealthIndicators.topics(provisioner).health())
                        .getDetails())
                .containsEntry("otherThanPlanned", provisioner.differences());
    }

    @Test
    void waitsForAKafkaThatComesLater() throws Exception {
        try (IsolatedKafka broker = LocalKafka.newIsolated()) {
            broker.stop();
            TopicProvisioner provisioner = started(impatient(broker), plan);
            assertThat(provisioner.waitingFor()).contains(broker.bootstrapServers());
            await().atMost(PATIENCE).until(() -> provisioner.waitingFor().contains("TimeoutException"));
            assertThat(provisioner.ready()).isNotDone();
            broker.start();
            provisioner.ready().get(60, SECONDS);
            assertThat(provisioner.waitingFor()).isEmpty();
        }
    }

    @Test
    void saysWhichTopicsSomebodyElseHasToMake() throws Exception {
        create(plan.getFirst());
        TopicProvisioner provisioner = track(new TopicProvisioner(clients, plan, false, Duration.ZERO));
        await().atMost(PATIENCE).until(() -> provisioner.waitingFor().contains(second));
        assertThat(provisioner.waitingFor()).contains("sluice.kafka.provision").doesNotContain(first);
        create(plan.getLast());
        provisioner.ready().get(60, SECONDS);
    }

    @Test
    void saysWhyTopicsCannotBeMade() {
        NewTopic impossible = new NewTopic(first, 1, (short) 3);
        TopicProvisioner provisioner = started(clients, List.of(impossible));
        await().atMost(PATIENCE).until(() -> provisioner.waitingFor().contains("InvalidReplicationFactorException"));
        assertThat(provisioner.ready()).isNotDone();
    }

    /** Clients that give up after a second, not after ten. */
    private static KafkaClients impatient(IsolatedKafka broker) {
        return new KafkaClients(
                Map.of(
                        "bootstrap.servers",
                        broker.bootstrapServers(),
                        "request.timeout.ms",
                        "500",
                        "default.api.timeout.ms",
                        "1000"),
                Map.of(),
                Map.of(),
                TestPlatform.properties(Map.of()));
    }

    private TopicProvisioner started(KafkaClients of, List<NewTopic> topics) {
        return track(new TopicProvisioner(of, topics, true, Duration.ZERO));
    }

    private TopicProvisioner track(TopicProvisioner provisioner) {
        opened.add(provisioner);
        provisioner.start();
        return provisioner;
    }

    private static NewTopic topic(String name, int partitions, Map<String, String> settings) {
        return new NewTopic(name, partitions, (short) 1).configs(settings);
    }

    private void create(NewTopic topic) throws Exception {
        try (Admin admin = clients.newAdmin()) {
            admin.createTopics(List.of(topic)).all().get(30, SECONDS);
        }
    }

    private int partitions(String topic) throws Exception {
        try (Admin admin = clients.newAdmin()) {
            Map<String, TopicDescription> found =
                    admin.describeTopics(List.of(topic)).allTopicNames().get(30, SECONDS);
            return found.values().iterator().next().partitions().size();
        }
    }

    private String setting(String topic, String name) throws Exception {
        try (Admin admin = clients.newAdmin()) {
            ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
            Config config = admin.describeConfigs(List.of(resource))
                    .all()
                    .get(30, SECONDS)
                    .values()
                    .iterator()
                    .next();
            return config.get(name).value();
        }
    }

    private void assertTakesRecords(String topic, int partitions) throws Exception {
        try (Producer<byte[], byte[]> producer =
                clients.newProducer("test", new ByteArraySerializer(), new ByteArraySerializer())) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int i = 0; i < partitions; i++) {
                sent.add(producer.send(new ProducerRecord<>(topic, i, new byte[] {1}, new byte[] {2})));
            }
            for (Future<RecordMetadata> record : sent) {
                assertThat(record.get(30, SECONDS).offset()).isZero();
            }
        }
    }
}
