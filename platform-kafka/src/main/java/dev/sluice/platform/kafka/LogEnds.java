package dev.sluice.platform.kafka;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/**
 * Where logs end and which they are, asked for over a connection of its own. A broker answers the requests of a connection one after another,
 * so a consumer that asks itself waits for its own fetch, which waits for records for half a second. Thread-safe.
 */
final class LogEnds implements AutoCloseable {

    private static final int ANSWER_MILLIS = 2_000;

    private final LazyAdmin admin;
    private final EndsWatch watch;

    LogEnds(KafkaClients clients) {
        this(new LazyAdmin(clients));
    }

    LogEnds(LazyAdmin admin) {
        this.admin = admin;
        this.watch = new EndsWatch(this);
    }

    /** Tells where logs end again and again. */
    EndsWatch watch() {
        return watch;
    }

    /** The offset behind the last committed record of each partition; never blocks for the answer. */
    CompletableFuture<Map<TopicPartition, Long>> fetch(Collection<TopicPartition> partitions) {
        return joined(fetchEach(partitions));
    }

    /** The same of each by itself: one that is not there fails alone. */
    Map<TopicPartition, CompletableFuture<Long>> fetchEach(Collection<TopicPartition> partitions) {
        try {
            ListOffsetsResult result = admin.get()
                    .listOffsets(
                            partitions.stream()
                                    .collect(Collectors.toMap(partition -> partition, any -> OffsetSpec.latest())),
                            new ListOffsetsOptions(IsolationLevel.READ_COMMITTED).timeoutMs(ANSWER_MILLIS));
            return each(
                    partitions,
                    partition -> result.partitionResult(partition)
                            .thenApply(ListOffsetsResult.ListOffsetsResultInfo::offset)
                            .toCompletionStage()
                            .toCompletableFuture());
        } catch (RuntimeException e) {
            // Kafka's name may be unknown yet.
            return each(partitions, any -> CompletableFuture.failedFuture(e));
        }
    }

    /** What tells the topic from another one of the same name; never blocks for the answer. */
    CompletableFuture<String> fetchTopicId(String topic) {
        return Objects.requireNonNull(fetchTopicIds(List.of(topic)).get(topic));
    }

    /** The same of several, each by itself. */
    Map<String, CompletableFuture<String>> fetchTopicIds(Collection<String> topics) {
        if (topics.isEmpty()) {
            return Map.of();
        }
        try {
            Map<String, KafkaFuture<TopicDescription>> found = admin.get()
                    .describeTopics(topics, new DescribeTopicsOptions().timeoutMs(ANSWER_MILLIS))
                    .topicNameValues();
            return each(
                    topics,
                    topic -> Objects.requireNonNull(found.get(topic))
                            .thenApply(description -> description.topicId().toString())
                            .toCompletionStage()
                            .toCompletableFuture());
        } catch (RuntimeException e) {
            return each(topics, any -> CompletableFuture.failedFuture(e));
        }
    }

    private static <K, V> Map<K, CompletableFuture<V>> each(
            Collection<K> keys, Function<K, CompletableFuture<V>> answers) {
        return keys.stream().distinct().collect(Collectors.toMap(Function.identity(), answers));
    }

    /** Completes with all of them, and fails with any. */
    static <K, V> CompletableFuture<Map<K, V>> joined(Map<K, CompletableFuture<V>> each) {
        return CompletableFuture.allOf(each.values().toArray(CompletableFuture<?>[]::new))
                .thenApply(any -> each.entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, one -> one.getValue().join())));
    }

    @Override
    public void close() {
        watch.close();
        admin.close();
    }
}
