package dev.sluice.metrics.partition;

import dev.sluice.metrics.streams.StaleReads;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What one request allows: that it is answered from copies when an instance cannot be asked for its windows. Says afterwards whether it was. Travels in the
 * context of the request. Thread-safe.
 */
final class Copies {

    /** On a question to another instance: a copy will do. */
    static final String ALLOWED_HEADER = "Sluice-Copies";

    /** On an answer: it lacks so many records at most. */
    static final String STALE_HEADER = "Sluice-Stale";

    private static final String RECORDS = "records=";
    private static final long NOT_STALE = -1;

    private final long mostRecords;
    private final boolean asked;
    private final AtomicLong lag = new AtomicLong(NOT_STALE);

    /**
     * For a request.
     *
     * @param mostRecords that a copy may be behind
     * @param asked whether another instance asks, and wants a copy now
     */
    Copies(long mostRecords, boolean asked) {
        this.mostRecords = mostRecords;
        this.asked = asked;
    }

    boolean isAsked() {
        return asked;
    }

    /** Reads from what this instance has, be it a copy. */
    <T> T read(Callable<T> read) throws Exception {
        StaleReads reads = new StaleReads(mostRecords);
        T found = reads.call(read);
        add(reads.lagRecords());
        return found;
    }

    void add(long lagRecords) {
        lag.accumulateAndGet(lagRecords, (sum, more) -> Math.max(sum, 0) + more);
    }

    /** Records that are missing at most; empty when no copy was read. */
    OptionalLong lagRecords() {
        long found = lag.get();
        return found == NOT_STALE ? OptionalLong.empty() : OptionalLong.of(found);
    }

    static String words(long lagRecords) {
        return RECORDS + lagRecords;
    }

    /** What another instance said; nothing is missing when it did not say. */
    static long parse(String header) {
        try {
            return header.startsWith(RECORDS) ? Math.max(0, Long.parseLong(header.substring(RECORDS.length()))) : 0;
        } catch (NumberFormatException _) {
            return 0;
        }
    }
}
