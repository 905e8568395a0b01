package dev.sluice.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.gateway.stream.SseClient.Event;
import dev.sluice.platform.kafka.KafkaClients;
import dev.sluice.platform.kafka.RecordPublishers;
import dev.sluice.platform.test.IsolatedKafka;
import dev.sluice.platform.test.LocalKafka;
import dev.sluice.platform.test.RemadeTopic;
import dev.sluice.schemas.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** A broker that goes away and comes back, and a log that does not go back for ever. */
@Timeout(180)
class StreamOutageIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Test
    void goesOnWhenTheBrokerIsBackAndTellsWhatTheLogHasForgotten() throws Exception {
        try (IsolatedKafka broker = LocalKafka.newIsolated();
                ConfigurableApplicationContext gateway = start(broker)) {
            int port = Integer.parseInt(gateway.getEnvironment().getRequiredProperty("local.server.port"));
            TestPublisher publisher = new TestPublisher(gateway.getBean(RecordPublishers.class), "acme");
            String first = outlivesTheBroker(broker, port, publisher);
            tellsOfExpiredEvents(gateway.getBean(KafkaClients.class), port, first);
            goesOnInALogThatWasMadeAnew(broker, port, publisher, first);
        }
    }

    /** Returns the id of the first event. */
    private static String outlivesTheBroker(IsolatedKafka broker, int port, TestPublisher publisher) throws Exception {
        await().atMost(PATIENCE).until(() -> {
            try (SseClient probe = open(port, "")) {
                return probe.status() == 200;
            }
        });
        try (SseClient live = open(port, "")) {
            publisher.publish("before", "c-1");
            Event before = live.take(1).getFirst();
            broker.stop();
            String id = before.id();
            try (SseClient during = open(port, "?lastEventId=" + id)) {
                assertThat(during.status()).isEqualTo(503);
                assertThat(during.header("Retry-After")).isEqualTo("1");
            }
            broker.start();
            publisher.publish("after", "c-1");
            assertThat(live.take(1)).extracting(Event::type).containsExactly("after");
            try (SseClient resumed = open(port, "?lastEventId=" + id)) {
                assertThat(resumed.take(1)).extracting(Event::type).containsExactly("after");
            }
            IntStream.range(0, 10).forEach(n -> publisher.publish("more", "c-1"));
            return id;
        }
    }

    private static void tellsOfExpiredEvents(KafkaClients kafka, int port, String first) throws Exception {
        try (Admin admin = kafka.newAdmin()) {
            admin.deleteRecords(Map.of(new TopicPartition(Topics.EVENTS.name(), 0), RecordsToDelete.beforeOffset(7)))
                    .all()
                    .get();
        }
        for (String query : new String[] {"?lastEventId=" + first, "?since=P1D"}) {
            try (SseClient late = open(port, query)) {
                Event gap = late.take(1).getFirst();
                assertThat(gap.type()).isEqualTo("gap");
                assertThat(gap.data()).contains("\"reason\":\"expired\"", "\"to\":\"" + gap.id() + "\"");
                assertThat(late.take(5)).extracting(Event::type).containsOnly("more");
            }
        }
    }

    private static void goesOnInALogThatWasMadeAnew(
            IsolatedKafka broker, int port, TestPublisher publisher, String first) throws Exception {
        try (SseClient live = open(port, "");
                SseClient caughtUp = open(port, "?lastEventId=" + first)) {
            publisher.publish("last", "c-1");
            Event last = live.take(1).getFirst();
            assertThat(caughtUp.take(7)).extracting(Event::type).endsWith("last");
            RemadeTopic.make(broker.bootstrapServers(), Topics.EVENTS.name());
            publisher.publish("fresh", "c-1");
            assertGoesOnAnew(live);
            assertGoesOnAnew(caughtUp);
            try (SseClient resumed = open(port, "?lastEventId=" + last.id())) {
                assertGoesOnAnew(resumed);
            }
        }
    }

    private static void assertGoesOnAnew(SseClient client) throws Exception {
        List<Event> told = client.take(2);
        assertThat(told).extracting(Event::type).containsExactly("gap", "fresh");
        assertThat(told.getFirst().data())
                .contains(
                        "\"reason\":\"replaced\"", "\"to\":\"" + told.getFirst().id() + "\"");
    }

    private static SseClient open(int port, String query) throws Exception {
        return SseClient.open(port, query, "Tenant", "acme");
    }

    private static ConfigurableApplicationContext start(IsolatedKafka broker) {
        return SpringApplication.run(
                StreamSlice.class,
                "--server.port=0",
                "--management.server.port=0",
                "--management.endpoint.health.validate-group-membership=false",
                "--spring.kafka.bootstrap-servers=" + broker.bootstrapServers(),
                "--sluice.internal.secret=0123456789abcdef0123456789abcdef",
                "--sluice.kafka.max-partitions=1",
                "--sluice.gateway.stream.open-timeout=1s");
    }
}
