package dev.sluice.platform.telemetry.health;

import dev.sluice.platform.telemetry.health.HealthCheck.Finding;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * Tells a group that is behind from one that is stuck: by how many records it is behind in all, and since when it has stood still in a partition with
 * something before it. Not thread-safe; asked by one check.
 */
final class GroupProgress {

    private final long mostRecords;
    private final Duration longestStandstill;
    private final Map<TopicPartition, Stand> stands = new HashMap<>();

    private record Stand(long position, Instant since) {}

    GroupProgress(long mostRecords, Duration longestStandstill) {
        this.mostRecords = mostRecords;
        this.longestStandstill = longestStandstill;
    }

    /**
     * Takes where the group is and where the log ends.
     *
     * @param positions next record to be done by partition; asked for before the ends
     */
    Finding observe(Map<TopicPartition, Long> positions, Map<TopicPartition, Long> ends, Instant now) {
        stands.keySet().retainAll(ends.keySet());
        long lag = 0;
        Duration longest = Duration.ZERO;
        for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
            long position = positions.getOrDefault(end.getKey(), 0L);
            long behind = Math.max(0, end.getValue() - position);
            lag += behind;
            Duration standstill = standstill(end.getKey(), position, behind, now);
            longest = standstill.compareTo(longest) > 0 ? standstill : longest;
        }
        String detail = "%d records are waiting; it should be at most %d".formatted(lag, mostRecords);
        if (longest.compareTo(longestStandstill) > 0) {
            return Finding.failing("%s. It has stood still for %d s; it should be at most %d s"
                    .formatted(detail, longest.toSeconds(), longestStandstill.toSeconds()));
        }
        return new Finding(lag <= mostRecords, detail);
    }

    /** For how long it has not moved though there was something to do. */
    private Duration standstill(TopicPartition partition, long position, long behind, Instant now) {
        Stand before = stands.get(partition);
        if (behind == 0 || before == null || before.position != position) {
            stands.put(partition, new Stand(behind == 0 ? -1 : position, now));
            return Duration.ZERO;
        }
        return Duration.between(before.since, now);
    }
}
