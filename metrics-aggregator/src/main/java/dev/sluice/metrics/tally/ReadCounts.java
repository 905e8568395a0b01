package dev.sluice.metrics.tally;

/** How many reads a tally had counted at some moment, by outcome and by why they missed, and their bytes. Immutable. */
public final class ReadCounts {
    private static final ReadOutcome[] OUTCOMES = ReadOutcome.values();

    private final long[] outcomes;
    private final long[] causes;
    private final long bytes;

    /** The arrays are this one's from here on. */
    ReadCounts(long[] outcomes, long[] causes, long bytes) {
        this.outcomes = outcomes;
        this.causes = causes;
        this.bytes = bytes;
    }

    /** What the same tally has counted since. */
    public ReadCounts since(ReadCounts before) {
        return new ReadCounts(
                difference(outcomes, before.outcomes), difference(causes, before.causes), bytes - before.bytes);
    }

    public long count(ReadOutcome outcome) {
        return outcomes[outcome.code()];
    }

    public long count(MissCause cause) {
        return causes[cause.code()];
    }

    public long hits() {
        long hits = 0;
        for (ReadOutcome outcome : OUTCOMES) {
            hits += outcome.verdict() == ReadOutcome.Verdict.HIT ? count(outcome) : 0;
        }
        return hits;
    }

    public long bytes() {
        return bytes;
    }

    private static long[] difference(long[] now, long[] before) {
        long[] difference = new long[now.length];
        for (int i = 0; i < now.length; i++) {
            difference[i] = now[i] - before[i];
        }
        return difference;
    }
}
