package dev.sluice.gateway.ratelimit;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.gateway.ratelimit.CalendarWindow.Period;
import dev.sluice.gateway.ratelimit.Limit.Mode;
import dev.sluice.gateway.ratelimit.TestGateway.Waits;
import dev.sluice.platform.kafka.KafkaClients;
import dev.sluice.platform.kafka.LogFollowers;
import dev.sluice.platform.kafka.PlatformKafkaAutoConfiguration;
import dev.sluice.platform.kafka.RecordPublisher;
import dev.sluice.platform.kafka.RecordPublishers;
import dev.sluice.platform.kafka.RecordSerde;
import dev.sluice.platform.kafka.TopicProvisioner;
import dev.sluice.platform.test.IsolatedRedis;
import dev.sluice.platform.test.LocalKafka;
import dev.sluice.platform.test.LocalRedis;
import dev.sluice.record.ChargedLimit;
import dev.sluice.record.LimitWindow;
import dev.sluice.record.RequestBatch;
import dev.sluice.record.Usage;
import dev.sluice.schemas.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** All gateways and Redis go away together: what was spent of a quota stays spent, because the log has counted it. */
class LostQuotaIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final InstantSource CLOCK = InstantSource.system();

    private static ConfigurableApplicationContext kafka;

    private final IsolatedRedis redis = LocalRedis.newIsolated();
    private final String tenant = "tenant-" + UUID.randomUUID();

    @BeforeAll
    static void connect() throws Exception {
        kafka = new SpringApplicationBuilder(PlatformKafkaAutoConfiguration.class, Meters.class)
                .bannerMode(Banner.Mode.OFF)
                .logStartupInfo(false)
                .run(
                        "--spring.main.web-application-type=none",
                        "--spring.kafka.bootstrap-servers="
                                + LocalKafka.shared().bootstrapServers());
        kafka.getBean(TopicProvisioner.class).ready().get(60, SECONDS);
    }

    @AfterAll
    static void disconnect() {
        kafka.close();
    }

    @AfterEach
    void stop() {
        redis.close();
    }

    /** All that a gateway has of limits, from its start to its end. */
    private final class Gateway implements AutoCloseable {

        private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
        private final RedisClients clients = new RedisClients(redis.host(), redis.port());
        private final LogFollowers followers = kafka.getBean(LogFollowers.class);
        private final LimitFloors floors = new LimitFloors(1_000, CLOCK, meters);
        private final UsageListener usage = new UsageListener(followers, floors, CLOCK, meters);
        private final TestGateway limits;

        Gateway() {
            ChargePublisher charges = new ChargePublisher(kafka.getBean(RecordPublishers.class), tenant, CLOCK);
            limits = TestGateway.of(
                    clients.limits(floors),
                    () -> 1,
                    Waits.of(Duration.ofSeconds(2)),
                    LeaseDesk.monotonicMicros(),
                    LeaseDesk.monotonicMicros(),
                    CLOCK,
                    floors,
                    charges,
                    meters);
            clients.onLoss(limits.watch()::connectionBroke);
            limits.watch().start(Duration.ofMillis(50));
        }

        long admitted(Limit limit, int requests) {
            return IntStream.range(0, requests)
                    .filter(i -> limits.limiter()
                            .decide(tenant, List.of(limit), 1)
                            .blockOptional(PATIENCE)
                            .orElseThrow()
                            .verdict()
                            .admits())
                    .count();
        }

        void awaitLog() {
            await().atMost(PATIENCE).until(usage::isReadThrough);
        }

        @Override
        public void close() {
            limits.watch().close();
            clients.close();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 3_000})
    void admitsWhatWasLeftAndNoMoreAfterAllGatewaysAndRedisWereLost(int quota) throws Exception {
        Limit limit = month(quota);
        int spent = quota * 7 / 10;
        try (Gateway first = new Gateway()) {
            assertThat(first.admitted(limit, spent)).isEqualTo(spent);
        }
        await().atMost(PATIENCE).until(() -> chargedOnLog() == spent);
        // As the aggregator does, in parts.
        say(limit, startOfMonth(), 0, spent / 2);
        say(limit, startOfMonth(), 1, spent - spent / 2);
        redis.kill();
        redis.start();
        try (Gateway second = new Gateway()) {
            second.awaitLog();
            assertThat(second.admitted(limit, 2 * quota)).isEqualTo(quota - spent);
        }
    }

    /** Nobody waits for the log; what it says too late to refuse a request counts from then on. */
    @Test
    void makesUpForWhatWasAdmittedBeforeTheLogWasRead() throws Exception {
        Limit limit = month(10);
        try (Gateway gateway = new Gateway()) {
            gateway.awaitLog();
            assertThat(gateway.admitted(limit, 2)).isEqualTo(2);
            // Seven before the loss, and one of the two since.
            say(limit, startOfMonth(), 0, 8);
            await().atMost(PATIENCE).until(() -> gateway.floors.used(tenant, limit) == 8);
            assertThat(gateway.admitted(limit, 10)).isEqualTo(2);
            say(limit, startOfMonth(), 0, 11);
            await().atMost(PATIENCE).until(() -> gateway.floors.used(tenant, limit) == 11);
            assertThat(gateway.admitted(limit, 10)).isZero();
        }
    }

    @Test
    void carriesNothingOverFromAWindowThatEnded() throws Exception {
        Limit day = Limits.daily(10);
        say(day, Instant.now().minus(1, ChronoUnit.DAYS).truncatedTo(ChronoUnit.DAYS), 0, 10);
        try (Gateway gateway = new Gateway()) {
            gateway.awaitLog();
            assertThat(gateway.admitted(day, 20)).isEqualTo(10);
        }
    }

    @Test
    void goesOnThoughTheLogHasGarbage() throws Exception {
        Limit limit = month(10);
        garbage("not Avro".getBytes(StandardCharsets.UTF_8));
        garbage(new byte[] {0, 0, 0, 0, 34, 1, 2, 3});
        garbage(new byte[0]);
        garbage(null);
        say(limit, Instant.parse("+200000-01-01T00:00:00Z"), 0, 10);
        say(limit, startOfMonth(), -1, -5);
        say(limit, startOfMonth(), Integer.MIN_VALUE, 4);
        try (Gateway gateway = new Gateway()) {
            gateway.awaitLog();
            assertThat(gateway.admitted(limit, 20)).isEqualTo(6);
            garbage("still not Avro".getBytes(StandardCharsets.UTF_8));
            say(limit, startOfMonth(), 0, 3);
            await().atMost(PATIENCE).until(() -> gateway.floors.used(tenant, limit) == 7);
        }
    }

    /** While Redis is away, too: a gateway that has heard nothing of a window starts from what the log says. */
    @Test
    void startsFromTheLogWhereRedisIsAway() throws Exception {
        Limit limit = month(10);
        say(limit, startOfMonth(), 0, 7);
        redis.kill();
        try (Gateway gateway = new Gateway()) {
            gateway.awaitLog();
            assertThat(gateway.admitted(limit, 20)).isEqualTo(3);
        }
    }

    private static Limit month(long quota) {
        return Limits.of("month", new CalendarWindow(Period.MONTH, quota), Mode.ENFORCE);
    }

    private static Instant startOfMonth() {
        return LocalDate.now(ZoneOffset.UTC)
                .withDayOfMonth(1)
                .atStartOfDay(ZoneOffset.UTC)
                .toInstant();
    }

    private void say(Limit limit, Instant since, int part, long charged) throws Exception {
        RecordPublisher<Usage> topic = kafka.getBean(RecordPublishers.class).to(Topics.USAGE);
        Usage usage = Usage.newBuilder()
                .setTenant(tenant)
                .setKeyId("")
                .setGroup("")
                .setDay(LocalDate.EPOCH)
                .setRequests(0)
                .setLimited(0)
                .setCost(0)
                .setUpdatedAt(Instant.now())
                .setPart(part)
                .setLimit(limit.counter())
                .setWindow(LimitWindow.valueOf(limit.window()))
                .setSince(since)
                .setCharged(charged)
                .build();
        topic.publish(tenant + "|" + part, usage).get(60, SECONDS);
    }

    private void garbage(byte @Nullable [] value) throws Exception {
        try (Producer<String, byte[]> producer =
                kafka.getBean(KafkaClients.class).newProducer("garbage", new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(Topics.USAGE.name(), tenant, value))
                    .get(60, SECONDS);
        }
    }

    private long chargedOnLog() {
        long sum = 0;
        try (Consumer<String, RequestBatch> consumer = kafka.getBean(KafkaClients.class)
                .newConsumer("charges", null, RecordSerde.of(Topics.REQUESTS).deserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topics.REQUESTS.name()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (var record : consumer.poll(Duration.ofMillis(100))) {
                    if (record.value().getTenant().equals(tenant)) {
                        sum += record.value().getCharges().stream()
                                .mapToLong(ChargedLimit::getCost)
                                .sum();
                    }
                }
            }
        }
        return sum;
    }

    @Configuration(proxyBeanMethods = false)
    static class Meters {

        @Bean
        SimpleMeterRegistry meters() {
            return new SimpleMeterRegistry();
        }
    }
}
