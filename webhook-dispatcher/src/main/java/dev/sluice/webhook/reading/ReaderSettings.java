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
 * @param pace whether somebody waits for what is read
 */
public record ReaderSettings(
        String name, String group, List<String> topics, BacklogLimits limits, Duration drain, Pace pace) {

    /** How soon a record is read, and what was read is committed. */
    public enum Pace {
        /** At once: somebody waits for it. */
        PROMPT(Duration.ZERO, Duration.ofMillis(25)),
        /** Many at a time, which costs this process and the broker far less. */
        IN_BULK(Duration.ofMillis(250), Duration.ofMillis(250));

        private final Duration gathering;
        private final Duration betweenCommits;

        Pace(Duration gathering, Duration betweenCommits) {
            this.gathering = gathering;
            this.betweenCommits = betweenCommits;
        }

        /** How long the broker may wait for more. */
        Duration gathering() {
            return gathering;
        }

        /** What was done with since is done again after a kill. */
        Duration betweenCommits() {
            return betweenCommits;
        }
    }

    private static final Duration DEFAULT_DRAIN = Duration.ofSeconds(10);

    public ReaderSettings {
        if (topics.isEmpty()) {
            throw new IllegalArgumentException("topics must not be empty");
        }
        topics = List.copyOf(topics);
    }

    public static ReaderSettings of(String name, String group, List<String> topics) {
        return new ReaderSettings(name, group, topics, BacklogLimits.DEFAULT, DEFAULT_DRAIN, Pace.PROMPT);
    }

    /** The same of much that nobody waits for. */
    public ReaderSettings inBulk() {
        return new ReaderSettings(name, group, topics, limits, drain, Pace.IN_BULK);
    }
}
