package dev.sluice.metrics.freshness;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Asks Kafka every second where each input ends and what has been committed. It asks the broker rather than the consumer,
 * so that the answer is the same on every instance and also true while nothing is consumed.
 */
public final class FreshnessMonitor implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(FreshnessMonitor.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final Supplier<Admin> adminFactory;
    private final List<String> topics;
    private final String group;
    private final InstantSource clock;
    private final Map<String, ConsumptionHorizon> horizons;
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("freshness-monitor").daemon().factory());
    private @Nullable Admin admin;
    private final Map<String, Freshness> latest = new ConcurrentHashMap<>();
    private volatile boolean started;

    public FreshnessMonitor(Supplier<Admin> adminFactory, List<String> topics, String group, InstantSource clock) {
        this.adminFactory = adminFactory;
        this.topics = List.copyOf(topics);
        this.horizons =
                topics.stream().collect(Collectors.toMap(Function.identity(), topic -> new ConsumptionHorizon()));
        this.group = group;
        this.clock = clock;
    }

    /** The newest finding about a topic; empty until Kafka has answered once. */
    public Optional<Freshness> latest(String topic) {
        return Optional.ofNullable(latest.get(topic));
    }

    @Override
    public void start() {
        started = true;
        var _ = executor.scheduleWithFixedDelay(this::observe, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void stop() {
        started = false;
        executor.execute(this::closeAdmin);
        executor.shutdown();
    }

    @Override
    public boolean isRunning() {
        return started;
    }

    private void observe() {
        try {
            Admin client = admin == null ? adminFactory.get() : admin;
            admin = client;
            Instant at = clock.instant();
            Map<String, Map<Integer, Long>> ends = fetchEnds(client);
            Map<String, Map<Integer, Long>> positions = fetchPositions(client);
            horizons.forEach((topic, horizon) -> latest.put(
                    topic,
                    horizon.observe(at, ends.getOrDefault(topic, Map.of()), positions.getOrDefault(topic, Map.of()))));
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            log.debug("Kafka did not say how far the input has been counted", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** By topic and partition. */
    private Map<String, Map<Integer, Long>> fetchEnds(Admin client)
            throws ExecutionException, InterruptedException, TimeoutException {
        Map<TopicPartition, OffsetSpec> query = new HashMap<>();
        client.describeTopics(topics)
                .allTopicNames()
                .get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .values()
                .forEach(description -> description
                        .partitions()
                        .forEach(partition -> query.put(
                                new TopicPartition(description.name(), partition.partition()), OffsetSpec.latest())));
        Map<String, Map<Integer, Long>> ends = new HashMap<>();
        client.listOffsets(query)
                .all()
                .get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .forEach((partition, end) -> ends.computeIfAbsent(partition.topic(), topic -> new HashMap<>())
                        .put(partition.partition(), end.offset()));
        return ends;
    }

    /** By topic and partition. */
    private Map<String, Map<Integer, Long>> fetchPositions(Admin client)
            throws ExecutionException, InterruptedException, TimeoutException {
        Map<String, Map<Integer, Long>> positions = new HashMap<>();
        client.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .forEach((partition, position) -> {
                    if (position != null) {
                        positions
                                .computeIfAbsent(partition.topic(), topic -> new HashMap<>())
                                .put(partition.partition(), position.offset());
                    }
                });
        return positions;
    }

    private void closeAdmin() {
        if (admin != null) {
            admin.close(TIMEOUT);
        }
    }
}
