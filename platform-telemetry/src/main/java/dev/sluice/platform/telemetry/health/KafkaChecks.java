package dev.sluice.platform.telemetry.health;

import dev.sluice.platform.kafka.KafkaClients;
import dev.sluice.platform.kafka.LazyAdmin;
import dev.sluice.platform.telemetry.health.HealthCheck.Finding;
import dev.sluice.platform.telemetry.health.HealthCheck.Weight;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;

/** Asks Kafka over a connection of its own, which is made when it is first needed. Thread-safe. */
public final class KafkaChecks implements AutoCloseable {

    /** Within what a check may take, so that it says itself what was wrong. */
    private static final long ANSWER_MILLIS = 1_800;

    private static final Finding SILENT = Finding.failing("Kafka has not answered within " + ANSWER_MILLIS + " ms");

    private final LazyAdmin admin;
    private final HealthCheckProperties properties;
    private final InstantSource clock;

    KafkaChecks(KafkaClients clients, HealthCheckProperties properties, InstantSource clock) {
        this.admin = new LazyAdmin(clients);
        this.properties = properties;
        this.clock = clock;
    }

    /** Whether Kafka says of which brokers it consists. */
    HealthCheck cluster() {
        return HealthCheck.of(
                "kafka",
                Weight.CRITICAL,
                () -> answered(() -> {
                    int brokers = answer(admin.get().describeCluster().nodes()).size();
                    return brokers == 0
                            ? Finding.failing("Kafka answers, and has no broker")
                            : Finding.well(
                                    "Kafka answers; it has " + brokers + (brokers == 1 ? " broker" : " brokers"));
                }));
    }

    /**
     * Whether a group keeps up with its topics: it is not too far behind, and goes on where there is something before it. Not for groups
     * that wait on purpose.
     */
    public HealthCheck lag(String group, Collection<String> topics) {
        List<String> read = List.copyOf(topics);
        GroupProgress progress = new GroupProgress(properties.lagRecords(), properties.lagStandstill());
        return HealthCheck.of(
                "lag",
                Weight.SUPPORTING,
                () -> answered(() -> {
                    List<TopicPartition> partitions = partitionsOf(read);
                    Map<TopicPartition, Long> begins = offsets(partitions, OffsetSpec.earliest());
                    Map<TopicPartition, OffsetAndMetadata> committed =
                            answer(admin.get().listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
                    Map<TopicPartition, Long> positions = new HashMap<>(begins);
                    committed.forEach((partition, position) -> {
                        if (position != null) {
                            positions.computeIfPresent(partition, (same, begin) -> Math.max(begin, position.offset()));
                        }
                    });
                    return progress.observe(positions, offsets(partitions, OffsetSpec.latest()), clock.instant());
                }));
    }

    private List<TopicPartition> partitionsOf(List<String> topics)
            throws ExecutionException, InterruptedException, TimeoutException {
        return answer(admin.get().describeTopics(topics).allTopicNames()).values().stream()
                .flatMap(topic -> topic.partitions().stream()
                        .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                .toList();
    }

    private Map<TopicPartition, Long> offsets(List<TopicPartition> partitions, OffsetSpec where)
            throws ExecutionException, InterruptedException, TimeoutException {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        answer(admin.get()
                        .listOffsets(
                                partitions.stream().collect(Collectors.toMap(partition -> partition, any -> where)),
                                new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                        .all())
                .forEach((partition, found) -> offsets.put(partition, found.offset()));
        return offsets;
    }

    private static <T> T answer(KafkaFuture<T> question)
            throws ExecutionException, InterruptedException, TimeoutException {
        return question.get(ANSWER_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** An answer that does not come is no break of the check; nothing of it is worth a line in the log. */
    private static Finding answered(HealthCheck.Probe probe) throws Exception {
        try {
            return probe.check();
        } catch (ExecutionException e) {
            return unanswered(e.getCause());
        } catch (TimeoutException | KafkaException _) {
            // Also where the name of its brokers is unknown.
            return SILENT;
        }
    }

    /** A refusal is told by its kind alone, since messages of Kafka may name addresses. */
    static Finding unanswered(@Nullable Throwable cause) {
        return cause == null || cause instanceof RetriableException
                ? SILENT
                : Finding.failing(
                        "Kafka answers, and refuses: " + cause.getClass().getSimpleName());
    }

    @Override
    public void close() {
        admin.close();
    }
}
