package dev.sluice.metrics.freshness;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Asks Kafka every second where the input ends and what has been committed. It asks the broker rather than the consumer,
 * so that the answer is the same on every instance and also true while nothing is consumed.
 */
public final class FreshnessMonitor implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(FreshnessMonitor.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final Supplier<Admin> adminFactory;
    private final String topic;
    private final String group;
    private final InstantSource clock;
    private final ConsumptionHorizon horizon = new ConsumptionHorizon();
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("freshness-monitor").daemon().factory());
    private @Nullable Admin admin;
    private volatile @Nullable Freshness latest;
    private volatile boolean started;

    public FreshnessMonitor(Supplier<Admin> adminFactory, String topic, String group, InstantSource clock) {
        this.adminFactory = adminFactory;
        this.topic = topic;
        this.group = group;
        this.clock = clock;
    }

    /** The newest finding; empty until Kafka has answered once. */
    public Optional<Freshness> latest() {
        return Optional.ofNullable(latest);
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
            Map<Integer, Long> ends = fetchEnds(client);
            latest = horizon.observe(at, ends, fetchPositions(client));
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            log.debug("Kafka did not say how far the input has been counted", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Map<Integer, Long> fetchEnds(Admin client)
            throws ExecutionException, InterruptedException, TimeoutException {
        Map<TopicPartition, OffsetSpec> query = new HashMap<>();
        client.describeTopics(List.of(topic))
                .allTopicNames()
                .get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .values()
                .forEach(description -> description
                        .partitions()
                        .forEach(partition ->
                                query.put(new TopicPartition(topic, partition.partition()), OffsetSpec.latest())));
        Map<Integer, Long> ends = new HashMap<>();
        client.listOffsets(query)
                .all()
                .get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .forEach((partition, end) -> ends.put(partition.partition(), end.offset()));
        return ends;
    }

    private Map<Integer, Long> fetchPositions(Admin client)
            throws ExecutionException, InterruptedException, TimeoutException {
        Map<Integer, Long> positions = new HashMap<>();
        client.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .forEach((partition, position) -> {
                    if (partition.topic().equals(topic) && position != null) {
                        positions.put(partition.partition(), position.offset());
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
