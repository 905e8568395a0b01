package dev.sluice.cache.event;

import dev.sluice.cache.engine.ReadOutcome;
import dev.sluice.record.CacheOutcome;
import dev.sluice.record.CacheRead;
import dev.sluice.record.MissClass;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Room for so many reads, in columns, that many threads fill and one empties: a read takes 32 bytes and no object of its own. A
 * place is claimed by an addition and confirmed by the column that is written last; who seals a chunk learns how many places were
 * claimed before, and waits for those that are still being written.
 */
final class ReadChunk {

    /** Takes nothing. */
    static final ReadChunk NONE = new ReadChunk(0, new WallClock(0, 0));

    private static final int CLOSED = 1 << 30;

    private static final int COLUMNS = 4;

    /** Sizes are below 2 to the power of this, as those of arrays; the outcome is above. */
    private static final int OUTCOME_SHIFT = 31;

    /** Why a read missed, one more than its place among the reasons; 0 where there is none to tell. */
    private static final int WHY_SHIFT = OUTCOME_SHIFT + 3;

    /** What the value cost at its origin, in microseconds; a minute fits. */
    private static final int LOAD_SHIFT = WHY_SHIFT + 3;

    private static final long LOAD_MASK = (1L << (Long.SIZE - 1 - LOAD_SHIFT)) - 1;

    /** Of a read whose other columns are written; the column is written last. */
    private static final long WRITTEN = Long.MIN_VALUE;

    private static final VarHandle CELLS = MethodHandles.arrayElementVarHandle(long[].class);

    private static final long SIZE_MASK = (1L << OUTCOME_SHIFT) - 1;

    private static final int KIND_MASK = 7;

    private static final CacheOutcome[] OUTCOMES = outcomes();

    private static final MissClass[] REASONS = MissClass.values();

    private final WallClock clock;
    private final int capacity;
    private final long[] cells;
    private final AtomicInteger claimed = new AtomicInteger();
    private volatile int sealed = -1;

    /** The clock tells what time the nanoseconds are that its reads come with. */
    ReadChunk(int capacity, WallClock clock) {
        this.clock = clock;
        this.capacity = capacity;
        this.cells = new long[capacity * COLUMNS];
    }

    /** What is told of most reads, in one number. */
    @SuppressWarnings("EnumOrdinal") // never leaves this process
    static long told(ReadOutcome outcome, long sizeBytes) {
        return (long) outcome.ordinal() << OUTCOME_SHIFT | Math.min(sizeBytes, SIZE_MASK);
    }

    /** The same, with why it missed and what its value cost at the origin; more than fits is as much as fits. */
    @SuppressWarnings("EnumOrdinal") // as above
    static long told(ReadOutcome outcome, long sizeBytes, MissClass why, long loadMicros) {
        return told(outcome, sizeBytes)
                | (why.ordinal() + 1L) << WHY_SHIFT
                | Math.clamp(loadMicros, 0, LOAD_MASK) << LOAD_SHIFT;
    }

    /** False when it is full or sealed. */
    boolean add(long endNanos, ReadOutcome outcome, long latencyNanos, long sizeBytes, long keyHash) {
        return add(endNanos, latencyNanos, keyHash, told(outcome, sizeBytes));
    }

    /** The same, of what {@link #told} says. */
    boolean add(long endNanos, long latencyNanos, long keyHash, long told) {
        int place = claim();
        if (place < 0 || place >= capacity) {
            return false;
        }
        write(place, endNanos, latencyNanos, keyHash, told);
        return true;
    }

    /** A place to be written by the one who asks; none when it is not below the capacity. */
    int claim() {
        return claimed.getAndIncrement();
    }

    void write(int place, long endNanos, long latencyNanos, long keyHash, long told) {
        int cell = place * COLUMNS;
        cells[cell] = endNanos;
        cells[cell + 1] = latencyNanos;
        cells[cell + 2] = keyHash;
        CELLS.setRelease(cells, cell + 3, WRITTEN | told);
    }

    /** Whether somebody has begun to seal it. */
    boolean isClosed() {
        return claimed.get() >= CLOSED;
    }

    /** Takes no more after this, and holds what it holds. Repeated calls do nothing; to be called by one thread. */
    void seal() {
        if (sealed >= 0) {
            return;
        }
        int reads = Math.min(claimed.getAndAdd(CLOSED), capacity);
        for (int cell = 3; cell < reads * COLUMNS; cell += COLUMNS) {
            while ((long) CELLS.getAcquire(cells, cell) == 0) {
                Thread.onSpinWait();
            }
        }
        sealed = reads;
    }

    int capacity() {
        return capacity;
    }

    /** Of one that is sealed, or full. */
    int size() {
        int reads = sealed;
        return reads >= 0 ? reads : capacity;
    }

    /** Adds what it holds, as the log has it but for the time, which is in microseconds since 1970. */
    void addTo(List<CacheRead> reads) {
        for (int cell = 0; cell < size() * COLUMNS; cell += COLUMNS) {
            CacheRead read = new CacheRead();
            read.setOffsetMicros(clock.microsAt(cells[cell]));
            read.setLatencyNanos(cells[cell + 1]);
            read.setKeyHash(cells[cell + 2]);
            long what = cells[cell + 3] & ~WRITTEN;
            read.setOutcome(OUTCOMES[(int) (what >>> OUTCOME_SHIFT) & KIND_MASK]);
            read.setSizeBytes(what & SIZE_MASK);
            int why = (int) (what >>> WHY_SHIFT) & KIND_MASK;
            read.setMissClass(why == 0 ? MissClass.UNKNOWN : REASONS[why - 1]);
            read.setLoadMicros(what >>> LOAD_SHIFT);
            reads.add(read);
        }
    }

    @SuppressWarnings("EnumOrdinal") // as above
    private static CacheOutcome[] outcomes() {
        ReadOutcome[] all = ReadOutcome.values();
        CacheOutcome[] outcomes = new CacheOutcome[all.length];
        for (ReadOutcome outcome : all) {
            outcomes[outcome.ordinal()] = switch (outcome) {
                case L1_HIT -> CacheOutcome.L1_HIT;
                case L2_HIT -> CacheOutcome.L2_HIT;
                case STALE -> CacheOutcome.STALE;
                case MISS -> CacheOutcome.MISS;
                case NEGATIVE -> CacheOutcome.NEGATIVE;
                case ERROR -> CacheOutcome.ERROR;
            };
        }
        return outcomes;
    }

    /**
     * What time it was at one moment of {@link System#nanoTime}, and so at those around it.
     *
     * @param micros since 1970
     */
    record WallClock(long micros, long nanos) {

        static WallClock of(InstantSource clock) {
            return new WallClock(ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant()), System.nanoTime());
        }

        long microsAt(long moment) {
            return micros + Math.floorDiv(moment - nanos, 1000);
        }
    }
}
