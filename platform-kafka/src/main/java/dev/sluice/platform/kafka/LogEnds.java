package dev.sluice.platform.kafka;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/**
 * Where logs end and which they are, asked for over a connection of its own. A broker answers the requests of a connection one after another,
 * so a consumer that asks itself waits for its own fetch, which waits for records for half a second. Thread-safe.
 */
final class LogEnds implements AutoCloseable {

    private static final int ANSWER_MILLIS = 2_000;

    private final LazyAdmin admin;

    LogEnds(KafkaClients clients) {
        this.admin = new LazyAdmin(clients);
    }

    /** The offset behind the last committed record of each partition; never blocks for the answer. */
    CompletableFuture<Map<TopicPartition, Long>> fetch(Collection<TopicPartition> partitions) {
        try {
            ListOffsetsResult result = admin.get()
                    .listOffsets(
                            partitions.stream()
                                    .collect(Collectors.toMap(partition -> partition, any -> OffsetSpec.latest())),
                            new ListOffsetsOptions(IsolationLevel.READ_COMMITTED).timeoutMs(ANSWER_MILLIS));
            return result.all().thenApply(LogEnds::offsets).toCompletionStage().toCompletableFuture();
        } catch (RuntimeException e) {
            // Kafka's name may be unknown yet.
            return CompletableFuture.failedFuture(e);
        }
    }

    /** What tells the topic from another one of the same name; never blocks for the answer. */
    CompletableFuture<String> fetchTopicId(String topic) {
        try {
            return admin.get()
                    .describeTopics(List.of(topic), new DescribeTopicsOptions().timeoutMs(ANSWER_MILLIS))
                    .allTopicNames()
                    .thenApply(found ->
                            Objects.requireNonNull(found.get(topic)).topicId().toString())
                    .toCompletionStage()
                    .toCompletableFuture();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static Map<TopicPartition, Long> offsets(
            Map<TopicPartition, ListOffsetsResult.ListOffsetsResultInfo> answer) {
        Map<TopicPartition, Long> ends = new HashMap<>();
        answer.forEach((partition, info) -> ends.put(partition, info.offset()));
        return ends;
    }

    @Override
    public void close() {
        admin.close();
    }
}
