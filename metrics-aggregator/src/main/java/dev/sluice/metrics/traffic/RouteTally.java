package dev.sluice.metrics.traffic;

import dev.sluice.metrics.encoding.CompactReader;
import dev.sluice.metrics.encoding.CompactWriter;
import dev.sluice.metrics.encoding.MalformedBytesException;
import dev.sluice.metrics.fact.Counts;
import dev.sluice.metrics.ladder.Tally;
import dev.sluice.metrics.ladder.TallyKind;
import dev.sluice.metrics.percentile.LatencySketch;
import dev.sluice.record.RequestEntry;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The requests to one route in one window: exact counts, and the distribution of their latencies. Tallies merge in any order. Not
 * thread-safe; a tally has one owner.
 *
 * <p>Encoding, version 2: version, each {@link Count} in its order, milliseconds and status of the last error, sketch. Version 1 had no
 * {@link Count#MISSED}; what it tells of that is 0.
 */
public final class RouteTally implements Tally<RouteTally> {
    public static final TallyKind<RouteTally> KIND = new TallyKind<>(RouteTally::new, RouteTally::decode);

    private static final int VERSION = 2;
    private static final int WITHOUT_MISSED = 1;
    private static final long SLOW_NANOS = 2_000_000_000L;
    private static final long VERY_SLOW_NANOS = 5_000_000_000L;
    private static final Count[] COUNTS = Count.values();

    /** What is counted; the order is that of what stores hold, so it never changes. */
    public enum Count {
        REQUESTS,
        /** Answered 4xx. */
        CLIENT_ERRORS,
        /** Answered 5xx. */
        SERVER_ERRORS,
        /** Refused by a limit. */
        LIMITED,
        /** For which an upstream was asked. */
        FORWARDED,
        /** Answered by the response cache, without the upstream. */
        KEPT,
        /** That took two seconds or longer. */
        SLOW,
        /** That took five seconds or longer. */
        VERY_SLOW,
        REQUEST_BYTES,
        RESPONSE_BYTES,
        /** For which the response cache was looked into, and then an upstream asked. */
        MISSED
    }

    private final Counts<Count> counts = new Counts<>(COUNTS);
    private final LatencySketch latency;
    private long lastErrorMillis;
    private int lastErrorStatus;

    public RouteTally() {
        this(new LatencySketch());
    }

    private RouteTally(LatencySketch latency) {
        this.latency = latency;
    }

    /** Counts one request. Sizes below 0 count as 0. */
    void add(RequestEntry entry, long endedMillis) {
        int status = entry.getStatus();
        boolean isRefused = isRefused(entry);
        boolean isForwarded = entry.getUpstreamNanos() != null;
        count(Count.REQUESTS, 1);
        count(Count.CLIENT_ERRORS, status / 100 == 4 ? 1 : 0);
        count(Count.SERVER_ERRORS, status / 100 == 5 ? 1 : 0);
        count(Count.LIMITED, isRefused ? 1 : 0);
        count(Count.FORWARDED, isForwarded ? 1 : 0);
        count(Count.KEPT, entry.getCached() && !isForwarded ? 1 : 0);
        count(Count.MISSED, entry.getLooked() && isForwarded ? 1 : 0);
        count(Count.SLOW, entry.getLatencyNanos() >= SLOW_NANOS ? 1 : 0);
        count(Count.VERY_SLOW, entry.getLatencyNanos() >= VERY_SLOW_NANOS ? 1 : 0);
        count(Count.REQUEST_BYTES, Math.max(0, entry.getRequestBytes()));
        count(Count.RESPONSE_BYTES, Math.max(0, entry.getResponseBytes()));
        latency.add(entry.getLatencyNanos());
        if (status / 100 == 5) {
            lastError(endedMillis, status);
        }
    }

    private static boolean isRefused(RequestEntry entry) {
        return switch (entry.getVerdict()) {
            case LIMITED, REFUSED -> true;
            case ALLOWED, SHADOW_LIMITED, SOFT_LIMITED, NOT_LIMITED, UNKNOWN -> false;
        };
    }

    @Override
    public void merge(RouteTally other) {
        counts.merge(other.counts);
        latency.merge(other.latency);
        lastError(other.lastErrorMillis, other.lastErrorStatus);
    }

    public long count(Count count) {
        return counts.count(count);
    }

    /** Every count by its name in rollups. */
    Map<String, Long> counts() {
        return counts.byName();
    }

    /** The latencies; the tally stays their owner. */
    public LatencySketch latency() {
        return latency;
    }

    /** When the last request ended that was answered 5xx, in milliseconds since 1970; 0 when none was. */
    public long lastErrorMillis() {
        return lastErrorMillis;
    }

    /** The status of that one; 0 when there was none. */
    public int lastErrorStatus() {
        return lastErrorStatus;
    }

    /** Of two at the same time the higher status, so that the order does not matter. */
    private void lastError(long millis, int status) {
        if (millis > lastErrorMillis || (millis == lastErrorMillis && status > lastErrorStatus)) {
            lastErrorMillis = millis;
            lastErrorStatus = status;
        }
    }

    private void count(Count count, long more) {
        counts.add(count, more);
    }

    @Override
    public void encode(CompactWriter out) {
        out.writeByte(VERSION);
        counts.encode(out);
        out.writeCount(lastErrorMillis).writeCount(lastErrorStatus);
        latency.encode(out);
    }

    /** Reads an encoded tally; refuses anything else. */
    public static RouteTally decode(CompactReader in) {
        int version = in.readByte();
        if (version != VERSION && version != WITHOUT_MISSED) {
            throw new MalformedBytesException("has version " + version + ", not " + VERSION);
        }
        Counts<Count> counts = new Counts<>(COUNTS);
        counts.decode(in, version == WITHOUT_MISSED ? COUNTS.length - 1 : COUNTS.length);
        long lastErrorMillis = in.readCount();
        int lastErrorStatus = (int) in.readCount();
        RouteTally tally = new RouteTally(LatencySketch.decode(in));
        tally.counts.merge(counts);
        tally.lastErrorMillis = lastErrorMillis;
        tally.lastErrorStatus = lastErrorStatus;
        return tally;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RouteTally that
                && counts.equals(that.counts)
                && lastErrorMillis == that.lastErrorMillis
                && lastErrorStatus == that.lastErrorStatus
                && latency.equals(that.latency);
    }

    @Override
    public int hashCode() {
        return 31 * counts.hashCode() + Long.hashCode(lastErrorMillis);
    }

    @Override
    public String toString() {
        return "RouteTally[counts=" + counts + ", latency=" + latency + "]";
    }
}
