package dev.sluice.metrics.webhook;

import dev.sluice.metrics.encoding.CompactReader;
import dev.sluice.metrics.encoding.CompactWriter;
import dev.sluice.metrics.fact.Counts;
import dev.sluice.metrics.ladder.Tally;
import dev.sluice.metrics.ladder.TallyKind;
import dev.sluice.metrics.percentile.LatencySketch;
import dev.sluice.record.AttemptOutcome;
import dev.sluice.record.DeliveryAttempt;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The attempts to deliver to one webhook in one window: exact counts, how long receivers took to answer, and how long deliveries took in all.
 * Tallies merge in any order. Not thread-safe; a tally has one owner.
 *
 * <p>Encoding, version 1: version, each {@link Count} in its order, milliseconds and status of the last failure, sketch of the attempts, sketch of
 * the deliveries.
 */
public final class WebhookTally implements Tally<WebhookTally> {
    public static final TallyKind<WebhookTally> KIND = new TallyKind<>(WebhookTally::new, WebhookTally::decode);

    private static final int VERSION = 1;
    private static final Count[] COUNTS = Count.values();

    /** What is counted; the order is that of what stores hold, so it never changes. */
    public enum Count {
        ATTEMPTS,
        /** Attempts that the receiver took. */
        DELIVERED,
        /** Attempts after which the delivery waits for another one. */
        RETRIED,
        /** Attempts after which the delivery was given up. */
        DEAD,
        /** Attempts that had no answer. */
        UNANSWERED,
        /** Attempts answered 4xx. */
        CLIENT_ERRORS,
        /** Attempts answered 5xx. */
        SERVER_ERRORS,
        /** Attempts that were the first of their delivery. */
        FIRST_ATTEMPTS,
        /** Those of them that the receiver took. */
        DELIVERED_AT_FIRST
    }

    private final Counts<Count> counts = new Counts<>(COUNTS);
    private final LatencySketch attempts;
    private final LatencySketch deliveries;
    private long lastFailureMillis;
    private int lastFailureStatus;

    public WebhookTally() {
        this(new LatencySketch(), new LatencySketch());
    }

    private WebhookTally(LatencySketch attempts, LatencySketch deliveries) {
        this.attempts = attempts;
        this.deliveries = deliveries;
    }

    /** Counts one attempt. Times and a status that cannot be count as the nearest that can, for whoever wrote them. */
    void add(DeliveryAttempt attempt) {
        boolean isDelivered = attempt.getOutcome() == AttemptOutcome.DELIVERED;
        boolean isFirst = attempt.getAttempt() <= 1;
        Integer status = attempt.getStatus();
        count(Count.ATTEMPTS, true);
        count(Count.DELIVERED, isDelivered);
        count(Count.RETRIED, attempt.getOutcome() == AttemptOutcome.RETRY);
        count(Count.DEAD, attempt.getOutcome() == AttemptOutcome.DEAD);
        count(Count.UNANSWERED, status == null);
        count(Count.CLIENT_ERRORS, status != null && status / 100 == 4);
        count(Count.SERVER_ERRORS, status != null && status / 100 == 5);
        count(Count.FIRST_ATTEMPTS, isFirst);
        count(Count.DELIVERED_AT_FIRST, isFirst && isDelivered);
        attempts.add(attempt.getDurationNanos());
        if (isDelivered) {
            addDelivery(attempt);
        } else {
            Instant ended = attempt.getAt().plusNanos(Math.max(0, attempt.getDurationNanos()));
            lastFailure(Math.max(0, ended.toEpochMilli()), status == null ? 0 : Math.max(0, status));
        }
    }

    private void addDelivery(DeliveryAttempt attempt) {
        Instant made = attempt.getCreatedAt();
        if (made != null) {
            long waited = nanos(Duration.between(made, attempt.getAt()));
            deliveries.add(waited + Math.clamp(attempt.getDurationNanos(), 0, LatencySketch.MAX_NANOS));
        }
    }

    /** As the sketch counts it: below 0 as 0, and the longest where a duration does not fit, which may be so either way. */
    private static long nanos(Duration duration) {
        if (duration.isNegative()) {
            return 0;
        }
        return duration.compareTo(Duration.ofDays(7)) > 0 ? LatencySketch.MAX_NANOS : duration.toNanos();
    }

    @Override
    public void merge(WebhookTally other) {
        counts.merge(other.counts);
        attempts.merge(other.attempts);
        deliveries.merge(other.deliveries);
        lastFailure(other.lastFailureMillis, other.lastFailureStatus);
    }

    public long count(Count count) {
        return counts.count(count);
    }

    /** Every count by its name in rollups. */
    Map<String, Long> counts() {
        return counts.byName();
    }

    /** How long the attempts took; the tally stays its owner. */
    public LatencySketch attempts() {
        return attempts;
    }

    /** From when deliveries were made until their receivers had them, of those that came in; the tally stays its owner. */
    public LatencySketch deliveries() {
        return deliveries;
    }

    /** When the last attempt ended that failed, in milliseconds since 1970; 0 when none did. */
    public long lastFailureMillis() {
        return lastFailureMillis;
    }

    /** The status of that one; 0 when there was no answer. */
    public int lastFailureStatus() {
        return lastFailureStatus;
    }

    /** Of two at the same time the higher status, so that the order does not matter. */
    private void lastFailure(long millis, int status) {
        if (millis > lastFailureMillis || (millis == lastFailureMillis && status > lastFailureStatus)) {
            lastFailureMillis = millis;
            lastFailureStatus = status;
        }
    }

    private void count(Count count, boolean isMet) {
        counts.add(count, isMet ? 1 : 0);
    }

    @Override
    public void encode(CompactWriter out) {
        out.writeByte(VERSION);
        counts.encode(out);
        out.writeCount(lastFailureMillis).writeCount(lastFailureStatus);
        attempts.encode(out);
        deliveries.encode(out);
    }

    /** Reads an encoded tally; refuses anything else. */
    public static WebhookTally decode(CompactReader in) {
        in.expectVersion(VERSION);
        Counts<Count> counts = new Counts<>(COUNTS);
        counts.decode(in);
        long lastFailureMillis = in.readCount();
        int lastFailureStatus = (int) in.readCount();
        WebhookTally tally = new WebhookTally(LatencySketch.decode(in), LatencySketch.decode(in));
        tally.counts.merge(counts);
        tally.lastFailureMillis = lastFailureMillis;
        tally.lastFailureStatus = lastFailureStatus;
        return tally;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof WebhookTally that
                && counts.equals(that.counts)
                && lastFailureMillis == that.lastFailureMillis
                && lastFailureStatus == that.lastFailureStatus
                && attempts.equals(that.attempts)
                && deliveries.equals(that.deliveries);
    }

    @Override
    public int hashCode() {
        return 31 * counts.hashCode() + Long.hashCode(lastFailureMillis);
    }

    @Override
    public String toString() {
        return "WebhookTally[counts=" + counts + ", attempts=" + attempts + ", deliveries=" + deliveries + "]";
    }
}
