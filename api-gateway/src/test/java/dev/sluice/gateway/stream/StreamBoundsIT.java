package dev.sluice.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.gateway.stream.SseClient.Event;
import dev.sluice.platform.kafka.RecordPublishers;
import dev.sluice.platform.test.LocalKafka;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** However many clients come and however slowly they read, a gateway holds no more than it may. */
@Timeout(120)
@SuppressWarnings("NullAway.Init") // Each test starts its gateway.
class StreamBoundsIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int EVENTS = 400;
    private static final int EVENT_BYTES = 100_000;
    private static final int MAX_BYTES = 512 * 1024;

    private final String tenant = "tenant-" + UUID.randomUUID();
    private ConfigurableApplicationContext gateway;
    private TestPublisher publisher;
    private int port;

    private void start(String stallTimeout) {
        gateway = run(stallTimeout);
        port = Integer.parseInt(gateway.getEnvironment().getRequiredProperty("local.server.port"));
        publisher = new TestPublisher(gateway.getBean(RecordPublishers.class), tenant);
        await().atMost(PATIENCE)
                .until(() ->
                        gateway.getBean(EventTailListener.class).positions().isPresent());
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void tellsASlowReaderOfAGapAndHoldsNoMoreThanItMay() throws Exception {
        start("60s");
        ConcurrentSkipListSet<Double> held = new ConcurrentSkipListSet<>();
        List<Event> heard = new ArrayList<>();
        try (SseClient slow = open(tenant)) {
            String filling = "x".repeat(EVENT_BYTES);
            for (int i = 0; i < EVENTS; i += 20) {
                CompletableFuture<?>[] sent = IntStream.range(0, 20)
                        .mapToObj(n -> publisher.send("large", "c-1", filling))
                        .toArray(CompletableFuture[]::new);
                CompletableFuture.allOf(sent).join();
                held.add(gauge("sluice.stream.buffered"));
            }
            publisher.publish("last", "c-1");
            assertThat(held.last()).isPositive().isLessThan(2.0 * MAX_BYTES);
            while (heard.isEmpty() || !"last".equals(heard.getLast().type())) {
                heard.addAll(slow.take(1));
                if ("gap".equals(heard.getLast().type())) {
                    break;
                }
            }
        }
        Event gap = heard.removeLast();
        assertThat(gap.type()).isEqualTo("gap");
        assertThat(gap.data()).contains("\"reason\":\"slow_reader\"").doesNotContain("specversion");
        List<String> ids =
                new ArrayList<>(heard.stream().map(StreamBoundsIT::idOf).toList());
        try (SseClient again = SseClient.open(port, "?lastEventId=" + fromOf(gap), "Tenant", tenant)) {
            again.take(EVENTS + 1 - ids.size()).forEach(event -> ids.add(idOf(event)));
        }
        assertThat(ids)
                .containsExactlyElementsOf(IntStream.rangeClosed(0, EVENTS)
                        .mapToObj(Integer::toString)
                        .toList());
        await().atMost(PATIENCE).until(() -> gauge("sluice.stream.open") == 0);
        assertThat(gauge("sluice.stream.buffered")).isZero();
    }

    @Test
    void closesAClientThatReadsNothingAtAll() throws Exception {
        start("1s");
        try (SseClient dead = open(tenant)) {
            String filling = "x".repeat(EVENT_BYTES);
            for (int i = 0; i < EVENTS; i++) {
                publisher.send("large", "c-1", filling).join();
            }
            await().atMost(PATIENCE).until(() -> gauge("sluice.stream.open") == 0);
            assertThat(dead.status()).isEqualTo(200);
        }
        assertThat(closed("slow_reader")).isEqualTo(1);
        assertThat(gauge("sluice.stream.buffered")).isZero();
    }

    @Test
    void refusesMoreStreamsOfAKeyAndOfAllThanItMayHave() throws Exception {
        start("60s");
        try (SseClient one = open(tenant);
                SseClient two = open(tenant);
                SseClient tooMany = open(tenant);
                SseClient other = open("other");
                SseClient full = open("third")) {
            assertThat(List.of(one.status(), two.status(), other.status())).containsOnly(200);
            assertThat(tooMany.status()).isEqualTo(429);
            assertThat(tooMany.header("Retry-After")).isEqualTo("5");
            assertThat(tooMany.body()).contains("\"code\":\"too_many_streams\"");
            assertThat(full.status()).isEqualTo(503);
            assertThat(full.header("Retry-After")).isEqualTo("5");
            two.leave();
            await().atMost(PATIENCE).until(() -> gauge("sluice.stream.open") == 2);
            try (SseClient again = open(tenant)) {
                assertThat(again.status()).isEqualTo(200);
            }
        }
    }

    @Test
    void tellsItsClientsWhenItShutsDownAndEndsWithoutWaitingForThem() throws Exception {
        start("60s");
        try (SseClient client = open(tenant)) {
            Thread stopping = Thread.ofVirtual().start(gateway::close);
            Event last = client.take(1).getFirst();
            assertThat(last.type()).isEqualTo("closed");
            assertThat(last.data()).contains("\"reason\":\"shutdown\"");
            assertThat(client.next()).isNull();
            assertThat(stopping.join(Duration.ofSeconds(30))).isTrue();
        }
    }

    private double gauge(String name) {
        return gateway.getBean(MeterRegistry.class).get(name).gauge().value();
    }

    private double closed(String reason) {
        return gateway.getBean(MeterRegistry.class)
                .get("sluice.stream.closed")
                .tag("reason", reason)
                .counter()
                .count();
    }

    private static String idOf(Event event) {
        return event.data().replaceAll(".*?\"id\":\"([^\"]*)\".*", "$1");
    }

    private static String fromOf(Event gap) {
        return gap.data().replaceAll(".*\"from\":\"([^\"]*)\".*", "$1");
    }

    private SseClient open(String owner) throws Exception {
        return SseClient.open(port, "", "Tenant", owner);
    }

    private static ConfigurableApplicationContext run(String stallTimeout) {
        return SpringApplication.run(
                StreamSlice.class,
                "--server.port=0",
                "--management.server.port=0",
                "--management.endpoint.health.validate-group-membership=false",
                "--spring.kafka.bootstrap-servers=" + LocalKafka.shared().bootstrapServers(),
                "--sluice.internal.secret=0123456789abcdef0123456789abcdef",
                "--sluice.kafka.max-partitions=3",
                "--sluice.gateway.stream.heartbeat=200ms",
                "--sluice.gateway.stream.stall-timeout=" + stallTimeout,
                "--sluice.gateway.stream.max-streams=3",
                "--sluice.gateway.stream.max-streams-per-key=2",
                "--sluice.gateway.stream.buffer-size=" + MAX_BYTES + "B");
    }
}
