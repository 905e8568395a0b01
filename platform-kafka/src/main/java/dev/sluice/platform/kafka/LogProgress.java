package dev.sluice.platform.kafka;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Which log it is, and how far its reader is. The reader's thread writes the positions; whoever is told where the log ends compares them. What is
 * told is kept before it is compared, and compared again after each reading, so one of the two notices that the end is reached.
 */
final class LogProgress {
    static final LogProgress UNKNOWN = new LogProgress("");

    private final String topicId;
    private final Map<TopicPartition, Long> next = new ConcurrentHashMap<>();
    private final Map<TopicPartition, Long> read = new ConcurrentHashMap<>();
    private volatile EndsWatch.@Nullable Answer told;
    private volatile boolean ended;

    LogProgress(String topicId) {
        this.topicId = topicId;
    }

    String topicId() {
        return topicId;
    }

    boolean isUnknown() {
        return topicId.isEmpty();
    }

    boolean isOf(LogProgress other) {
        return topicId.equals(other.topicId);
    }

    void begin(Map<TopicPartition, Long> positions) {
        next.putAll(positions);
        read.putAll(positions);
    }

    /** A record counts as read from before it is accepted, so that one which kills its reader is not read again. */
    void begin(TopicPartition partition, long offset) {
        next.put(partition, offset + 1);
    }

    /** All before that was accepted. */
    void pass(TopicPartition partition, long position) {
        next.put(partition, position);
        read.put(partition, position);
    }

    /** The offset that is read next. */
    long at(TopicPartition partition) {
        return next.getOrDefault(partition, 0L);
    }

    Map<TopicPartition, Long> positions() {
        return Map.copyOf(next);
    }

    LogPosition position() {
        return new LogPosition(
                topicId,
                next.entrySet().stream()
                        .collect(Collectors.toMap(entry -> entry.getKey().partition(), Map.Entry::getValue)));
    }

    boolean isBehind(LogProgress other) {
        return !isOf(other) || other.next.entrySet().stream().anyMatch(entry -> at(entry.getKey()) < entry.getValue());
    }

    /** Whether all before the ends was accepted. */
    boolean hasRead(Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> read.getOrDefault(end.getKey(), 0L) >= end.getValue());
    }

    /** Whether another log has its name by now. */
    boolean hasEnded() {
        return ended;
    }

    void tell(EndsWatch.Answer answer) {
        if (answer.topicId().filter(id -> !id.equals(topicId)).isPresent()) {
            ended = true;
            return;
        }
        told = answer;
    }

    /** When it was asked for the ends that were told last, if all before them was accepted. */
    @Nullable
    Long completeAt() {
        EndsWatch.Answer answer = told;
        return answer != null && hasRead(answer.ends()) ? Long.valueOf(answer.at()) : null;
    }
}
