package dev.sluice.webhook.reading;

import java.time.Duration;
import java.util.List;

/**
 * How a reader reads.
 *
 * @param name names its thread, its client and its metrics
 * @param group the consumer group whose offsets it commits
 * @param limits most that is held of one partition
 * @param drain longest wait for started records when a partition or the whole reader is given up
 */
public record ReaderSettings(String name, String group, List<String> topics, BacklogLimits limits, Duration drain) {

    private static final Duration DEFAULT_DRAIN = Duration.ofSeconds(10);

    public ReaderSettings {
        if (topics.isEmpty()) {
            throw new IllegalArgumentException("topics must not be empty");
        }
        topics = List.copyOf(topics);
    }

    public static ReaderSettings of(String name, String group, List<String> topics) {
        return new ReaderSettings(name, group, topics, BacklogLimits.DEFAULT, DEFAULT_DRAIN);
    }
}
