package dev.sluice.platform.kafka;

import java.util.Map;

/**
 * How far a reader of a topic is.
 *
 * @param topicId what tells the topic from an earlier one of the same name
 * @param next of each partition, the offset that comes next
 */
public record LogPosition(String topicId, Map<Integer, Long> next) {
    public LogPosition {
        next = Map.copyOf(next);
    }
}
