package dev.sluice.webhook.retry;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Which delay a waiting delivery spends next, given delays that each have a topic.
 *
 * <p>A wait takes the longest delay that fits in it. When what is left after that delay is small, the delivery stays
 * until it is due; else it moves on to the next delay that fits. So all records of one topic wait about equally long
 * and their due times are almost in the order of the log, which is what lets a partition rest until its head is due.
 * Nothing is released before it is due, and a wait of any length ends exactly when it is due. Pure.
 */
public final class RetryTiers {

    /** A delivery stays for up to this part of the delay longer: room for the schedule's jitter. */
    private static final double SLACK = 0.2;

    private final List<Duration> delays;

    /** Tiers with these delays, shortest first. */
    public RetryTiers(List<Duration> delays) {
        if (delays.isEmpty() || !delays.equals(delays.stream().sorted().toList())) {
            throw new IllegalArgumentException("delays must be given shortest first: " + delays);
        }
        this.delays = List.copyOf(delays);
    }

    /** The index of the delay that a wait of this length starts with. */
    public int tierFor(Duration wait) {
        for (int tier = delays.size() - 1; tier > 0; tier--) {
            if (delays.get(tier).compareTo(wait) <= 0) {
                return tier;
            }
        }
        return 0;
    }

    /** When a delivery leaves a delay: when it is due, or earlier, to move on to the next. */
    public Instant releaseAt(int tier, Instant writtenAt, Instant dueAt) {
        Duration delay = delays.get(tier);
        Instant longestStay = writtenAt.plus(delay).plusMillis((long) (delay.toMillis() * SLACK));
        boolean staysUntilDue = !dueAt.isAfter(longestStay);
        return staysUntilDue ? dueAt : writtenAt.plus(delay);
    }
}
